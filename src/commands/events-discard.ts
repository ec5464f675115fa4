import type { Context } from '../core/context.js';
import { discardable, discardEvents, eventObject } from '../core/delivery/index.js';
import { CoreError } from '../core/errors.js';
import type { Outcome, Ui } from '../ui/output.js';
import { type Asking, confirm } from './confirmation.js';
import { type EventsFilterOptions, eventsNamed } from './events-filter.js';
import { showEvents } from './events-table.js';

export interface EventsDiscardOptions extends EventsFilterOptions {
  ids?: string[];
  yes?: boolean;
}

/**
 * Gives notifications up, after a confirmation or with `--yes`, and prints them. Where nobody can be asked, ids are the
 * decision (`status` names the command with its id, and `events resend` takes it back); a filter, which may match more than
 * was thought of, needs `--yes`. `prompts` is how a person is asked.
 */
export async function run(options: EventsDiscardOptions, ctx: Context, ui: Ui, prompts?: Asking): Promise<Outcome> {
  const { yes, ...named } = options;
  const filter = await eventsNamed(named, ctx, 'events discard');
  const { length } = await discardable(ctx, filter);
  if (length === 0) {
    ui.note('No undelivered notification matches: nothing was discarded.');
    return 'ok';
  }
  const what = length === 1 ? '1 notification' : `${length} notifications`;
  const byFilter = options.ids === undefined || options.ids.length === 0;
  if (byFilter && yes !== true && !ui.interactive) {
    throw new CoreError('usage', `giving up ${what} by a filter needs a confirmation`, { hint: 'Add --yes.' });
  }
  await confirm(yes, ui, { question: `Give up ${what}?`, undone: 'discarded' }, prompts);
  const rows = await discardEvents(ctx, filter);
  for (const row of rows) ui.data(eventObject(row));
  showEvents(rows, ctx.clock.now(), ui);
  return 'ok';
}
