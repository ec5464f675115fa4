import { performance } from 'node:perf_hooks';
import pLimit from 'p-limit';
import type { Context } from '../context.js';
import { createEndpointTurns, type DeliverOptions } from '../delivery/index.js';
import { deliverAfter } from './deliver-after.js';
import { type PollOptions, pollOnce } from './poll-once.js';
import { emptyResult, type PollResult, type PollSummary } from './summary.js';

const POLLS_AT_ONCE = 32;

export interface RunOptions extends PollOptions {
  deliver: boolean;
}

/** For whoever counts what happens. */
export interface WhilePolling extends Pick<DeliverOptions, 'onAttempt'> {
  /** It did poll, and has not delivered yet. */
  onPolled?(summary: PollSummary, durationMs: number): void;
}

/** Polls (unless it is named in `deliverOnly`) and delivers each instance. Results in the order of the ids. */
export async function runPolls(
  ctx: Context,
  ids: readonly number[],
  options: RunOptions,
  deliverOnly: ReadonlySet<number> = new Set(),
): Promise<PollResult[]> {
  const polls = pLimit(POLLS_AT_ONCE);
  const turn = createEndpointTurns(ctx);
  const deliver = options.deliver && options.dryRun !== true;
  const run = async (id: number) => {
    const result = deliverOnly.has(id) ? emptyResult(id) : await polls(() => pollOnce(ctx, id, options));
    const delivered = await deliverAfter(ctx, result, { deliver, signal: options.signal, turn });
    ctx.progress?.({ kind: 'done', instanceId: id });
    return delivered;
  };
  ctx.progress?.({ kind: 'begun', instances: ids.length });
  return Promise.all(ids.map(run));
}

/** One poll of one instance and, unless `deliver` is false, its due deliveries. Never throws: see the summary's `error`. */
export async function pollInstance(
  ctx: Context,
  id: number,
  { onPolled, ...options }: RunOptions & WhilePolling,
): Promise<PollSummary> {
  const began = performance.now();
  const result = await pollOnce(ctx, id, options);
  if (result.polled) onPolled?.(result.summary, performance.now() - began);
  return (await deliverAfter(ctx, result, options)).summary;
}

/** The same for several, some at a time; summaries in the order of the ids. */
export async function pollMany(ctx: Context, ids: readonly number[], options: RunOptions): Promise<PollSummary[]> {
  return (await runPolls(ctx, ids, options)).map((result) => result.summary);
}
