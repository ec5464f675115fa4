import type { Context } from '../context.js';
import { type RunOptions, runPolls } from './run-polls.js';
import { DUE_GRACE_MS } from './schedule.js';
import type { PollResult } from './summary.js';

/**
 * Instances that may have to be polled, from the rows alone, so that thousands of files need not be read: those whose time
 * has come, those never scheduled, those whose time was set in what is now the future (the clock was set back), and those
 * without a row (events.db was lost). Whoever holds the lease then looks closely.
 */
export async function pollCandidates(ctx: Context, graceMs: number): Promise<number[]> {
  const now = ctx.clock.now();
  const [files, rows] = await Promise.all([ctx.store.instanceFiles.keys(), ctx.store.instances.list()]);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const candidates = files.filter((id) => {
    const row = rowOf.get(id);
    if (row === undefined || row.nextPollAt === null) return true;
    return row.nextPollAt <= now + graceMs || (row.plannedAt ?? row.createdAt) > now;
  });
  return candidates.sort((one, other) => one - other);
}

/**
 * The cron line's run: polls what is due (with grace), delivers what is due of any instance. `among` restricts both;
 * null is all. Instances with nothing done are left out of the results.
 */
export async function pollDue(
  ctx: Context,
  among: ReadonlySet<number> | null,
  options: Omit<RunOptions, 'scheduled'>,
): Promise<PollResult[]> {
  const wanted = (id: number) => among === null || among.has(id);
  const due = (await pollCandidates(ctx, DUE_GRACE_MS)).filter(wanted);
  const delivering = options.deliver ? (await ctx.store.outbox.instancesDue(ctx.clock.now())).filter(wanted) : [];
  const polled = new Set(due);
  const deliverOnly = new Set(delivering.filter((id) => !polled.has(id)));
  const ids = [...due, ...deliverOnly].sort((one, other) => one - other);
  const results = await runPolls(ctx, ids, { ...options, scheduled: true }, deliverOnly);
  return results.filter((result) => result.polled || (result.delivery?.attempted ?? 0) > 0);
}
