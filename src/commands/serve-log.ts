import type { WatchAction } from '../core/watch/index.js';
import type { LogLines } from '../ui/log.js';
import { isIdle } from './watch-lines.js';

/** What the polling loop has done, as a line of the log. */
export function logAction(action: WatchAction, log: LogLines): void {
  switch (action.kind) {
    case 'poll': {
      const { id, status, events, notifications, requests, units, error } = action.summary;
      const fields = {
        instance: id,
        status,
        events,
        notifications,
        requests,
        units,
        ms: Math.round(action.durationMs),
      };
      if (error !== null) log.warn({ ...fields, error: error.message, hint: error.hint }, 'poll');
      else if (isIdle(action)) log.debug(fields, 'poll');
      else log.info(fields, 'poll');
      return;
    }
    case 'delivery': {
      const { delivered, failed, died, pending, stopped } = action.summary;
      const fields = { instance: action.id, delivered, failed, died, pending, stopped };
      if (failed > 0) log.warn(fields, 'delivery');
      else log.info(fields, 'delivery');
      return;
    }
    case 'prune':
      log.info({ removed: action.removed }, 'prune');
      return;
    case 'error':
      log.error({ error: action.error.message, hint: action.error.hint }, 'error');
  }
}
