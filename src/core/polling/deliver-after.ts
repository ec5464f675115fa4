import type { Context } from '../context.js';
import { type DeliverOptions, deliverInstance, type EndpointTurns } from '../delivery/index.js';
import { reported } from '../errors.js';
import { failedResult, type PollResult } from './summary.js';

export interface DeliverAfterOptions extends Pick<DeliverOptions, 'onAttempt'> {
  deliver: boolean;
  /** Graceful: no new attempt is begun. */
  signal?: AbortSignal | undefined;
  /** Of several instances: whose turn it is. */
  turn?: EndpointTurns;
}

/** Delivers what is due of the instance and fills in how its outbox stands. A disabled instance is not delivered. */
export async function deliverAfter(
  ctx: Context,
  result: PollResult,
  { deliver, signal, onAttempt, turn = (_id, work) => work(() => false) }: DeliverAfterOptions,
): Promise<PollResult> {
  const { id, status } = result.summary;
  try {
    // Most polls find nothing, and a lease costs two writes.
    if (!deliver || status === 'disabled' || !(await ctx.store.outbox.hasPending(id))) {
      const [counts] = await ctx.store.outbox.counts(id);
      return filled(result, { delivered: 0, pending: counts?.pending ?? 0, dead: counts?.dead ?? 0 });
    }
    const work = () => deliverInstance(ctx, id, { ...(signal && { signal }), ...(onAttempt && { onAttempt }) });
    const delivery = (await turn(id, work)) ?? (await work());
    const { delivered, pending, dead } = delivery;
    return { ...filled(result, { delivered, pending, dead }), delivery };
  } catch (error) {
    return { ...failedResult(result, reported(error)), polled: true };
  }
}

function filled(result: PollResult, counts: { delivered: number; pending: number; dead: number }): PollResult {
  return { ...result, summary: { ...result.summary, ...counts } };
}
