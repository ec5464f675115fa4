import type { Lease } from '../../store/ports/leases.js';
import type { Queue } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';

const QUEUES: Queue[] = ['events', 'mailbox'];

/**
 * Of an instance without a callback URL: what is pending becomes stored. The update that took the URL away has done so,
 * unless it was cut short behind the file.
 */
export async function storeUnaddressed(ctx: Context, lease: Lease, id: number): Promise<void> {
  for (const queue of QUEUES) {
    if ((await ctx.store.outbox.pending(id, queue, { limit: 1 })).length === 0) continue;
    await ctx.store.outbox.store(lease, id, ctx.clock.now());
    return;
  }
}
