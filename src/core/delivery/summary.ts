import type { Context } from '../context.js';
import { readSettings } from '../instances/settings.js';
import type { Tally } from './drain.js';
import { endpointOf, isResting } from './endpoint.js';

/** What a run did for an instance, and how its outbox stands. Of the events queue: mailbox notifications count in nothing. */
export interface DeliverySummary {
  /** Another process holds the deliver lease, or took it over. */
  busy: boolean;
  /** It ended its turn for others, and has more to attempt. */
  passed?: true;
  attempted: number;
  delivered: number;
  failed: number;
  died: number;
  pending: number;
  dead: number;
  stopped: boolean;
  resting: boolean;
}

export async function summary(ctx: Context, id: number, tally: Tally, busy: boolean): Promise<DeliverySummary> {
  const [instance, row, [counts]] = await Promise.all([
    ctx.store.instanceFiles.read(id),
    ctx.store.instances.get(id),
    ctx.store.outbox.counts(id),
  ]);
  const { attempted, delivered, failed, died } = tally;
  return {
    busy,
    attempted,
    delivered,
    failed,
    died,
    pending: counts?.pending ?? 0,
    dead: counts?.dead ?? 0,
    stopped: row?.stop != null,
    resting: instance !== null && (await endpointRests(ctx, readSettings(instance).callbackUrl)),
  };
}

export async function endpointRests(ctx: Context, callbackUrl: string | null): Promise<boolean> {
  if (callbackUrl === null) return false;
  return isResting(await ctx.store.outbox.endpoint(endpointOf(callbackUrl)), ctx.clock.now());
}
