import type { Context } from '../core/context.js';
import { discardable, discardEvents, eventObject } from '../core/delivery/index.js';
import { CoreError } from '../core/errors.js';
import type { Outcome, Ui } from '../ui/output.js';
import { createPrompts, isPromptExit, type Prompts } from '../ui/prompts.js';
import { type EventsFilterOptions, eventsNamed } from './events-filter.js';
import { showEvents } from './events-table.js';

export interface EventsDiscardOptions extends EventsFilterOptions {
  ids?: string[];
  yes?: boolean;
}

/** Gives notifications up, after a confirmation or with `--yes`, and prints them. `prompts` is how a person is asked. */
export async function run(
  options: EventsDiscardOptions,
  ctx: Context,
  ui: Ui,
  prompts: () => Promise<Pick<Prompts, 'confirm'>> = createPrompts,
): Promise<Outcome> {
  const { yes, ...named } = options;
  const filter = await eventsNamed(named, ctx, 'events discard');
  const { length } = await discardable(ctx, filter);
  if (length === 0) {
    ui.note('No undelivered notification matches: nothing was discarded.');
    return 'ok';
  }
  const what = length === 1 ? '1 notification' : `${length} notifications`;
  if (yes !== true) {
    if (!ui.interactive) {
      throw new CoreError('usage', `giving up ${what} needs a confirmation`, { hint: 'Add --yes.' });
    }
    if (!(await confirmed(await prompts(), `Give up ${what}?`))) {
      throw new CoreError('failed', 'cancelled: nothing was discarded');
    }
  }
  const rows = await discardEvents(ctx, filter);
  for (const row of rows) ui.data(eventObject(row));
  showEvents(rows, ctx.clock.now(), ui);
  return 'ok';
}

async function confirmed(person: Pick<Prompts, 'confirm'>, question: string): Promise<boolean> {
  try {
    return await person.confirm(question, false);
  } catch (error) {
    if (isPromptExit(error)) return false;
    throw error;
  }
}
