import type { OutboxRow } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import { readSettings } from '../instances/settings.js';
import { undeliverable } from './drain.js';
import { endpointOf, isResting } from './endpoint.js';
import { isDue } from './schedule.js';

/** The first pending row of the events queue, if its time has come: what an ordered instance attempts next. */
export async function dueHead(ctx: Context, instanceId: number): Promise<OutboxRow | null> {
  const now = ctx.clock.now();
  const [head] = await ctx.store.outbox.pending(instanceId, 'events', { limit: 1 });
  if (head === undefined) return null;
  if (isDue(head, now, now)) return head;
  const attempts = await ctx.store.outbox.attempts(head.id);
  return isDue(head, attempts.at(-1)?.at ?? null, now) ? head : null;
}

/**
 * The endpoint of an instance that has something to attempt now, else null: looked at before a lease is taken, because the
 * rows behind a failing head are due all the time and must not cost a lease at every look.
 */
export async function endpointDue(ctx: Context, instanceId: number): Promise<string | null> {
  const { instanceFiles, instances, outbox } = ctx.store;
  const instance = await instanceFiles.read(instanceId);
  if (instance === null) return null;
  const settings = readSettings(instance);
  if (undeliverable(instance, settings) !== null) return null;
  if ((await instances.get(instanceId))?.stop != null) return null;
  const endpoint = endpointOf(settings.callbackUrl ?? '');
  const now = ctx.clock.now();
  if (isResting(await outbox.endpoint(endpoint), now)) return null;
  if (settings.order === 'ordered' && (await dueHead(ctx, instanceId)) !== null) return endpoint;
  for (const queue of settings.order === 'ordered' ? (['mailbox'] as const) : (['events', 'mailbox'] as const)) {
    if ((await outbox.pending(instanceId, queue, { limit: 1, dueAt: now })).length > 0) return endpoint;
  }
  return null;
}
