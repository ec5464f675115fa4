/** When an instance is polled. All times are milliseconds. */

/** A cron line starts a moment before or after the minute: what comes due so soon is polled by this run. */
export const DUE_GRACE_MS = 10_000;

/**
 * Has the time come? A stored time further ahead than the interval allows was written under another clock (or for a
 * longer interval) and counts as come; so does a time that was never set.
 */
export function isDue(nextPollAt: number | null, intervalMs: number, now: number, graceMs: number): boolean {
  if (nextPollAt === null) return true;
  return nextPollAt <= now + graceMs || nextPollAt > now + intervalMs;
}

/**
 * The time of the next poll: the scheduled time of this one plus the interval, past ones skipped, so that polls keep
 * their phase however long each takes. A poll by hand, or one without a usable scheduled time, starts a new phase.
 */
export function nextPollTime(poll: {
  scheduledAt: number | null;
  byHand: boolean;
  intervalMs: number;
  start: number;
  end: number;
}): number {
  const { scheduledAt, intervalMs, start, end } = poll;
  const usable = scheduledAt !== null && !poll.byHand && scheduledAt <= start + intervalMs;
  const base = usable ? scheduledAt : start;
  const passed = Math.max(0, Math.floor((end - base) / intervalMs));
  return base + (passed + 1) * intervalMs;
}
