import type { Context } from '../core/context.js';
import { eventObject, resendEvents } from '../core/delivery/index.js';
import { CoreError } from '../core/errors.js';
import type { Outcome, Ui } from '../ui/output.js';
import { withProgress } from '../ui/progress.js';
import { type EventsFilterOptions, eventsNamed } from './events-filter.js';
import { showEvents } from './events-table.js';
import { counted } from './notification-lines.js';
import { RunProgress } from './run-progress.js';

export interface EventsResendOptions extends EventsFilterOptions {
  ids?: string[];
}

/** Attempts notifications at once, under the same id and with the same bytes. CoreError `partial` when one is not delivered by that. */
export async function run(options: EventsResendOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const filter = await eventsNamed(options, ctx, 'events resend');
  const progress = new RunProgress('Sending');
  const { rows, refused } = await withProgress(
    ui,
    () => progress.text(),
    () => resendEvents(progress.heard(ctx), filter),
  );
  for (const row of rows) ui.data(eventObject(row));
  if (rows.length === 0) ui.note('No notification matches: nothing was sent.');
  else showEvents(rows, ctx.clock.now(), ui);
  const open = rows.filter((row) => row.state !== 'delivered').length;
  if (open === 0 && refused.length === 0) return 'ok';
  const reasons = refused.map(({ instanceId, reason }) => `nothing of instance ${instanceId} was sent: it ${reason}`);
  const message = [`${open} of ${counted(rows.length, 'notification')} not delivered`, ...reasons].join('; ');
  throw new CoreError('partial', message, { hint: 'gmail-events events show ID tells what each attempt met.' });
}
