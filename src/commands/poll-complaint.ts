import { CoreError } from '../core/errors.js';
import type { PollResult } from '../core/polling/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { counted, instancesText } from './notification-lines.js';

/** One error for a whole run of `poll`. When several instances failed each has had its own line before it. */
export function pollComplaint(outcome: Exclude<Outcome, 'ok'>, results: readonly PollResult[], ui: Ui): CoreError {
  const failed = results.flatMap(({ summary: { id, error } }) => (error === null ? [] : [{ id, error }]));
  const [first, ...others] = failed;
  if (first === undefined) return undelivered(outcome, results);
  if (others.length === 0) return refusal(outcome, `instance ${first.id}: ${first.error.message}`, first.error.hint);
  if (!ui.json) for (const { id, error } of failed) ui.warn(`instance ${id}: ${error.message}`);
  const ids = failed.map(({ id }) => id).join(', ');
  const same = others.every(({ error }) => error.hint === first.error.hint);
  const hint = same ? first.error.hint : 'gmail-events status names the fix of each.';
  return refusal(outcome, `${failed.length} of ${counted(results.length, 'instance')} failed: ${ids}`, hint);
}

function undelivered(outcome: Exclude<Outcome, 'ok'>, results: readonly PollResult[]): CoreError {
  const busy = results.filter(({ summary }) => summary.status === 'busy').map(({ summary }) => summary.id);
  if (outcome === 'retry_later') {
    const message = `another gmail-events process is working on ${instancesText(busy)}`;
    return refusal(outcome, message, 'Run the command again in a moment.');
  }
  const open = results.reduce((sum, { summary }) => sum + summary.pending, 0);
  const died = results.reduce((sum, { delivery }) => sum + (delivery?.died ?? 0), 0);
  const stopped = results.filter(({ delivery }) => delivery?.stopped).map(({ summary }) => summary.id);
  const parts = [
    ...(open > 0 ? [`${counted(open, 'notification')} still to be delivered`] : []),
    ...(died > 0 ? [`${counted(died, 'notification')} given up`] : []),
    ...(stopped.length > 0 ? [`deliveries of ${instancesText(stopped)} are stopped`] : []),
    ...(busy.length > 0 ? [`${counted(busy.length, 'instance')} busy`] : []),
  ];
  return refusal(outcome, parts.join(', '), undeliveredHint(stopped.length > 0, open > 0, died > 0));
}

function undeliveredHint(stopped: boolean, open: boolean, died: boolean): string {
  if (stopped) return 'gmail-events status tells why and names the command that lifts it.';
  if (died) return 'gmail-events events list --state dead tells why; gmail-events events resend ID sends one again.';
  if (open) return 'gmail-events events list --state pending tells why; later runs try again.';
  return 'Run the command again in a moment.';
}

function refusal(outcome: Exclude<Outcome, 'ok'>, message: string, hint: string | null): CoreError {
  return new CoreError(outcome, message, hint === null ? {} : { hint });
}
