import { replayCollection } from './collection-verdict.js';
import { eventFaults, nameOf } from './event-verdict.js';
import type { Expected } from './expected.js';
import type { Ledger, Stored } from './ledger.js';
import { Reader, type Reading } from './reading.js';
import type { Taken } from './receiver.js';
import type { RecordedMailbox } from './recorded-mailbox.js';
import type { Collection, InstancePlan, Rules } from './scene.js';
import { readTold, type ToldEvent, type ToldNotification } from './told.js';

/** An instance of the run and where its resources began. */
export interface Watched {
  id: number;
  uuid: string;
  createdAt: number;
  plan: InstancePlan;
  /** What its changed-messages ask for just now. */
  asks: Rules[];
  /** historyId from which its resources read. */
  baseline: string;
}

export interface Evidence {
  watched: Watched[];
  ledger: Ledger;
  taken: readonly Taken[];
  mail: RecordedMailbox;
  end: number;
  /**
   * Notifications that died, and came after all once a person acted: perhaps out of order, for the next one's only attempt
   * may have arrived although its answer did not.
   */
  died: ReadonlySet<string>;
  /** Gmail was made to say of any message that it is gone, or not to give it. */
  faultyMessages: boolean;
  /** The machine's clock was set. */
  clockSet: boolean;
}

export interface FindingCounts {
  /** Events that the mailbox's truth gives, filtered ones included. */
  expected: number;
  /** Events of messages that came, and of these the recovered ones and those without payload. */
  told: number;
  recovered: number;
  withoutPayload: number;
  /** Events of lists, and about the mailbox itself. */
  listed: number;
  mailbox: number;
  /** Notifications that came again. */
  repeats: number;
  gaps: number;
}

export function noCounts(): FindingCounts {
  return { expected: 0, told: 0, recovered: 0, withoutPayload: 0, listed: 0, mailbox: 0, repeats: 0, gaps: 0 };
}

export interface Findings {
  violations: string[];
  counts: FindingCounts;
}

/** Compares what the receiver was told with what truly happened. */
export function judge(evidence: Evidence): Findings {
  const judgement = new Judgement(evidence);
  for (const watched of evidence.watched) judgement.instance(watched);
  return judgement.findings;
}

interface Arrival extends ToldNotification {
  stored: Stored;
}

class Judgement {
  readonly findings: Findings = { violations: [], counts: noCounts() };
  readonly #stored: Map<string, Stored[]>;

  constructor(private readonly evidence: Evidence) {
    this.#stored = evidence.ledger.stored();
  }

  instance(watched: Watched): void {
    const arrivals = this.#arrivals(watched);
    this.findings.counts.mailbox += arrivals.filter(({ resource }) => resource === 'mailbox').length;
    if (watched.plan.ordered) this.#order(watched, arrivals);
    for (const rules of watched.plan.resources) this.#resource(watched, rules, arrivals);
    for (const name of watched.plan.collections) this.#collection(watched, name, arrivals);
    if (watched.plan.system && this.evidence.ledger.epoch === 0) this.#grants(watched, arrivals);
  }

  #collection({ id }: Watched, name: Collection, arrivals: readonly Arrival[]): void {
    const { ledger, mail } = this.evidence;
    const arrived = new Map(arrivals.map((arrival) => [arrival.id, arrival]));
    const told = [...this.#stored.keys()]
      .map((notificationId) => arrived.get(notificationId))
      .filter((arrival) => arrival?.resource === name && arrival.stored.epoch === ledger.epoch);
    const events = told.flatMap((arrival) => arrival?.events ?? []);
    this.findings.counts.listed += events.length;
    for (const fault of replayCollection(name, ledger.notesOf(id, name), events, mail)) {
      this.#violation(id, `${name}: ${fault}`);
    }
  }

