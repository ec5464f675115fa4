const MINUTE_MS = 60_000;

/**
 * When a new instance is polled first (milliseconds): within one interval, at a random place in it, so that instances made
 * in one go are spread evenly. `unit` is a random number in [0, 1).
 */
export function firstPollAt(now: number, intervalMinutes: number, unit: number): number {
  return now + Math.floor(intervalMinutes * MINUTE_MS * unit);
}
