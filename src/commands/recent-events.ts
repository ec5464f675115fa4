const BUCKET_MS = 5 * 60_000;
const BUCKETS = 12;
/** How far back a count of recent events goes. */
export const RECENT_MS = BUCKETS * BUCKET_MS;

/** Events of the last hour, of each instance, in stretches of five minutes. Times are milliseconds. */
export class RecentEvents {
  /** By instance, then by the number of the stretch since the epoch. */
  readonly #counts = new Map<number, Map<number, number>>();

  add(instanceId: number, events: number, at: number): void {
    const own = this.#counts.get(instanceId) ?? new Map<number, number>();
    this.#counts.set(instanceId, own);
    const stretch = Math.floor(at / BUCKET_MS);
    own.set(stretch, (own.get(stretch) ?? 0) + events);
    for (const old of own.keys()) if (old <= stretch - BUCKETS) own.delete(old);
  }

  /** The oldest stretch first, that of now last. */
  of(instanceId: number, now: number): number[] {
    const last = Math.floor(now / BUCKET_MS);
    const own = this.#counts.get(instanceId);
    return Array.from({ length: BUCKETS }, (_, at) => own?.get(last - BUCKETS + 1 + at) ?? 0);
  }
}
