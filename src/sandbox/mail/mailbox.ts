import { SandboxMisuse } from '../misuse.js';
import { createPrng, type Prng } from '../prng.js';
import type { Mailbox, MailboxSettings, NewMessage } from '../types.js';
import { HistoryLog, type HistoryStub } from './history-log.js';
import { LabelStore } from './labels.js';
import { MessageStore, type StoredMessage } from './message-store.js';
import { sampleMail } from './sample-mail.js';
import { firstSettings } from './settings.js';

const HOUR_MS = 3_600_000;

export interface MailboxOptions {
  email: string;
  messages: number;
  seed: number;
  now: () => number;
  historyIdStart: string | null;
  historyRetentionMs: number | null;
}

/** One mailbox: every operation changes the messages and writes the history records that Gmail would write. */
export class SandboxMailbox implements Mailbox {
  readonly email: string;
  readonly settings: MailboxSettings;
  readonly messages = new MessageStore();
  readonly labels = new LabelStore();
  readonly history: HistoryLog;
  /** Draft id to message id, in order of creation. */
  readonly drafts = new Map<string, string>();
  readonly #prng: Prng;
  readonly #now: () => number;
  #sequence = 0;
  #emptyPages = 0;

  constructor(options: MailboxOptions) {
    this.email = options.email;
    this.settings = firstSettings(options.email);
    this.#now = options.now;
    const prng = createPrng(options.seed);
    this.#prng = prng;
    const gap = (): number => 1 + prng.below(97);
    const start =
      options.historyIdStart === null ? 100_000n + BigInt(prng.below(900_000)) : BigInt(options.historyIdStart);
    this.history = new HistoryLog(start, gap, options.now, options.historyRetentionMs);
    for (let age = options.messages; age > 0; age--) {
      const message = this.#create({ internalDate: options.now() - age * HOUR_MS });
      message.historyId = this.history.advance();
    }
    this.history.expire();
  }

  get historyId(): string {
    return this.history.current.toString();
  }

  receive(message: NewMessage = {}): string {
    const stored = this.#create(message);
    stored.historyId = this.history.append({ messagesAdded: [stubOf(stored)] }, message.visibleAfterMs);
    return stored.id;
  }

  receiveMany(count: number, message: NewMessage = {}): string[] {
    return Array.from({ length: count }, () => this.receive(message));
  }

