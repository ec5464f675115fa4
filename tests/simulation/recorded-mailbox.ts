import { HistoryLog, type HistoryStub } from '../../src/sandbox/mail/history-log.js';
import type { SandboxMailbox } from '../../src/sandbox/mail/mailbox.js';

export type ChangeKind = 'messageAdded' | 'messageDeleted' | 'labelsAdded' | 'labelsRemoved';

/** One change of one message, as it truly was and as history told it. */
export interface MailChange {
  kind: ChangeKind;
  messageId: string;
  /** Labels put on or taken off. */
  labelIds: readonly string[];
  /** The message's labels as the record told them; null when it did not (Gmail leaves out an empty list, too). */
  told: readonly string[] | null;
  /** The labels that it really had once this record was done. */
  after: readonly string[];
}

export interface MailRecord {
  id: bigint;
  /** Of what it tells, also when it is told again. */
  at: number;
  /** In the order in which the record's typed fields are read: added, labels, deleted. */
  changes: MailChange[];
}

export interface MailMessage {
  id: string;
  threadId: string;
  at: number;
  internalDate: number;
  /** Id of the record that added it. */
  addedBy: bigint;
  /** Milliseconds. */
  deletedAt: number | null;
  /** All labels it ever had, oldest first, each with the time from which on. */
  states: { at: number; labels: readonly string[] }[];
}

const LONGEST_MEMORY_MS = 30 * 60_000;

/**
 * Watches a mailbox of the sandbox: what really changed, written down as it happens, beside what history tells of it.
 * Records become visible late in their order, as history lags behind the number that counts it.
 */
export class RecordedMailbox {
  readonly records: MailRecord[] = [];
  readonly messages = new Map<string, MailMessage>();
  /** How long a new record stays invisible, milliseconds. */
  lagMs = 0;
  #visibleAt = 0;

  constructor(
    readonly mailbox: SandboxMailbox,
    private readonly now: () => number,
  ) {
    // Older than all history.
    for (const { id, threadId, internalDate, labelIds } of mailbox.messages.all()) {
      const states = [{ at: internalDate, labels: labelIds }];
      this.messages.set(id, { id, threadId, at: internalDate, internalDate, addedBy: 0n, deletedAt: null, states });
    }
    const { history } = mailbox;
    history.append = (changes, visibleAfterMs = 0) => {
      const at = this.now();
      const lag = Math.max(visibleAfterMs, this.lagMs, this.#visibleAt - at);
      this.#visibleAt = at + lag;
      const id = HistoryLog.prototype.append.call(history, changes, lag);
      this.records.push({ id, at, changes: this.#read(changes, id) });
      return id;
    };
  }

  /**
   * The last record once more, unless it is still invisible (history tells in order) or so old that its message may be
   * forgotten: that it was told is known for an hour after it was (section 6).
   */
  repeatLast(): void {
    const last = this.records.at(-1);
    if (last === undefined || this.#visibleAt > this.now() || this.now() - last.at > LONGEST_MEMORY_MS) return;
    const before = this.mailbox.historyId;
    this.mailbox.repeatLastRecord();
    if (this.mailbox.historyId === before) return;
    this.records.push({ ...last, id: BigInt(this.mailbox.historyId) });
  }

  living(): MailMessage[] {
    return [...this.messages.values()].filter((message) => message.deletedAt === null);
  }

  #read(changes: Parameters<HistoryLog['append']>[0], id: bigint): MailChange[] {
    const { messagesAdded = [], labelsAdded = [], labelsRemoved = [], messagesDeleted = [] } = changes;
    return [
      ...messagesAdded.map((stub) => this.#add(stub, id)),
      ...labelsAdded.map(({ message, labelIds }) => this.#relabel('labelsAdded', message, labelIds)),
      ...labelsRemoved.map(({ message, labelIds }) => this.#relabel('labelsRemoved', message, labelIds)),
      ...messagesDeleted.map((stub) => this.#delete(stub)),
    ];
  }

  #add(stub: HistoryStub, addedBy: bigint): MailChange {
    const { id, threadId, internalDate, labelIds } = this.mailbox.messages.get(stub.id);
    const at = this.now();
    const states = [{ at, labels: labelIds }];
    this.messages.set(id, { id, threadId, at, internalDate, addedBy, deletedAt: null, states });
    return { kind: 'messageAdded', messageId: id, labelIds: [], told: told(stub), after: labelIds };
  }

  #relabel(kind: 'labelsAdded' | 'labelsRemoved', stub: HistoryStub, labelIds: readonly string[]): MailChange {
    const after = this.mailbox.messages.get(stub.id).labelIds;
    const { states } = this.#known(stub);
    if (states.at(-1)?.labels !== after) states.push({ at: this.now(), labels: after });
    return { kind, messageId: stub.id, labelIds, told: told(stub), after };
  }

  #delete(stub: HistoryStub): MailChange {
    const message = this.#known(stub);
    message.deletedAt = this.now();
    const after = message.states.at(-1)?.labels ?? [];
    return { kind: 'messageDeleted', messageId: stub.id, labelIds: [], told: told(stub), after };
  }

  #known(stub: HistoryStub): MailMessage {
    const message = this.messages.get(stub.id);
    if (message === undefined) throw new Error(`a change of ${stub.id}, which was never added`);
    return message;
  }
}

function told({ labelIds }: HistoryStub): readonly string[] | null {
  return labelIds === null || labelIds.length === 0 ? null : labelIds;
}
