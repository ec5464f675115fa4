import type { InFlight, WatchAction } from '../core/watch/index.js';
import type { Ui } from '../ui/output.js';
import { counted, madeText } from './notification-lines.js';

/** One line for a person about what a watch has done; `time` stands in front of it. */
export function tellAction(action: WatchAction, time: string, ui: Ui): void {
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

/** A poll that found nothing, and failed at nothing. */
export function isIdle(action: WatchAction): boolean {
  return action.kind === 'poll' && action.summary.error === null && action.summary.events === 0;
}

/** What a watch that is to end waits for: "In flight: 1 poll, 3 deliveries". */
export function inFlightText({ polls, deliveries }: InFlight): string {
  const sending = `${deliveries} ${deliveries === 1 ? 'delivery' : 'deliveries'}`;
  return `In flight: ${[...(polls === 0 ? [] : [counted(polls, 'poll')]), sending].join(', ')}`;
}