  receiveInOneRecord(count: number, message: NewMessage = {}): string[] {
    const stored = Array.from({ length: count }, () => this.#create(message));
    const historyId = this.history.append({ messagesAdded: stored.map(stubOf) }, message.visibleAfterMs);
    for (const one of stored) one.historyId = historyId;
    return stored.map((one) => one.id);
  }

  modifyLabels(id: string, change: { add?: string[]; remove?: string[] }): void {
    const message = this.messages.get(id);
    const added = (change.add ?? []).filter((label) => !message.labelIds.includes(label));
    const removed = (change.remove ?? []).filter((label) => message.labelIds.includes(label));
    if (added.length + removed.length === 0) return;
    message.labelIds = [...message.labelIds.filter((label) => !removed.includes(label)), ...added];
    const stub = stubOf(message);
    message.historyId = this.history.append({
      ...(added.length > 0 && { labelsAdded: [{ message: stub, labelIds: added }] }),
      ...(removed.length > 0 && { labelsRemoved: [{ message: stub, labelIds: removed }] }),
    });
  }

  trash(id: string): void {
    this.modifyLabels(id, { add: ['TRASH'], remove: ['INBOX'] });
  }

  /** As users.messages.untrash: INBOX does not come back by itself. */
  untrash(id: string): void {
    this.modifyLabels(id, { remove: ['TRASH'] });
  }

  markSpam(id: string): void {
    this.modifyLabels(id, { add: ['SPAM'], remove: ['INBOX'] });
  }

  unmarkSpam(id: string): void {
    this.modifyLabels(id, { add: ['INBOX'], remove: ['SPAM'] });
  }

  delete(id: string): void {
    const message = this.messages.get(id);
    this.messages.remove(message);
    for (const [draftId, messageId] of this.drafts) if (messageId === id) this.drafts.delete(draftId);
    this.history.append({ messagesDeleted: [stubOf(message)] });
  }

  saveDraft(draft: { draftId?: string; subject?: string } = {}): { draftId: string; messageId: string } {
    const draftId = draft.draftId ?? `r${this.#prng.hex(14).replace(/\D/g, '7')}`;
    const old = draft.draftId === undefined ? null : this.#draftMessage(draft.draftId);
    const subject = draft.subject ?? old?.subject ?? 'A draft';
    if (old !== null) this.delete(old.id);
    const messageId = this.receive({
      from: this.email,
      to: 'somebody@example.com',
      subject,
      labelIds: ['DRAFT'],
      // Gmail opens another thread when the subject changes.
      ...(old !== null && old.subject === subject && { threadId: old.threadId }),
    });
    this.drafts.set(draftId, messageId);
    return { draftId, messageId };
  }

  sendDraft(draftId: string): string {
    const { threadId, subject, to, body, id } = this.#draftMessage(draftId);
    this.delete(id);
    return this.receive({ from: this.email, to, subject, body, threadId, labelIds: ['SENT'] });
  }

  deleteDraft(draftId: string): void {
    this.delete(this.#draftMessage(draftId).id);
  }

  createLabel(name: string): string {
    const id = this.labels.create(name);
    this.history.advance();
    return id;
  }

  renameLabel(id: string, name: string): void {
    this.labels.rename(id, name);
    this.history.advance();
  }

  deleteLabel(id: string): void {
    this.labels.delete(id);
    const labelled = [...this.messages.all()].filter((message) => message.labelIds.includes(id));
    for (const message of labelled) message.labelIds = message.labelIds.filter((label) => label !== id);
    if (labelled.length === 0) {
      this.history.advance();
      return;
    }
    const historyId = this.history.append({
      labelsRemoved: labelled.map((message) => ({ message: stubOf(message), labelIds: [id] })),
    });
    for (const message of labelled) message.historyId = historyId;
  }

  untypedRecord(id: string): void {
    const message = this.messages.get(id);
    message.historyId = this.history.append({ untyped: [stubOf(message)] });
  }

  repeatLastRecord(): void {
    this.history.repeatLast();
  }

  emptyPages(count: number): void {
    this.#emptyPages = count;
  }

  /** For history.list: the empty pages that the listing now starting has to give first. */
  takeEmptyPages(): number {
    const count = this.#emptyPages;
    this.#emptyPages = 0;
    return count;
  }

  expireHistory(): void {
    this.history.expire();
  }

  messageIds(): string[] {
    return this.messages
      .newestFirst()
      .map((message) => message.id)
      .reverse();
  }

  labelsOf(id: string): string[] {
    return [...this.messages.get(id).labelIds];
  }

  #create(message: NewMessage): StoredMessage {
    const id = this.#freshId();
    const sample = sampleMail(this.#prng);
    this.#sequence += 1;
    const stored: StoredMessage = {
      id,
      threadId: message.threadId ?? id,
      labelIds: message.labelIds ?? ['UNREAD', 'INBOX'],
      historyId: this.history.current,
      // Mail that came by SMTP has whole seconds.
      internalDate: message.internalDate ?? Math.floor(this.#now() / 1000) * 1000,
      sequence: this.#sequence,
      from: message.from ?? sample.from,
      to: message.to ?? this.email,
      subject: message.subject ?? sample.subject,
      body: message.body ?? sample.body,
      size: message.size ?? null,
      labelsInHistory: message.withoutLabelsInHistory !== true,
    };
    this.messages.add(stored);
    return stored;
  }

  #freshId(): string {
    for (;;) {
      const id = `18${this.#prng.hex(14)}`;
      if (!this.messages.has(id)) return id;
    }
  }

  #draftMessage(draftId: string): StoredMessage {
    const messageId = this.drafts.get(draftId);
    if (messageId === undefined) throw new SandboxMisuse(`there is no draft ${draftId}`);
    return this.messages.get(messageId);
  }
}

function stubOf(message: StoredMessage): HistoryStub {
  return {
    id: message.id,
    threadId: message.threadId,
    labelIds: message.labelsInHistory ? message.labelIds : null,
  };
}
