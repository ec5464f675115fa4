import pLimit from 'p-limit';
import type { Context } from '../context.js';
import { endpointDue } from '../delivery/due.js';
import { type DeliverySummary, deliverInstance } from '../delivery/index.js';
import { KeyedLimit } from '../delivery/places.js';

/** Instances looked at, or worked on for one endpoint, at once: those that wait for a slow receiver hold up no other's. */
const LOOKS_AT_ONCE = 32;
const INSTANCES_PER_ENDPOINT = 8;

/** Delivers what is due of one instance; null when nothing is, or the process is to stop. */
export function createDeliveryTurns(
  ctx: Context,
  signal: AbortSignal,
): (id: number) => Promise<DeliverySummary | null> {
  const looks = pLimit(LOOKS_AT_ONCE);
  const byEndpoint = new KeyedLimit(INSTANCES_PER_ENDPOINT);
  return async (id) => {
    const endpoint = await looks(() => endpointDue(ctx, id));
    if (endpoint === null) return null;
    return byEndpoint.run(endpoint, async () => (signal.aborted ? null : deliverInstance(ctx, id, { signal })));
  };
}
