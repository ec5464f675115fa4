import type { NewNotification } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import { type PollSummary, pollOnce } from '../polling/index.js';

/** Ticks until an instance is looked at again that is due and yet was not polled. */
const REST = { busy: 2, idle: 10, cooling: 15 };

/** One scheduled poll. Returns for how many ticks the instance is to be left alone. */
export async function pollTurn(
  ctx: Context,
  id: number,
  turn: {
    signal: AbortSignal;
    force: AbortSignal;
    onNotification(notification: NewNotification): void;
    onPolled(summary: PollSummary): void;
  },
): Promise<number> {
  const { signal, force, onNotification } = turn;
  const { summary, polled } = await pollOnce(ctx, id, { scheduled: true, signal, force, onNotification });
  if (polled || summary.notifications > 0) turn.onPolled(summary);
  if (polled) return 0;
  if (summary.status === 'busy') return REST.busy;
  return summary.status === 'failed' ? REST.cooling : REST.idle;
}
