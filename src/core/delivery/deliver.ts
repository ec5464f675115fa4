import { LeaseLostError } from '../../store/errors.js';
import type { Context } from '../context.js';
import { withLease } from '../lease.js';
import { type DeliverOptions, newTally, type Tally, withDrain } from './drain.js';
import { endpointDue } from './due.js';
import { drainQueues } from './queues.js';
import { type DeliverySummary, summary } from './summary.js';

/** A command looks for a lease it wants every 100 ms, and has it for a moment only: then it is taken again. */
export const LET_PASS_MS = 300;
const LET_PASS_TURNS = 30;
/** Of a lease that is found taken: if a command has it, nobody else delivers what has just been committed. */
const FOUND_TAKEN_TURNS = 3;

/**
 * Attempts what is due of an instance under its deliver lease, until nothing is due now; then looks once more, because rows
 * that were committed while the lease was held found it taken. `busy`: another process delivers.
 */
export async function deliverInstance(
  ctx: Context,
  id: number,
  options: DeliverOptions = {},
): Promise<DeliverySummary> {
  const tally = newTally();
  let patience = FOUND_TAKEN_TURNS;
  let idleBefore = false;
  for (;;) {
    if ((await endpointDue(ctx, id)) === null) return summary(ctx, id, tally, false);
    const begun = tally.begun;
    const turn = await drainOnce(ctx, id, tally, options);
    if (turn === 'passed') return { ...(await summary(ctx, id, tally, false)), passed: true };
    if (turn === 'wanted') patience = LET_PASS_TURNS;
    const passing = turn === 'wanted' || (turn === 'busy' && patience > 0);
    if (passing && !options.signal?.aborted) {
      patience -= 1;
      await ctx.clock.sleep(LET_PASS_MS, options.signal);
      continue;
    }
    // A turn that began nothing has held the lease as well, so it is followed by one more look.
    const idle = tally.begun === begun;
    if (turn === 'busy' || options.signal?.aborted || (idle && idleBefore)) {
      return summary(ctx, id, tally, turn === 'busy');
    }
    idleBefore = idle;
  }
}

/**
 * One turn under the deliver lease: `wanted` when it was given up to a command that wants it, `passed` to another instance,
 * `busy` when it is another's.
 */
async function drainOnce(
  ctx: Context,
  id: number,
  tally: Tally,
  options: DeliverOptions,
): Promise<'busy' | 'wanted' | 'passed' | 'done'> {
  const given = { tally, options, resent: false };
  try {
    const held = await withLease(ctx, `deliver:${id}`, (lease) => withDrain(ctx, lease, id, given, drainQueues));
    if (held === null) return 'busy';
    if (held.value?.wanted) return 'wanted';
    return held.value?.passed ? 'passed' : 'done';
  } catch (error) {
    // What was in flight is due again: the new holder sends it, under the same id and with the same bytes.
    if (error instanceof LeaseLostError) return 'busy';
    throw error;
  }
}
