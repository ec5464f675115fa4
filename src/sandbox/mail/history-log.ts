/** The mailbox's history: records in increasing order, as history.list reads them. */

export interface HistoryStub {
  id: string;
  threadId: string;
  /** The labels after the change; null leaves them out of the answer. */
  labelIds: readonly string[] | null;
}

export interface LabelChange {
  message: HistoryStub;
  labelIds: readonly string[];
}

export interface HistoryChanges {
  messagesAdded?: HistoryStub[];
  messagesDeleted?: HistoryStub[];
  labelsAdded?: LabelChange[];
  labelsRemoved?: LabelChange[];
  /** Stubs that stand in `messages[]` alone. */
  untyped?: HistoryStub[];
}

export interface HistoryEntry extends HistoryChanges {
  id: bigint;
  /** Milliseconds. */
  at: number;
  /** history.list hides it until then, while every response's historyId counts it already. */
  visibleAt: number;
}

export class HistoryLog {
  #entries: HistoryEntry[] = [];
  #current: bigint;
  #floor: bigint;
  readonly #gap: () => number;
  readonly #now: () => number;
  readonly #retentionMs: number | null;

  /** `gap`: what the next id adds, at least 1. Real ids have random gaps too, so that nobody computes with them. */
  constructor(start: bigint, gap: () => number, now: () => number, retentionMs: number | null) {
    this.#current = start;
    this.#floor = start;
    this.#gap = gap;
    this.#now = now;
    this.#retentionMs = retentionMs;
  }

  get current(): bigint {
    return this.#current;
  }

  /** A change that history does not tell: the mailbox's historyId moves all the same. */
  advance(): bigint {
    this.#current += BigInt(this.#gap());
    return this.#current;
  }

  append(changes: HistoryChanges, visibleAfterMs = 0): bigint {
    const at = this.#now();
    this.#entries.push({ ...changes, id: this.advance(), at, visibleAt: at + visibleAfterMs });
    return this.#current;
  }

  /** Nothing happens when there is no record yet. */
  repeatLast(): void {
    const last = this.#entries.at(-1);
    if (last !== undefined)
      this.#entries.push({ ...last, id: this.advance(), at: this.#now(), visibleAt: this.#now() });
  }

  /** Everything up to now is forgotten. */
  expire(): void {
    this.#entries = [];
    this.#floor = this.#current;
  }

  /** A start below the floor, or beyond the mailbox's own id, is unknown to Gmail: 404. */
  knows(start: bigint): boolean {
    this.#prune();
    return start >= this.#floor && start <= this.#current;
  }

  /** Visible records behind `start` (exclusive), oldest first. */
  *after(start: bigint): Generator<HistoryEntry> {
    const now = this.#now();
    for (let index = this.#firstAfter(start); index < this.#entries.length; index++) {
      const entry = this.#entries[index];
      if (entry !== undefined && entry.visibleAt <= now) yield entry;
    }
  }

  #firstAfter(start: bigint): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && entry.id <= start) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #prune(): void {
    if (this.#retentionMs === null) return;
    const oldest = this.#now() - this.#retentionMs;
    const kept = this.#entries.findIndex((entry) => entry.at >= oldest);
    const dropped = this.#entries.splice(0, kept === -1 ? this.#entries.length : kept);
    this.#floor = dropped.at(-1)?.id ?? this.#floor;
  }
}
