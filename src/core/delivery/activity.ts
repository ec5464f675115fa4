import type { OutboxActivity } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';

const HOUR_MS = 3_600_000;
/** Some 40 ms of reading at most; a busier instance shows a shorter time. */
const MOST_NOTIFICATIONS = 20_000;

/** One hour of an instance. Times and durations are milliseconds. */
export interface ActivityHour {
  from: number;
  /** Changes that its polls found. */
  events: number;
  /** Attempts that succeeded, and that failed. */
  delivered: number;
  failed: number;
  /** How long a delivery took: half of those that succeeded took no longer, and 19 of 20; null when there was none. */
  medianMs: number | null;
  slowMs: number | null;
  /** Notifications that waited at the end of the hour (of the last one: now). */
  pending: number;
}

export interface Activity {
  /** The oldest first; the last is the hour that is not over. */
  hours: ActivityHour[];
  /** Earlier than this some notifications are not counted; null: all are. */
  completeSince: number | null;
}

/** What an instance did in the last hours, from what the outbox keeps: pruned notifications are not counted. */
export async function readActivity(ctx: Pick<Context, 'store' | 'clock'>, id: number, hours = 24): Promise<Activity> {
  const now = ctx.clock.now();
  const since = firstHour(now, hours);
  const found = await ctx.store.outbox.activity(id, { since, limit: MOST_NOTIFICATIONS });
  const { completeSince } = found;
  return {
    hours: activityHours(found, now, hours),
    completeSince: completeSince !== null && completeSince > since ? completeSince : null,
  };
}

/** Hours of the clock in UTC. */
export function activityHours(found: OutboxActivity, now: number, hours: number): ActivityHour[] {
  const since = firstHour(now, hours);
  const made: ActivityHour[] = [];
  const durations: number[][] = [];
  for (let at = 0; at < hours; at++) {
    const from = since + at * HOUR_MS;
    const end = Math.min(from + HOUR_MS, now);
    const pending = found.notifications.filter((each) => waitedAt(each, end)).length;
    made.push({ from, events: 0, delivered: 0, failed: 0, medianMs: null, slowMs: null, pending });
    durations.push([]);
  }
  const index = (time: number) => Math.floor((time - since) / HOUR_MS);
  for (const { createdAt, eventCount } of found.notifications) {
    const hour = made[index(createdAt)];
    if (hour !== undefined) hour.events += eventCount;
  }
  for (const { at, error, durationMs } of found.attempts) {
    const hour = made[index(at)];
    if (hour === undefined) continue;
    hour[error === null ? 'delivered' : 'failed'] += 1;
    if (error === null) durations[index(at)]?.push(durationMs);
  }
  for (const [at, hour] of made.entries()) {
    const sorted = (durations[at] ?? []).sort((one, other) => one - other);
    hour.medianMs = quantile(sorted, 0.5);
    hour.slowMs = quantile(sorted, 0.95);
  }
  return made;
}

function firstHour(now: number, hours: number): number {
  return Math.floor(now / HOUR_MS) * HOUR_MS - (hours - 1) * HOUR_MS;
}

/** One without a callback URL waits for nothing; `diedAt` of a stored one is when it stopped waiting. */
function waitedAt(
  { createdAt, state, deliveredAt, diedAt }: OutboxActivity['notifications'][number],
  time: number,
): boolean {
  if (createdAt > time) return false;
  if (state === 'pending') return true;
  const until = state === 'delivered' ? deliveredAt : diedAt;
  return until !== null && until > time;
}

function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
