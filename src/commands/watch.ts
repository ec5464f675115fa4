import type { Context } from '../core/context.js';
import { watch } from '../core/watch/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { withProgress } from '../ui/progress.js';
import { isoTime } from '../ui/time.js';
import { notificationObject } from './notification-lines.js';
import { type Host, stopOnSignals } from './stopping.js';
import { inFlightText, isIdle, tellAction } from './watch-lines.js';
import { LiveView } from './watch-live.js';

export interface WatchOptions {
  /** Ids or names; none is all. */
  names: string[];
  /** The process, or a test's own. */
  process?: Host | undefined;
}

/** Polls and delivers until SIGINT or SIGTERM; the second of them ends it at once. */
export async function run(options: WatchOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const { stop, force, release } = stopOnSignals(ui, options.process);
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  try {
    ui.note('Watching; Ctrl-C stops.');
    const view = ui.lively ? new LiveView(ctx, ui) : null;
    void view?.show(options.names, stop);
    await watch(ctx, {
      names: options.names,
      signal: stop,
      force,
      onNotification: (notification) => {
        ui.data(notificationObject(notification));
        if (notification.queue === 'events') view?.made(notification.instanceId, notification.eventCount);
      },
      onAction: (action) => {
        // A poll that found nothing shows in the view.
        if (view === null || !isIdle(action)) tellAction(action, `${isoTime(ctx.clock.now())} `, ui);
      },
      onDrain: (left) => {
        void withProgress(
          ui,
          () => inFlightText(left()),
          () => ended,
        );
      },
    });
    return 'ok';
  } finally {
    release();
    end();
    ui.live(null);
  }
}
