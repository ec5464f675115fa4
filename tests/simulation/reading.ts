import type { NewNotification } from '../../src/store/ports/outbox.js';
import type { GapState, PartCommit } from '../../src/store/ports/resources.js';
import { alwaysPassed, createdId, type Expected, everPassed, expectedOf } from './expected.js';
import type { RecordedMailbox } from './recorded-mailbox.js';
import type { Rules } from './scene.js';
import { readTold } from './told.js';

/** What became of one resource, in order; `lost`: events.db went; `rules`: its url was changed. */
export type Note =
  | { kind: 'part'; part: PartCommit; at: number }
  | { kind: 'lost'; at: number }
  | { kind: 'rules'; rules: Rules };

export interface ExpectedGap {
  from: string | null;
  to: string;
  recovered: number;
}

/** What the receiver has to have been told of one resource. */
export interface Reading {
  expected: Map<string, Expected>;
  /** Ids of events whose notification may have gone with an events.db that was lost: a GAP without `from` speaks for them. */
  excused: Set<string>;
  gaps: ExpectedGap[];
  /** What the cursor did that it must not. */
  faults: string[];
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

/**
 * Follows a resource's cursor from its baseline to where it stands at the end: each step covers the records in between,
 * which the contract turns into events; what lies between a refused cursor and its new baseline is a gap.
 */
export class Reader {
  readonly reading: Reading = { expected: new Map(), excused: new Set(), gaps: [], faults: [] };
  readonly #created = new Set<string>();
  #rules: Rules;
  /** Before this time (milliseconds) the resource asked for something else: what it read then, it is not asked for again. */
  #askedSince = 0;
  #lastEnd = 0;
  #cursor: bigint | null;
  #gap: GapState | null = null;
  #recovered = 0;
  /** Number of the mailbox's records behind the cursor. */
  #read = 0;

  constructor(
    private readonly about: {
      uuid: string;
      createdAt: number;
      rules: Rules;
      baseline: string;
      mail: RecordedMailbox;
      clockSet: boolean;
    },
  ) {
    this.#rules = about.rules;
    this.#cursor = BigInt(about.baseline);
    this.#skipTo(this.#cursor);
  }

  follow(notes: readonly Note[], end: number): Reading {
    for (const note of notes) {
      if (note.kind === 'lost') this.#lose();
      else if (note.kind === 'rules') this.#ask(note.rules);
      else this.#commit(note.part, note.at);
    }
    this.#finish(end);
    return this.reading;
  }

  /** A gap's window begins an hour before the last poll that reached the end, whatever that one asked for. */
  #ask(rules: Rules): void {
    this.#rules = rules;
    this.#askedSince = this.#lastEnd - HOUR_MS;
  }

  #commit({ patch, notifications }: PartCommit, at: number): void {
    this.#lastEnd = patch.lastEndAt ?? this.#lastEnd;
    if (patch.gap !== undefined && patch.gap !== null) this.#open(patch.gap);
    if (this.#gap !== null) {
      this.#recover(notifications);
      if (patch.gap === null) this.#close(patch.cursor ?? '', at);
      return;
    }
    const next = patch.cursor === undefined || patch.cursor === null ? this.#cursor : BigInt(patch.cursor);
    if (next === null) return;
    if (this.#cursor !== null && next < this.#cursor) this.reading.faults.push(`the cursor moved back to ${next}`);
    this.#expect(next, at);
    this.#learnCreated(notifications);
  }