  /** Whoever was told that a grant is lost is told that it is found again. */
  #grants({ id }: Watched, arrivals: readonly Arrival[]): void {
    const count = (type: string) =>
      arrivals.flatMap(({ events }) => events.filter(({ eventType }) => eventType === type));
    const [failed, restored] = [count('AUTH_FAILED').length, count('AUTH_RESTORED').length];
    if (failed !== restored)
      this.#violation(id, `AUTH_FAILED was told ${failed} times, AUTH_RESTORED ${restored} times`);
  }

  /** What came, each notification once; a repeat carries the bytes that were stored. */
  #arrivals({ id }: Watched): Arrival[] {
    const first = new Map<string, Arrival>();
    for (const { instance, notificationId, contentType, body } of this.evidence.taken) {
      if (instance !== id) continue;
      const stored = this.#stored.get(notificationId)?.find((each) => Buffer.compare(each.body, body) === 0);
      if (stored === undefined)
        this.#violation(id, `notification ${notificationId} came with bytes that were never stored`);
      else if (first.has(notificationId)) this.findings.counts.repeats += 1;
      else first.set(notificationId, { ...readTold(notificationId, contentType, body), stored });
    }
    return [...first.values()];
  }

  /** Notifications of an ordered instance come in the order in which they were stored. */
  #order({ id }: Watched, arrivals: readonly Arrival[]): void {
    const places = new Map([...this.#stored.keys()].map((notificationId, place) => [notificationId, place]));
    let last = -1;
    for (const { id: notificationId, stored } of arrivals) {
      if (stored.queue === 'mailbox' || this.evidence.died.has(notificationId)) continue;
      const place = places.get(notificationId) ?? -1;
      if (place < last) this.#violation(id, `notification ${notificationId} came out of order`);
      last = Math.max(last, place);
    }
  }

  #resource(watched: Watched, rules: Rules, arrivals: readonly Arrival[]): void {
    const { ledger, mail, end, clockSet } = this.evidence;
    const { id, uuid, createdAt, baseline } = watched;
    const reader = new Reader({ uuid, createdAt, rules, baseline, mail, clockSet });
    const reading = reader.follow(ledger.notesOf(id, rules.name), end);
    for (const fault of reading.faults) this.#violation(id, `${rules.name}: ${fault}`);
    const own = arrivals.filter(({ resource }) => resource === rules.name);
    this.#nothingLost(watched, rules, reading, own);
    this.#nothingWrong(watched, rules, reading, own);
    if (watched.plan.system) this.#gapsTold(watched, rules, reading, arrivals);
    this.findings.counts.expected += reading.expected.size;
    this.findings.counts.gaps += reading.gaps.length;
  }

  #nothingLost({ id }: Watched, rules: Rules, reading: Reading, arrivals: readonly Arrival[]): void {
    const told = new Set(arrivals.flatMap(({ events }) => events.map((event) => event.id)));
    for (const event of reading.expected.values()) {
      if (event.verdict !== 'must' || told.has(event.id) || reading.excused.has(event.id)) continue;
      this.#violation(id, `${rules.name}: ${describe(event)} was never told`);
    }
    const announced = reading.gaps.some(({ from }) => from === null);
    if (reading.excused.size > 0 && !announced) this.#violation(id, `${rules.name}: events.db was lost without a gap`);
  }

  #nothingWrong(watched: Watched, rules: Rules, reading: Reading, arrivals: readonly Arrival[]): void {
    const { id } = watched;
    const { mail, ledger, faultyMessages } = this.evidence;
    const epochs = new Map<string, number>();
    let last = { place: 0n, epoch: 0 };
    for (const { id: notificationId, events, stored } of arrivals) {
      for (const event of events) {
        this.#count(event);
        const expected = reading.expected.get(event.id);
        if (epochs.get(event.id) === stored.epoch) this.#violation(id, `${rules.name}: told twice, ${nameOf(event)}`);
        epochs.set(event.id, stored.epoch);
        if (expected === undefined || expected.verdict === 'never') {
          this.#violation(
            id,
            `${rules.name}: ${expected === undefined ? 'no such change' : 'filtered'}, ${nameOf(event)}`,
          );
          continue;
        }
        const message = mail.messages.get(expected.messageId);
        const faults = eventFaults(event, expected, { message, faultyMessages, retold: ledger.epoch > 0 });
        for (const fault of faults) this.#violation(id, `${rules.name}: ${fault}`);
        const place = event.record['recovered'] === true ? null : expected.place;
        if (place === null || !watched.plan.ordered || this.evidence.died.has(notificationId)) continue;
        if (stored.epoch === last.epoch && place < last.place) {
          this.#violation(id, `${rules.name}: out of the order of history, ${nameOf(event)}`);
        }
        last = { place, epoch: stored.epoch };
      }
    }
  }

  #count({ record }: ToldEvent): void {
    const { counts } = this.findings;
    counts.told += 1;
    if (record['recovered'] === true) counts.recovered += 1;
    if (record['gone'] === true || record['payloadError'] !== undefined) counts.withoutPayload += 1;
  }

  #gapsTold({ id }: Watched, rules: Rules, reading: Reading, arrivals: readonly Arrival[]): void {
    const told = arrivals.flatMap(({ events }) => events).filter(({ eventType }) => eventType === 'GAP');
    const records = told.map(({ record }) => record).filter(({ resource }) => resource === rules.name);
    for (const { from, to, recovered } of reading.gaps) {
      const found = records.some(
        (record) => record['from'] === from && record['to'] === to && record['recovered'] === recovered,
      );
      if (!found) this.#violation(id, `${rules.name}: the gap ${from} to ${to} (${recovered} recovered) was not told`);
    }
  }

  #violation(id: number, sentence: string): void {
    this.findings.violations.push(`instance ${id}: ${sentence}`);
  }
}

function describe({ eventType, messageId, id, changes }: Expected): string {
  return `${eventType} ${messageId} (${changes.map(({ type }) => type).join(', ')}; ${id})`;
}
