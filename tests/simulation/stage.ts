import type { Context } from '../../src/core/context.js';
import type { Store } from '../../src/store/port.js';
import type { NewNotification } from '../../src/store/ports/outbox.js';
import type { PartCommit } from '../../src/store/ports/resources.js';
import { Chance } from './chance.js';
import { Google } from './google.js';
import type { Home } from './home.js';
import { Ledger } from './ledger.js';
import { type Doom, Killed, Process, type Witness } from './process.js';
import { Receiver } from './receiver.js';
import { Tally } from './tally.js';
import { Timeline } from './timeline.js';
import type { WireReply, WireRequest } from './wire.js';

const START = Date.parse('2026-11-24T03:00:00Z');
const DAY_MS = 86_400_000;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A change of the product that must not pass: the store as it is handed to the product's code. */
export type Break = (store: Store) => Store;

export interface StageOptions {
  broken: Break;
  /** Hears what happens, for whoever reads it. */
  log: (line: () => string) => void;
}

/** Everything that a run is played on: time, Google, the receiver, and the processes of the product. */
export class Stage implements Witness {
  readonly timeline: Timeline;
  readonly google: Google;
  readonly receiver: Receiver;
  readonly ledger = new Ledger();
  readonly tally = new Tally();
  readonly start: number;
  readonly log: StageOptions['log'];
  home: Home | null = null;
  /** Power went: what was not fsynced is to be taken back. */
  powerWent = false;
  deaths = 0;
  /** Requests that have left and not arrived. */
  onTheWay = 0;
  /** How far the clock of the machine, where all processes run, is ahead of the true time: Google's. */
  aheadMs = 0;
  readonly #broken: Break;
  readonly #latency: Chance;
  readonly #random: Chance;
  readonly #senders = new Map<string, Process>();
  #processes = new Map<number, Process>();
  #made = 0;

  constructor(seed: number, scope: string, { broken, log }: StageOptions) {
    this.#broken = broken;
    this.log = (line) => log(() => `${clockTime(this.timeline.now)} ${line()}`);
    const chance = new Chance(seed, 'stage');
    this.start = START + chance.between(0, DAY_MS);
    this.timeline = new Timeline(this.start);
    this.google = new Google(this.timeline, new Chance(seed, 'google'), `https://www.googleapis.com/auth/${scope}`);
    this.receiver = new Receiver(new Chance(seed, 'receiver'));
    this.#latency = new Chance(seed, 'latency');
    this.#random = new Chance(seed, 'product');
  }

  get store(): Store {
    if (this.home === null) throw new Error('the stage has no home yet');
    return this.home.store;
  }

  get machineTime(): number {
    return this.timeline.now + this.aheadMs;
  }

  /** A process of the product, just started: nothing but the store is known to it. */
  launch(doom: Doom | null): { process: Process; ctx: Context } {
    this.#made += 1;
    const process = new Process(this.#made, doom, this);
    this.#processes.set(process.id, process);
    const store = this.#broken(process.store(this.store));
    const ctx: Context = {
      home: this.home?.path ?? '',
      env: {},
      google: this.google.addresses(process.id),
      store,
      clock: process.clock(this.timeline, () => this.machineTime),
      random: this.#random,
      log: silent,
    };
    return { process, ctx };
  }

  /** Where the wire ends: a request travels, is answered, and the answer travels back, unless its process dies meanwhile. */
  exchange(request: WireRequest, reply: WireReply): void {
    const asks = Google.asks(request);
    const process = asks === null ? this.#sender(request) : this.#processes.get(asks);
    if (process === undefined) throw new Error(`nobody sends ${request.method} ${request.path}`);
    const name = asks === null ? `callback ${request.path}` : request.path.replace(/^.*\/me\//, '').slice(0, 60);
    try {
      process.effect(`sending ${name}`);
    } catch {
      reply({ error: new Killed() });
      return;
    }
    const live = process.whileWaiting(() => reply({ error: new Killed() }));
    const left = this.timeline.now;
    this.onTheWay += 1;
    this.timeline.after(this.#travel(asks), async () => {
      this.onTheWay -= 1;
      const outcome = await (asks === null ? this.receiver.answer(request) : this.#ask(asks, left, request));
      this.log(() => `p${process.id} ${name} -> ${'error' in outcome ? outcome.error.message : outcome.status}`);
      if (process.dead) return;
      try {
        process.effect(`answered ${name}`);
      } catch {
        return;
      }
      const late = 'error' in outcome ? outcome.afterMs : 0;
      this.timeline.after(late + this.#travel(asks), () => {
        live();
        reply(outcome);
      });
    });
  }

  /** Now and then Google thinks for half a minute, or its answer takes as long. */
  #travel(asks: number | null): number {
    const slow = asks !== null && this.#latency.happens(0.002);
    return slow ? this.#latency.between(2000, 25_000) : this.#latency.between(5, 300);
  }

  timeless<T>(work: () => Promise<T>): Promise<T> {
    return this.timeline.timeless(work);
  }

  committed(part: PartCommit): void {
    this.ledger.commit(part, this.timeline.now);
    this.log(() => {
      const { resource, instanceId, patch, notifications } = part;
      const told = notifications.map(({ id, eventCount }) => `${id.slice(0, 6)}(${eventCount})`).join(' ');
      return `commit ${instanceId}/${resource} ${JSON.stringify(patch)} ${told}`;
    });
  }

  stored(notifications: readonly NewNotification[]): void {
    this.ledger.store(notifications);
  }

  fsynced(): void {
    this.ledger.fsynced();
    this.home?.markDurable();
  }

  sends(process: Process, notificationId: string): void {
    this.#senders.set(notificationId, process);
  }

  died(process: Process): void {
    this.deaths += 1;
    if (process.doom?.power !== true || this.powerWent) return;
    this.powerWent = true;
    for (const other of this.#processes.values()) other.die();
  }

  /** Forgets processes that have ended. */
  clear(): void {
    this.#processes = new Map();
  }

  #ask(process: number, left: number, request: WireRequest) {
    const answer = this.google.answer(request);
    // The double enters a request before it thinks about the answer.
    const entry = this.google.log.requests.at(-1);
    if (entry !== undefined) this.tally.count(process, left, entry);
    return answer;
  }

  #sender({ headers }: WireRequest): Process | undefined {
    return this.#senders.get(headers['elements-webhook-id'] ?? '');
  }
}

function clockTime(ms: number): string {
  return new Date(ms).toISOString().slice(5, 23);
}
