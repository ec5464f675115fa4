import type { Clock, QuotaLedger, Random } from './ports.js';

const MINUTE_MS = 60_000;

/** How long a request may be on its way: one sent this shortly before a minute ends may be counted by Google in the next. */
const FLIGHT_MS = 2000;

/** A budget of units a minute, and how many of them are reserved at once: from `firstBlock`, doubling to `largestBlock`. */
export interface Budget {
  scope: string;
  perMinute: number;
  firstBlock: number;
  largestBlock: number;
}

/** Small first blocks: a cron line that polls once takes what it needs, and a busy process soon writes once in 100 units. */
export function accountBudget(scope: string, perMinute: number): Budget {
  return { scope, perMinute, firstBlock: 10, largestBlock: 100 };
}

export function projectBudget(scope: string, perMinute: number): Budget {
  return { scope, perMinute, firstBlock: 100, largestBlock: 2000 };
}

interface Bucket {
  minute: number;
  credit: number;
  block: number;
  turn: Promise<void>;
}

/**
 * Takes units before each call, in blocks reserved in the ledger that all processes share. What is left of a block serves
 * later calls of the same minute; a crash forfeits it. One governor a process and ledger.
 */
export class Governor {
  readonly #ledger: Pick<QuotaLedger, 'reserve'>;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #buckets = new Map<string, Bucket>();

  constructor(ledger: Pick<QuotaLedger, 'reserve'>, clock: Clock, random: Random) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Resolves once the units of all the budgets are ours, whichever minute a request sent now is counted in; a spent budget
   * is waited for. Throws the signal's reason once aborted.
   */
  async take(budgets: readonly Budget[], units: number, signal?: AbortSignal): Promise<void> {
    const goodUntil = new Map<Budget, number>();
    // What one budget gave before another had to be waited for may be of a minute that is over, or as good as over.
    const stale = () => budgets.find((budget) => (goodUntil.get(budget) ?? 0) <= this.#clock.now());
    for (let budget = stale(); budget !== undefined; budget = stale()) {
      goodUntil.set(budget, await this.#takeOf(budget, units, signal));
    }
  }

  /** Returns until when a request may be sent for the units (milliseconds). */
  async #takeOf(budget: Budget, units: number, signal?: AbortSignal): Promise<number> {
    const bucket = this.#bucket(budget);
    // One at a time and in order: two calls never reserve a block for the same need.
    const before = bucket.turn;
    let finished = () => {};
    bucket.turn = new Promise((done) => {
      finished = () => void before.then(done);
    });
    try {
      await abortable(before, signal);
      return await this.#fill(bucket, budget, units, signal);
    } finally {
      finished();
    }
  }

  async #fill(bucket: Bucket, budget: Budget, units: number, signal?: AbortSignal): Promise<number> {
    const perMinute = Math.max(1, budget.perMinute);
    // A price above the whole budget takes all of one minute: it would wait for ever else.
    const need = Math.min(units, perMinute);
    const fair = Math.max(1, Math.floor(perMinute / 20));
    for (;;) {
      signal?.throwIfAborted();
      const minute = Math.floor(this.#clock.now() / MINUTE_MS);
      if (bucket.minute !== minute) Object.assign(bucket, { minute, credit: 0, block: budget.firstBlock });
      if (bucket.credit < need) {
        const wanted = Math.max(need - bucket.credit, Math.min(bucket.block, fair));
        bucket.block = Math.min(bucket.block * 2, budget.largestBlock);
        bucket.credit += await this.#ledger.reserve(budget.scope, minute, wanted, perMinute);
      }
      const next = minute + 1;
      const goodUntil = next * MINUTE_MS - FLIGHT_MS;
      const straddles = this.#clock.now() >= goodUntil;
      const paid =
        bucket.credit >= need &&
        (!straddles || (await this.#ledger.reserve(budget.scope, next, need, perMinute)) >= need);
      if (paid) {
        bucket.credit -= need;
        return straddles ? goodUntil + MINUTE_MS : goodUntil;
      }
      const left = next * MINUTE_MS - this.#clock.now();
      await this.#clock.sleep(Math.max(1, left) + this.#random.unit() * 1000, signal);
    }
  }

  #bucket({ scope }: Budget): Bucket {
    const known = this.#buckets.get(scope);
    if (known !== undefined) return known;
    const bucket = { minute: -1, credit: 0, block: 0, turn: Promise.resolve() };
    this.#buckets.set(scope, bucket);
    return bucket;
  }
}

async function abortable(promise: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