  #expect(next: bigint, at: number): void {
    const { uuid, mail } = this.about;
    const rules = this.#rules;
    const from = this.#read;
    this.#skipTo(next);
    const records = mail.records.slice(from, this.#read);
    for (const event of expectedOf(records, rules, { uuid, created: this.#created, messages: mail.messages, at })) {
      // After a lost events.db a repeated record may be told as a new message once more, under the id that it had.
      const known = this.reading.expected.get(event.id);
      if (known?.verdict !== 'must') this.reading.expected.set(event.id, event);
    }
    this.#cursor = next;
  }

  #open(gap: GapState): void {
    if (this.#gap !== null) return;
    if (gap.from !== (this.#cursor === null ? null : String(this.#cursor))) {
      this.reading.faults.push(`a gap from ${gap.from}, but the cursor stood at ${this.#cursor}`);
    }
    this.#gap = gap;
    this.#recovered = 0;
  }

  /**
   * A recovered message is new since the first baseline, and not out already; the filters hold for it, too. Once the clock
   * was set nobody knows when that baseline was: rather too much is recovered then than too little.
   */
  #recover(notifications: readonly NewNotification[]): void {
    const { uuid, mail, clockSet } = this.about;
    for (const { eventType, messageId, id, withoutPayload } of eventsOf(notifications)) {
      const message = mail.messages.get(messageId);
      // One that is gone by then, before any history told of it, has neither date nor labels: the window cannot judge it.
      const isNew = withoutPayload || clockSet || (message?.addedBy ?? 0n) > 0n;
      const known = message !== undefined && isNew && !this.#created.has(messageId);
      const wanted = withoutPayload || everPassed(message, this.#rules);
      if (known && wanted && eventType === 'CREATED' && id === createdId(uuid, this.#rules, messageId)) {
        this.#expectRecovered(messageId);
      } else this.reading.faults.push(`${eventType} ${messageId} (${id}) is told as recovered`);
      this.#recovered += 1;
    }
    this.#learnCreated(notifications);
  }

  #close(baseline: string, at: number): void {
    const { mail, createdAt } = this.about;
    const rules = this.#rules;
    const { from, baseline: announced } = this.#gap ?? { from: null, baseline: '' };
    if (announced !== baseline) this.reading.faults.push(`the gap to ${announced} ended at ${baseline}`);
    this.reading.gaps.push({ from, to: baseline, recovered: this.#recovered });
    const [low, high] = [BigInt(from ?? 0), BigInt(baseline)];
    const since = from === null ? Math.max(createdAt, at - WEEK_MS) : this.#askedSince;
    for (const message of mail.messages.values()) {
      const inside = message.addedBy > low && message.addedBy <= high && message.at > since;
      const asked = rules.historyTypes.length === 0 || rules.historyTypes.includes('messageAdded');
      const stands = message.deletedAt === null || message.deletedAt > at;
      if (!inside || !asked || !stands || this.#created.has(message.id) || !alwaysPassed(message, rules, at)) continue;
      this.#expectRecovered(message.id);
    }
    this.#gap = null;
    this.#cursor = high;
    this.#skipTo(high);
  }

  #expectRecovered(messageId: string): void {
    const { uuid } = this.about;
    const rules = this.#rules;
    const id = createdId(uuid, rules, messageId);
    const known = this.reading.expected.get(id);
    const verdict = 'must' as const;
    const changes = [{ type: 'messageAdded' as const }];
    this.reading.excused.delete(id);
    if (known?.verdict === 'must') this.reading.expected.set(id, { ...known, verdict, place: null, rules });
    else this.reading.expected.set(id, { id, eventType: 'CREATED', messageId, changes, verdict, place: null, rules });
  }

  #learnCreated(notifications: readonly NewNotification[]): void {
    for (const { eventType, messageId } of eventsOf(notifications)) {
      if (eventType === 'CREATED') this.#created.add(messageId);
    }
  }

  #lose(): void {
    this.#cursor = null;
    this.#gap = null;
    this.#created.clear();
    for (const id of this.reading.expected.keys()) this.reading.excused.add(id);
    this.reading.gaps = [];
  }

  /** What history holds behind the last place has to be of no interest. */
  #finish(end: number): void {
    if (this.#cursor === null) {
      this.reading.faults.push('the cursor was never found again');
      return;
    }
    const last = this.about.mail.records.at(-1)?.id ?? 0n;
    if (last > this.#cursor) this.#expect(last, end);
  }

  #skipTo(id: bigint): void {
    const { records } = this.about.mail;
    while (this.#read < records.length && (records[this.#read]?.id ?? 0n) <= id) this.#read += 1;
  }
}

interface CommittedEvent {
  id: string;
  eventType: string;
  messageId: string;
  withoutPayload: boolean;
}

/** Of the resource's own notifications; those about the mailbox are none. */
function eventsOf(notifications: readonly NewNotification[]): CommittedEvent[] {
  return notifications
    .filter(({ queue }) => queue === 'events')
    .flatMap(({ id, contentType, body }) => readTold(id, contentType, body).events)
    .map(({ id, eventType, record }) => {
      const withoutPayload = record['gone'] === true || record['payloadError'] !== undefined;
      return { id, eventType, messageId: String(record['id']), withoutPayload };
    });
}
