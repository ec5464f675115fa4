import type { Context } from '../core/context.js';
import { type WatchAction, watch } from '../core/watch/index.js';
import { SIGNAL_EXIT_CODES } from '../ui/exit-codes.js';
import type { Outcome, Ui } from '../ui/output.js';
import { isoTime } from '../ui/time.js';
import { counted, madeText, notificationObject } from './notification-lines.js';
import { LiveView } from './watch-live.js';

export interface WatchOptions {
  /** Ids or names; none is all. */
  names: string[];
  /** The process, or a test's own. */
  process?: Pick<NodeJS.Process, 'on' | 'off' | 'exit'> | undefined;
}

type Signal = keyof typeof SIGNAL_EXIT_CODES;

/** Polls and delivers until SIGINT or SIGTERM; the second of them ends it at once. */
export async function run(options: WatchOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const host = options.process ?? process;
  const stop = new AbortController();
  const force = new AbortController();
  const onSignal = (signal: Signal) => {
    if (stop.signal.aborted) {
      force.abort();
      ui.live(null);
      host.exit(SIGNAL_EXIT_CODES[signal]);
    }
    ui.note('Stopping: what is in flight ends first. Once more ends it at once.');
    stop.abort();
  };
  const signals = Object.keys(SIGNAL_EXIT_CODES) as Signal[];
  for (const signal of signals) host.on(signal, onSignal);
  try {
    ui.note('Watching; Ctrl-C stops.');
    const view = ui.lively ? new LiveView(ctx, ui) : null;
    void view?.show(options.names, stop.signal);
    await watch(ctx, {
      names: options.names,
      signal: stop.signal,
      force: force.signal,
      onNotification: (notification) => {
        ui.data(notificationObject(notification));
        if (notification.queue === 'events') view?.made(notification.instanceId, notification.eventCount);
      },
      onAction: (action) => {
        // A poll that found nothing shows in the view.
        const idle = action.kind === 'poll' && action.summary.error === null && action.summary.events === 0;
        if (view === null || !idle) tell(action, `${isoTime(ctx.clock.now())} `, ui);
      },
    });
    return 'ok';
  } finally {
    stop.abort();
    ui.live(null);
    for (const signal of signals) host.off(signal, onSignal);
  }
}

function tell(action: WatchAction, time: string, ui: Ui): void {
  switch (action.kind) {
    case 'poll': {
      const { id, error } = action.summary;
      if (error === null) ui.note(`${time}instance ${id}: ${madeText(action.summary)}`);
      else ui.warn(`${time}instance ${id}: ${error.message}${error.hint === null ? '' : ` (${error.hint})`}`);
      return;
    }
    case 'delivery': {
      const { delivered, pending, failed, died, stopped } = action.summary;
      const parts = [`${delivered} delivered`, `${pending} pending`];
      if (failed > 0) parts.push(`${counted(failed, 'attempt')} failed`);
      if (died > 0) parts.push(`${counted(died, 'notification')} given up`);
      if (stopped) parts.push(`stopped: gmail-events instances resume ${action.id}`);
      ui.note(`${time}instance ${action.id}: ${parts.join(', ')}`);
      return;
    }
    case 'prune':
      ui.note(`${time}${counted(action.removed, 'old notification')} removed`);
      return;
    case 'error':
      ui.warn(`${time}${action.error.message}`);
  }
}
