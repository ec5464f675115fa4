import type { Context } from '../core/context.js';
import { findInstances, isPolled } from '../core/instances/index.js';
import type { Ui } from '../ui/output.js';
import { relativeTime } from '../ui/time.js';
import { counted } from './notification-lines.js';

const REFRESH_MS = 1000;
/** Which instances there are is read from files: less often. */
const LOOK_TICKS = 10;

/** What is going on, in one line at the bottom of a person's terminal, until `signal`. `names` as the watch has them. */
export async function showLive(names: string[], ctx: Context, ui: Ui, signal: AbortSignal): Promise<void> {
  let polled = new Set<number>();
  for (let tick = 0; !signal.aborted; tick++) {
    try {
      if (tick % LOOK_TICKS === 0) {
        polled = new Set((await findInstances(ctx, names)).filter(isPolled).map(({ id }) => id));
      }
      const line = await liveLine(polled, ctx);
      if (!signal.aborted) ui.live(line);
    } catch {
      // A locked store, an instance that was deleted: the watch itself tells what matters.
    }
    await ctx.clock.sleep(REFRESH_MS, signal);
  }
}

/** "2 instances, next poll in 42 s, 3 pending, 1 stopped" */
async function liveLine(ids: ReadonlySet<number>, ctx: Context): Promise<string> {
  const rows = (await ctx.store.instances.list()).filter(({ id }) => ids.has(id));
  const pending = (await ctx.store.outbox.counts())
    .filter(({ instanceId }) => ids.has(instanceId))
    .reduce((sum, count) => sum + count.pending, 0);
  const times = rows.flatMap(({ nextPollAt }) => (nextPollAt === null ? [] : [nextPollAt]));
  const now = ctx.clock.now();
  const next = times.length === 0 ? null : Math.max(now, Math.min(...times));
  const stopped = rows.filter(({ stop }) => stop !== null).length;
  return [
    counted(rows.length, 'instance'),
    ...(next === null ? [] : [`next poll ${relativeTime(next, now)}`]),
    ...(pending === 0 ? [] : [`${pending} pending`]),
    ...(stopped === 0 ? [] : [`${stopped} stopped`]),
  ].join(', ');
}
