import type { Context } from '../core/context.js';
import { eventObject, listEvents } from '../core/delivery/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { type EventsFilterOptions, eventsFilter } from './events-filter.js';
import { showEvents } from './events-table.js';

export type EventsListOptions = EventsFilterOptions;

/** The outbox in queue order, without the mail's content. */
export async function run(options: EventsListOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const rows = await listEvents(ctx, await eventsFilter(options, ctx));
  for (const row of rows) ui.data(eventObject(row));
  if (rows.length === 0) ui.note('No notification matches.');
  else showEvents(rows, ctx.clock.now(), ui);
  return 'ok';
}
