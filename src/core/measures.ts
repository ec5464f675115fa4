import type { NotificationState } from '../store/ports/outbox.js';
import type { Context } from './context.js';
import { isPolled, readInstances } from './instances/index.js';

/** How the store stands, in numbers. Nothing in it is of a person or of mail: instances are named by their ids alone. */
export interface Measures {
  /** Notifications by state, of both queues. */
  outbox: Record<NotificationState, number>;
  /** Of the events queue; 0 when nothing is pending. */
  oldestPendingSeconds: number;
  /** Of polled instances: since when their slowest resource is known to be read. */
  cursors: { instanceId: number; seconds: number }[];
  /** Quota units since midnight UTC of each account that instances use, named by the first of them. */
  unitsToday: { instanceId: number; units: number }[];
}

/** What a scrape of the metrics asks the store for. Google is not asked. */
export async function readMeasures(ctx: Context): Promise<Measures> {
  const now = ctx.clock.now();
  const [{ documents }, outbox, counts, spent] = await Promise.all([
    readInstances(ctx),
    ctx.store.outbox.depths(),
    ctx.store.outbox.counts(),
    ctx.store.quota.spentOn(new Date(now).toISOString().slice(0, 10)),
  ]);
  const cursors: Measures['cursors'] = [];
  for (const { id } of documents.filter(isPolled)) {
    const resources = await ctx.store.resources.list(id);
    const times = resources.flatMap(({ cursorAt }) => (cursorAt === null ? [] : [cursorAt]));
    if (times.length > 0) cursors.push({ instanceId: id, seconds: ageSeconds(now, Math.min(...times)) });
  }
  const pendingSince = counts.flatMap(({ oldestPendingAt }) => (oldestPendingAt === null ? [] : [oldestPendingAt]));
  const firstOf = new Map<string, number>();
  for (const { id, account } of documents) if (!firstOf.has(account)) firstOf.set(account, id);
  return {
    outbox,
    oldestPendingSeconds: pendingSince.length === 0 ? 0 : ageSeconds(now, Math.min(...pendingSince)),
    cursors,
    unitsToday: spent.flatMap(({ account, units }) => {
      const instanceId = firstOf.get(account);
      return instanceId === undefined ? [] : [{ instanceId, units }];
    }),
  };
}

/** Never negative: the clock may have been set back. */
function ageSeconds(now: number, at: number): number {
  return Math.max(now - at, 0) / 1000;
}
