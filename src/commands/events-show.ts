import type { Context } from '../core/context.js';
import { showEvent } from '../core/delivery/index.js';
import type { Outcome, Ui } from '../ui/output.js';

export interface EventsShowOptions {
  id: string;
}

/** One notification with its body (the mail's content) and every attempt. */
export async function run(options: EventsShowOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const event = await showEvent(ctx, options.id);
  ui.data(event);
  if (ui.json) return 'ok';
  const { body, attemptLog, ...plain } = event;
  for (const [name, value] of Object.entries(plain)) ui.text(`${`${name}:`.padEnd(15)} ${value ?? '-'}`);
  if (attemptLog.length > 0) {
    ui.text('');
    ui.table(
      ['attempt', 'status', 'took', 'error', 'answer'],
      attemptLog.map(({ at, status, durationMs, error, answer }) => [
        at,
        String(status ?? '-'),
        `${durationMs} ms`,
        error ?? '-',
        answer?.replace(/\s+/g, ' ') ?? '-',
      ]),
    );
  }
  ui.text(`\n${JSON.stringify(body, null, 2)}`);
  return 'ok';
}
