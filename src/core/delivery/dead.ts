import type { NewNotification, OutboxRow } from '../../store/ports/outbox.js';
import { buildMailboxNotification } from '../notification/index.js';
import type { Drain } from './drain.js';
import type { Verdict } from './outcome.js';

/** The DEAD_LETTER of a death in the events queue: none, when the instance wants no mailbox events. */
export async function deadLetter(drain: Drain, row: OutboxRow, { patch }: Verdict): Promise<NewNotification[]> {
  if (patch.state !== 'dead' || row.queue === 'mailbox') return [];
  const { ctx, instance, settings } = drain;
  const diedAt = patch.diedAt ?? ctx.clock.now();
  const letter = buildMailboxNotification({
    instance,
    settings,
    email: await mailboxOf(drain),
    eventType: 'DEAD_LETTER',
    key: [row.id, String(diedAt)],
    record: {
      notificationId: row.id,
      attempts: patch.attempts ?? row.attempts,
      lastStatus: patch.lastStatus ?? null,
      lastError: patch.lastError ?? null,
    },
    at: diedAt,
  });
  return letter === null ? [] : [letter];
}

/** Deliveries go on when the grant is gone: then the name of its file stands in for the address. */
async function mailboxOf({ ctx, instance }: Drain): Promise<string> {
  try {
    return (await ctx.store.accountFiles.read(instance.account))?.email ?? instance.account;
  } catch {
    return instance.account;
  }
}
