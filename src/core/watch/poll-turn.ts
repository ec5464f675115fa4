import { performance } from 'node:perf_hooks';
import type { NewNotification } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import { type PollSummary, pollOnce } from '../polling/index.js';

/** Ticks until an instance is looked at again that is due and yet was not polled; `failed`: its time may not have moved on. */
const REST = { busy: 2, idle: 10, cooling: 15, failed: 30 };

/** One scheduled poll. Returns for how many ticks the instance is to be left alone. */
export async function pollTurn(
  ctx: Context,
  id: number,
  turn: {
    signal: AbortSignal;
    force: AbortSignal;
    onNotification(notification: NewNotification): void;
    onPolled(summary: PollSummary, durationMs: number): void;
  },
): Promise<number> {
  const { signal, force, onNotification } = turn;
  const began = performance.now();
  const { summary, polled } = await pollOnce(ctx, id, { scheduled: true, signal, force, onNotification });
  if (polled || summary.notifications > 0) turn.onPolled(summary, performance.now() - began);
  if (summary.status === 'failed') return polled ? REST.failed : REST.cooling;
  if (polled) return 0;
  return summary.status === 'busy' ? REST.busy : REST.idle;
}
