import pLimit from 'p-limit';
import type { Context } from '../context.js';
import { deliverInstance } from './deliver.js';
import type { DeliverOptions } from './drain.js';
import { endpointDue } from './due.js';
import { KeyedLimit } from './places.js';
import type { DeliverySummary } from './summary.js';

/** Instances worked on at once, and of these those of one endpoint: one that hangs does not hold up the others. */
const INSTANCES = 64;
const INSTANCES_PER_ENDPOINT = 8;

/**
 * Delivers for all instances with something due, those that become due meanwhile included; each is worked on once. A broken
 * instance file keeps none of the others waiting: its StoreError is thrown at the end.
 */
export async function deliverDue(ctx: Context, options: DeliverOptions = {}): Promise<Map<number, DeliverySummary>> {
  const summaries = new Map<number, DeliverySummary>();
  const seen = new Set<number>();
  for (;;) {
    const due = (await ctx.store.outbox.instancesDue(ctx.clock.now())).filter((id) => !seen.has(id));
    if (due.length === 0 || options.signal?.aborted) return summaries;
    await deliverAll(ctx, due, options, summaries);
    for (const id of due) seen.add(id);
  }
}

async function deliverAll(
  ctx: Context,
  ids: number[],
  options: DeliverOptions,
  summaries: Map<number, DeliverySummary>,
): Promise<void> {
  const all = pLimit(INSTANCES);
  const byEndpoint = new KeyedLimit(INSTANCES_PER_ENDPOINT);
  const failures: unknown[] = [];
  const deliver = async (id: number) => {
    try {
      const endpoint = await all(() => endpointDue(ctx, id));
      if (endpoint === null) return;
      await byEndpoint.run(endpoint, () =>
        all(async () => {
          if (options.signal?.aborted) return;
          summaries.set(id, await deliverInstance(ctx, id, options));
        }),
      );
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(ids.map(deliver));
  if (failures.length > 0) throw failures[0];
}
