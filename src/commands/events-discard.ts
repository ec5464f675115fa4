import type { Context } from '../core/context.js';
import { discardable, discardEvents, eventObject, type OutboxFilter } from '../core/delivery/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { type EventsFilterOptions, eventsNamed } from './events-filter.js';
import { showEvents } from './events-table.js';

export interface EventsDiscardOptions extends EventsFilterOptions {
  ids?: string[];
  yes?: boolean;
}

/** Gives notifications up. On a terminal it asks first, unless `--yes`. Prints those that were given up. */
export async function run(options: EventsDiscardOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const { yes, ...named } = options;
  const filter = await eventsNamed(named, ctx, 'events discard');
  if (ui.interactive && yes !== true && !(await confirmed(ctx, filter))) {
    ui.note('Nothing was discarded.');
    return 'ok';
  }
  const rows = await discardEvents(ctx, filter);
  for (const row of rows) ui.data(eventObject(row));
  if (rows.length === 0) ui.note('No undelivered notification matches: nothing was discarded.');
  else showEvents(rows, ctx.clock.now(), ui);
  return 'ok';
}

async function confirmed(ctx: Context, filter: OutboxFilter): Promise<boolean> {
  const { length } = await discardable(ctx, filter);
  if (length === 0) return true;
  const { confirm } = await import('../ui/prompts.js');
  return confirm(`Give up ${length} notification${length === 1 ? '' : 's'}?`);
}
