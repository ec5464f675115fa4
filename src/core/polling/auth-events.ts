import type { GmailError } from '../../gmail/errors.js';
import type { InstanceRow } from '../../store/ports/instances.js';
import { formatDate } from '../resources/timezone.js';
import type { InstancePoll } from './instance-poll.js';

/** A grant that ends so soon is told of. */
const EXPIRING_MS = 48 * 3600 * 1000;

/** The instance's receiver learns once that polling has stopped; deliveries go on, the cursor stays where it is. */
export async function tellAuthFailed(
  poll: InstancePoll,
  row: InstanceRow,
  failure: Pick<GmailError, 'message' | 'hint'>,
): Promise<void> {
  if (row.authFailedAt !== null) return;
  const record = { reason: failure.message, hint: failure.hint, expiresAt: expiresAt(poll) };
  await poll.commit('mailbox', {
    patch: {},
    notifications: poll.mailboxNotification('AUTH_FAILED', 'mailbox', record),
    emitted: [],
    authFailedAt: poll.input.start,
  });
}

/** To be called once every resource has been caught up. */
export async function tellAuthRestored(poll: InstancePoll, row: InstanceRow): Promise<void> {
  if (row.authFailedAt === null) return;
  await poll.commit('mailbox', {
    patch: {},
    notifications: poll.mailboxNotification('AUTH_RESTORED', 'mailbox', { expiresAt: expiresAt(poll) }),
    emitted: [],
    authFailedAt: null,
  });
}

/** Told once a grant: the notification's id is derived from the time the grant ends, so it is known in the outbox. */
export async function tellAuthExpiring(poll: InstancePoll): Promise<void> {
  const { ctx, account, email, start } = poll.input;
  const ends = account?.grantExpiresAt ?? null;
  if (ends === null || ends <= start || ends - start >= EXPIRING_MS) return;
  const [notification] = poll.mailboxNotification(
    'AUTH_EXPIRING',
    'mailbox',
    {
      reason: 'Google limited this grant in time',
      hint: `Run gmail-events auth for ${email} before it ends.`,
      expiresAt: expiresAt(poll),
    },
    String(ends),
  );
  if (notification === undefined || (await ctx.store.outbox.get(notification.id)) !== null) return;
  await poll.commit('mailbox', { patch: {}, notifications: [notification], emitted: [] });
}

function expiresAt(poll: InstancePoll): string | null {
  const ends = poll.input.account?.grantExpiresAt ?? null;
  return ends === null ? null : formatDate(ends, null);
}
