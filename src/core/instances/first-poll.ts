const MINUTE_MS = 60_000;

/**
 * When a new instance is polled first (milliseconds): within one interval, at a random place in it, so that instances made
 * in one go are spread evenly. `unit` is a random number in [0, 1).
 */
export function firstPollAt(now: number, intervalMinutes: number, unit: number): number {
  return now + Math.floor(intervalMinutes * MINUTE_MS * unit);
}

/**
 * The next poll after an update: undefined leaves it as it is, null is never. A new interval counts from the last poll;
 * instances whose events are turned on begin like new ones, unless they were on before.
 */
export function rescheduledPollAt(
  row: { nextPollAt: number | null; lastPollAt: number | null },
  before: { eventsEnabled: boolean; intervalMinutes: number },
  after: { eventsEnabled: boolean; intervalMinutes: number },
  { now, unit }: { now: number; unit: number },
): number | null | undefined {
  if (!after.eventsEnabled) return before.eventsEnabled ? null : undefined;
  const changed = before.intervalMinutes !== after.intervalMinutes;
  if (before.eventsEnabled && !changed) return undefined;
  if (row.lastPollAt === null) return firstPollAt(now, after.intervalMinutes, unit);
  const interval = Math.floor(after.intervalMinutes * MINUTE_MS);
  return Math.min(Math.max(row.lastPollAt + interval, now), now + interval);
}
