import { StoreError } from '../../store/errors.js';
import type { OutboxRow } from '../../store/ports/outbox.js';
import { CoreError } from '../errors.js';
import { type Answer, unsent } from './answer.js';
import { callbackRequest } from './callback-request.js';
import type { Drain } from './drain.js';
import { isOnTrial, isResting } from './endpoint.js';
import { placesOf } from './places.js';
import { record } from './record.js';

/**
 * One attempt of one notification, once there is a place for it: sent only after the lease was checked, its outcome stored
 * with all that follows. When a command wants the lease or the endpoint rests, the drain is marked as over instead, and the
 * answer is false; also when the endpoint turns out to be on trial only once there is a place. Throws LeaseLostError and StoreError; the attempt then does not count, and is due again at once.
 */
export async function attempt(drain: Drain, row: OutboxRow): Promise<boolean> {
  const { ctx, endpoint, resent } = drain;
  const places = placesOf(ctx);
  const mayDecide = row.queue === 'events' && !resent;
  // Mailbox notifications hold no other back: they have places of their own.
  return places.endpoint.run(`${row.queue} ${endpoint}`, async () => {
    const decides = mayDecide && drain.onTrial;
    const now = () =>
      places.all.run(async () => {
        if (await isOver(drain)) return false;
        return mayDecide && drain.onTrial && !decides ? false : attemptNow(drain, row);
      });
    return decides ? places.trial.run(endpoint, now) : now();
  });
}

async function attemptNow(drain: Drain, row: OutboxRow): Promise<boolean> {
  const { ctx, lease, endpoint, tally } = drain;
  const body = await ctx.store.outbox.body(row.id);
  if (body === null) throw bodyLost(row);
  if (await ctx.store.leases.check(lease)) {
    drain.wanted = drain.over = true;
    return false;
  }
  const startedAt = ctx.clock.now();
  tally.begun += 1;
  const answer = await send(drain, { ...row, body }, startedAt);
  const verdict = await placesOf(ctx).outcome.run(endpoint, () => record(drain, row, answer, startedAt));
  const { status, error, durationMs: ms } = answer;
  ctx.progress?.({ kind: 'attempted', instanceId: row.instanceId, delivered: answer.ok });
  ctx.log.debug({ instance: row.instanceId, notification: row.id, status, error, ms }, 'attempt');
  if (verdict.instance?.stop && !drain.resent) drain.over = true;
  return true;
}

/** A row and its body are written and deleted together: one alone is damage, and would be looked at again without end. */
function bodyLost({ id }: OutboxRow): StoreError {
  return new StoreError('store', `events.db has lost the body of notification ${id}`, {
    hint: `Restore events.db from a backup; or give the notification up: gmail-events events discard ${id}`,
  });
}

/** Looked at last of all, for the wait for a place may have been long. What one attempt has found out holds for the others. */
async function isOver(drain: Drain): Promise<boolean> {
  const { ctx, endpoint, options, resent } = drain;
  const row = await ctx.store.outbox.endpoint(endpoint);
  drain.onTrial = isOnTrial(row);
  if (!resent && isResting(row, ctx.clock.now())) drain.over = true;
  return drain.over || options.signal?.aborted === true;
}

async function send(
  { settings, sender }: Drain,
  notification: { id: string; contentType: string; body: Uint8Array },
  now: number,
): Promise<Answer> {
  try {
    return await sender.send(callbackRequest(settings, notification, now), now);
  } catch (error) {
    // The instance's own configuration is at fault: a failed attempt like any other, which `events list` explains.
    if (error instanceof CoreError) return unsent(error.message);
    throw error;
  }
}
