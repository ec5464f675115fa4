import type { Context } from '../core/context.js';
import { eventObject, resendEvents } from '../core/delivery/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { type EventsFilterOptions, eventsNamed } from './events-filter.js';
import { showEvents } from './events-table.js';

export interface EventsResendOptions extends EventsFilterOptions {
  ids?: string[];
}

/** Attempts notifications at once, under the same id and with the same bytes; `partial` when one is not delivered by that. */
export async function run(options: EventsResendOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const { rows, refused } = await resendEvents(ctx, await eventsNamed(options, ctx, 'events resend'));
  for (const row of rows) ui.data(eventObject(row));
  if (rows.length === 0) ui.note('No notification matches: nothing was sent.');
  else showEvents(rows, ctx.clock.now(), ui);
  for (const { instanceId, reason } of refused) {
    ui.warn(`Nothing of instance ${instanceId} was sent: it ${reason}.`);
  }
  return refused.length === 0 && rows.every((row) => row.state === 'delivered') ? 'ok' : 'partial';
}
