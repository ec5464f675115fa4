import pLimit, { type LimitFunction } from 'p-limit';

/** A limit for each key, forgotten when nothing runs under it. */
export class KeyedLimit {
  readonly #limits = new Map<string, LimitFunction>();

  constructor(readonly places: number) {}

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const limit = this.#limits.get(key) ?? pLimit(this.places);
    this.#limits.set(key, limit);
    try {
      return await limit(work);
    } finally {
      if (limit.activeCount + limit.pendingCount === 0) this.#limits.delete(key);
    }
  }
}
