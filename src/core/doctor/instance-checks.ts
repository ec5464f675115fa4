import { isMetadataOnly } from '../accounts/index.js';
import { isPolled, readSettings } from '../instances/index.js';
import { grantFaults } from '../resources/grant-limits.js';
import type { InstanceStatus } from '../status.js';
import type { AccountDocument, InstanceDocument } from '../types.js';
import type { Say } from './account-checks.js';
import { type Check, fault, well } from './check.js';

const EXPIRING_MS = 2 * 24 * 3600 * 1000;
const LONG_PENDING_MS = 3600 * 1000;
/** The shortest interval is a minute, and a cron line comes by every minute. */
const LEAST_LATE_MS = 2 * 60_000;

/** How an instance stands by the store alone. */
export function instanceCheck(status: InstanceStatus, polled: boolean, now: number, say: Say): Check {
  const { id, error, cursorExpiresAt, oldestPendingAt, pending, lastPollAt, nextPollAt } = status;
  const name = `instance ${id}`;
  if (error !== null && error.code !== 'retry_later') return fault(name, error.code, error.message, error.hint);
  if (!polled) return well(name, 'is disabled or has its events off');
  if (cursorExpiresAt !== null && cursorExpiresAt - now < EXPIRING_MS) {
    const when = cursorExpiresAt < now ? 'was to be expected to expire' : 'is expected to expire';
    return fault(name, 'failed', `its cursor ${when} ${say(cursorExpiresAt)}`, `gmail-events poll ${id}`);
  }
  if (oldestPendingAt !== null && now - oldestPendingAt > LONG_PENDING_MS) {
    return fault(
      name,
      'partial',
      `the oldest of ${pending} undelivered was made ${say(oldestPendingAt)}`,
      `gmail-events events list --state pending --instance ${id} tells why`,
    );
  }
  const last = lastPollAt === null ? 'never polled so far' : `polled ${say(lastPollAt)}`;
  const next = nextPollAt === null ? '' : `, next ${say(nextPollAt)}`;
  return well(name, `${last}${next}; ${pending} pending${error === null ? '' : ` (${error.message})`}`);
}

/** Whether the grant allows what the instance asks for; nothing is said when it does. CoreError `usage` for a file changed by hand. */
export function scopeChecks(instance: InstanceDocument, account: AccountDocument | undefined): Check[] {
  if (account === undefined || !isPolled(instance)) return [];
  const limits = { metadataOnly: isMetadataOnly(account.scopes), delegated: account.serviceAccount !== null };
  const [first] = grantFaults(readSettings(instance).resources, limits, '');
  if (first === undefined) return [];
  const hint = limits.metadataOnly
    ? 'gmail-events auth --scope readonly'
    : `gmail-events instances update ${instance.id}`;
  return [fault(`scope of instance ${instance.id}`, 'auth', first.message, hint)];
}

/** Whether anything polls: two intervals have passed since the last poll of an instance. */
export function pollingCheck(
  instances: readonly { status: InstanceStatus; document: InstanceDocument }[],
  now: number,
): Check {
  const name = 'polling';
  const polled = instances.filter(({ document }) => isPolled(document));
  if (polled.length === 0) return well(name, 'there is nothing to poll');
  const late = polled.filter(({ status, document }) => {
    const intervalMs = readSettings(document).intervalMinutes * 60_000;
    return status.nextPollAt !== null && now - status.nextPollAt > Math.max(intervalMs, LEAST_LATE_MS);
  });
  if (late.length === 0) return well(name, 'every instance is polled in its time');
  const all = late.length === polled.length;
  const ids = late.map(({ status }) => status.id).join(', ');
  return fault(
    name,
    'failed',
    all ? 'nothing polls: every instance is overdue by more than an interval' : `instance ${ids} is overdue`,
    all
      ? 'gmail-events service install makes it run; gmail-events service print shows a line for cron.'
      : 'Does a watch of some instances alone run? gmail-events poll --due polls what is due.',
  );
}
