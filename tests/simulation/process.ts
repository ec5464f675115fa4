import type { Clock } from '../../src/core/ports.js';
import type { Store } from '../../src/store/port.js';
import type { AttemptCommit, NewNotification } from '../../src/store/ports/outbox.js';
import type { PartCommit } from '../../src/store/ports/resources.js';
import type { Timeline } from './timeline.js';

/** What a dead process's code meets at every turn, so that it unwinds without a further effect. */
export class Killed extends Error {
  constructor() {
    super('the process was killed');
    this.name = 'Killed';
  }
}

/** When a process dies: at which of its effects, counted from 1; with the power, all processes and what was not fsynced go. */
export interface Doom {
  effect: number;
  power: boolean;
}

/** What is written, of all that the store can do: everything else only reads. */
const WRITES: Record<Exclude<keyof Store, 'close'>, readonly string[]> = {
  settings: ['set', 'rewrite'],
  accountFiles: ['write', 'remove'],
  instanceFiles: ['write', 'remove'],
  leases: ['acquire', 'renew', 'release', 'want'],
  instances: ['create', 'update', 'markDeleted', 'remove'],
  resources: ['replaceSet', 'commitPart'],
  outbox: ['commitAttempt', 'store', 'resume', 'discard', 'prune'],
  accounts: ['set', 'remove'],
  quota: ['reserve', 'setCooldown', 'spent'],
  serverKeys: ['add'],
  keyChange: ['begin', 'end'],
};

/** Transactions that wait for the disk, as the contract says (section 3); the others may go with the power. */
const FSYNCED = new Set([
  'instances.create',
  'instances.markDeleted',
  'instances.remove',
  'resources.replaceSet',
  'outbox.commitAttempt',
  'outbox.store',
  'outbox.resume',
  'outbox.discard',
  'serverKeys.add',
]);

export interface Witness {
  /** Runs what takes no time. */
  timeless<T>(work: () => Promise<T>): Promise<T>;
  /** A part is in the database. */
  committed(part: PartCommit, fsynced: boolean): void;
  /** Notifications that came with the outcome of an attempt: a DEAD_LETTER. */
  stored(notifications: readonly NewNotification[]): void;
  /** Everything written so far outlasts a loss of power. */
  fsynced(): void;
  died(process: Process): void;
  /** A notification's bytes were read: what is sent next under its id is this process's. */
  sends(process: Process, notificationId: string): void;
  log(line: () => string): void;
}

/**
 * A process of the product: its effects are counted, and at one of them it may die. From then on whatever its code still
 * does has no effect, and all it waits for ends at once.
 */
export class Process {
  dead = false;
  effects = 0;
  readonly #waits = new Set<() => void>();

  constructor(
    readonly id: number,
    readonly doom: Doom | null,
    private readonly witness: Witness,
  ) {}

  /** To be called at each effect. Throws Killed when the process is dead, or dies here. */
  effect(name: string): void {
    if (this.dead) throw new Killed();
    this.effects += 1;
    if (this.effects !== this.doom?.effect) return;
    this.witness.log(() => `p${this.id} dies at effect ${this.effects}, ${name}`);
    this.die();
    throw new Killed();
  }

  die(): void {
    if (this.dead) return;
    this.dead = true;
    for (const end of [...this.#waits]) end();
    this.#waits.clear();
    this.witness.died(this);
  }

  /** `end` is called should the process die meanwhile. Returns what calls that off. */
  whileWaiting(end: () => void): () => void {
    this.#waits.add(end);
    return () => this.#waits.delete(end);
  }

  /** Simulated time, by the machine's clock; a sleeper that dies wakes at once. */
  clock(timeline: Timeline, now: () => number): Clock {
    return {
      now,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (this.dead || signal?.aborted) return resolve();
          const wake = () => {
            stop();
            live();
            signal?.removeEventListener('abort', wake);
            resolve();
          };
          const stop = timeline.after(ms, wake);
          const live = this.whileWaiting(wake);
          signal?.addEventListener('abort', wake, { once: true });
        }),
    };
  }

  /** The store as this process has it. */
  store(real: Store): Store {
    const families = (Object.keys(WRITES) as (keyof typeof WRITES)[]).map((family) => [
      family,
      Object.fromEntries(
        Object.entries(real[family]).map(([name, method]) => [name, this.#gated(family, name, method)]),
      ),
    ]);
    return { ...Object.fromEntries(families), close: async () => {} } as Store;
  }

  #gated(family: keyof typeof WRITES, name: string, method: (...values: unknown[]) => Promise<unknown>) {
    if (!WRITES[family].includes(name)) {
      return async (...values: unknown[]) => {
        if (this.dead) throw new Killed();
        if (name === 'body') this.witness.sends(this, String(values[0]));
        return method(...values);
      };
    }
    const full = `${family}.${name}`;
    return async (...values: unknown[]) => {
      this.effect(`before ${full}`);
      const result = await this.witness.timeless(() => method(...values));
      this.#written(full, values);
      this.effect(`after ${full}`);
      return result;
    };
  }

  #written(name: string, values: unknown[]): void {
    if (name === 'resources.commitPart') {
      const part = values[1] as PartCommit;
      const fsynced = part.notifications.length > 0;
      this.witness.committed(part, fsynced);
      if (fsynced) this.witness.fsynced();
      return;
    }
    if (name === 'outbox.commitAttempt') this.witness.stored((values[1] as AttemptCommit).notifications);
    if (FSYNCED.has(name)) this.witness.fsynced();
  }
}
