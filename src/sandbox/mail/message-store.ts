import { SandboxMisuse } from '../misuse.js';

export interface StoredMessage {
  id: string;
  threadId: string;
  /** Replaced as a whole at every change: history records keep the array they saw. */
  labelIds: readonly string[];
  historyId: bigint;
  /** Milliseconds. */
  internalDate: number;
  /** Order of arrival: what sorts messages of the same time. */
  sequence: number;
  from: string;
  to: string;
  subject: string;
  body: string;
  /** Bytes of the body when it is to be larger than its text. */
  size: number | null;
  labelsInHistory: boolean;
}

const byDate = (a: StoredMessage, b: StoredMessage): number =>
  a.internalDate - b.internalDate || a.sequence - b.sequence;

/** The messages of one mailbox, by id, by thread and by date. */
export class MessageStore {
  readonly #byId = new Map<string, StoredMessage>();
  readonly #threads = new Map<string, StoredMessage[]>();
  /** Sorted when somebody lists; dropped at every change. */
  #newestFirst: StoredMessage[] | null = null;

  get size(): number {
    return this.#byId.size;
  }

  get threadCount(): number {
    return this.#threads.size;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  find(id: string): StoredMessage | null {
    return this.#byId.get(id) ?? null;
  }

  /** @throws SandboxMisuse when there is no such message. */
  get(id: string): StoredMessage {
    const message = this.#byId.get(id);
    if (message === undefined) throw new SandboxMisuse(`there is no message ${id}`);
    return message;
  }

  add(message: StoredMessage): void {
    this.#byId.set(message.id, message);
    const thread = this.#threads.get(message.threadId);
    if (thread === undefined) this.#threads.set(message.threadId, [message]);
    else thread.push(message);
    this.#newestFirst = null;
  }

  remove(message: StoredMessage): void {
    this.#byId.delete(message.id);
    const rest = this.thread(message.threadId).filter((other) => other !== message);
    if (rest.length === 0) this.#threads.delete(message.threadId);
    else this.#threads.set(message.threadId, rest);
    this.#newestFirst = null;
  }

  /** Oldest first; empty when there is no such thread. */
  thread(threadId: string): StoredMessage[] {
    return [...(this.#threads.get(threadId) ?? [])].sort(byDate);
  }

  all(): Iterable<StoredMessage> {
    return this.#byId.values();
  }

  newestFirst(): readonly StoredMessage[] {
    this.#newestFirst ??= [...this.#byId.values()].sort(byDate).reverse();
    return this.#newestFirst;
  }
}
