import { SandboxMisuse } from '../misuse.js';

export interface LabelRecord {
  id: string;
  name: string;
  type: 'system' | 'user';
  messageListVisibility?: 'show' | 'hide';
  labelListVisibility?: 'labelShow' | 'labelHide';
}

const SYSTEM = ['CHAT', 'SENT', 'INBOX', 'IMPORTANT', 'TRASH', 'DRAFT', 'SPAM', 'STARRED', 'UNREAD'];
const CATEGORIES = ['FORUMS', 'UPDATES', 'PERSONAL', 'PROMOTIONS', 'SOCIAL'];

/** The labels of one mailbox. */
export class LabelStore {
  readonly #labels = new Map<string, LabelRecord>();
  #lastUserLabel = 0;

  constructor() {
    for (const id of SYSTEM) this.#labels.set(id, { id, name: id, type: 'system' });
    for (const category of CATEGORIES) {
      const id = `CATEGORY_${category}`;
      const hidden = { messageListVisibility: 'hide', labelListVisibility: 'labelHide' } as const;
      this.#labels.set(id, { id, name: id, ...hidden, type: 'system' });
    }
  }

  list(): LabelRecord[] {
    return [...this.#labels.values()];
  }

  find(id: string): LabelRecord | null {
    return this.#labels.get(id) ?? null;
  }

  create(name: string): string {
    this.#lastUserLabel += 1;
    const id = `Label_${this.#lastUserLabel}`;
    const shown = { messageListVisibility: 'show', labelListVisibility: 'labelShow' } as const;
    this.#labels.set(id, { id, name, ...shown, type: 'user' });
    return id;
  }

  rename(id: string, name: string): void {
    this.#labels.set(id, { ...this.#userLabel(id), name });
  }

  delete(id: string): void {
    this.#userLabel(id);
    this.#labels.delete(id);
  }

  #userLabel(id: string): LabelRecord {
    const label = this.#labels.get(id);
    if (label === undefined) throw new SandboxMisuse(`there is no label ${id}`);
    if (label.type === 'system') throw new SandboxMisuse(`${id} is a system label`);
    return label;
  }
}
