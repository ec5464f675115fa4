/** All tries of one call, the first included. */
export const TRIES = 5;
export const LONGEST_MS = 32_000;

/**
 * Milliseconds to wait after failure number `failures` (1 is the first): jitter over the whole span from 1 s, Google's
 * shortest first wait, to Google's own min(2^n s + 1 s, 32 s). `unit` is in [0, 1).
 */
export function backoff(failures: number, unit: number): number {
  const longest = Math.min(2 ** (failures - 1) * 1000 + 1000, LONGEST_MS);
  return Math.round(1000 + unit * (longest - 1000));
}
