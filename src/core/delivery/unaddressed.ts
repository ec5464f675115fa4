import type { Lease } from '../../store/ports/leases.js';
import type { Context } from '../context.js';

/**
 * Of an instance without a callback URL: what is pending becomes stored. The update that took the URL away has done so,
 * unless it was cut short behind the file.
 */
export async function storeUnaddressed(ctx: Context, lease: Lease, id: number): Promise<void> {
  if (await ctx.store.outbox.hasPending(id)) await ctx.store.outbox.store(lease, id, ctx.clock.now());
}
