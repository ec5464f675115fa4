import type { Context } from '../context.js';
import { finishDeletions } from '../instances/remove.js';

const DAY_MS = 24 * 3600 * 1000;
/** Rows a transaction: a poll that commits meanwhile waits for no longer than these take. */
const STEP = 500;

/**
 * Deletes what is older than the settings keep it: delivered rows (`retention.deliveredDays`), dead and stored ones
 * (`retention.deadDays`), never pending ones; and all that a deletion which was cut short has left. Returns how many aged.
 */
export async function pruneOutbox(ctx: Context, options: { signal?: AbortSignal } = {}): Promise<number> {
  const rules = await ctx.store.settings.read();
  const now = ctx.clock.now();
  const deliveredBefore = now - rules['retention.deliveredDays'] * DAY_MS;
  const deadBefore = now - rules['retention.deadDays'] * DAY_MS;
  await finishDeletions(ctx);
  let removed = 0;
  while (!options.signal?.aborted) {
    const step = await ctx.store.outbox.prune({ deliveredBefore, deadBefore, limit: STEP });
    removed += step;
    if (step < STEP) break;
  }
  return removed;
}
