import type { OutboxRow } from '../../store/ports/outbox.js';

/** A receiver's Retry-After lengthens a wait to at most this. */
const RETRY_AFTER_MAX_MS = 24 * 3600 * 1000;
const JITTER = 0.2;

/**
 * Milliseconds from the end of attempt number `attempts` (1 and up) to the next one; null when that was the last.
 * `waits` are the seconds before attempts 2, 3, ... (setting delivery.retryWaits), `chance` is in [0, 1): up to 20 % are
 * added, so that receivers that fell together do not come back to all their mail at once. `retryAfterMs` never shortens.
 */
export function nextWait(
  attempts: number,
  waits: readonly number[],
  chance: number,
  retryAfterMs: number | null,
): number | null {
  const seconds = waits[attempts - 1];
  if (seconds === undefined) return null;
  const own = Math.round(seconds * 1000 * (1 + JITTER * chance));
  return Math.max(own, Math.min(retryAfterMs ?? 0, RETRY_AFTER_MAX_MS));
}

/**
 * Whether a pending row's time has come at `now`. `lastAttemptAt` is when its last attempt was made, null without one. A
 * stored time that is further ahead than its own wait allows counts as come: an attempt that lies in the future, or a time
 * in the future without any attempt, tells that the clock was moved back since.
 */
export function isDue(
  row: Pick<OutboxRow, 'nextAttemptAt' | 'attempts'>,
  lastAttemptAt: number | null,
  now: number,
): boolean {
  if (row.nextAttemptAt === null || row.nextAttemptAt <= now || row.attempts === 0) return true;
  return lastAttemptAt === null || lastAttemptAt > now;
}
