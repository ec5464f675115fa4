import type { Context } from '../context.js';
import { readSettings } from '../instances/settings.js';
import { withWantedLease } from '../lease.js';
import { endpointOf } from './endpoint.js';

/**
 * Lifts the stop of an instance: its endpoint's rest ends, all that is pending is due with attempts counted afresh, and what
 * died since the last success is pending again at its place. Nothing is sent here. Returns how many are pending.
 */
export async function resumeInstance(ctx: Context, id: number): Promise<number> {
  return withWantedLease(ctx, `deliver:${id}`, async (lease) => {
    const instance = await ctx.store.instanceFiles.read(id);
    const callbackUrl = instance === null ? null : readSettings(instance).callbackUrl;
    const endpoint = callbackUrl === null ? null : endpointOf(callbackUrl);
    return ctx.store.outbox.resume(lease, id, endpoint, ctx.clock.now());
  });
}
