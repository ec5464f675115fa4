import type { Context } from '../context.js';
import { withInstance, withLease } from '../lease.js';
import { unknownInstance } from './find.js';
import { dropForReceiver } from './receiver-secret.js';

/** Deletes an instance and all that is kept of it: the file first, then the rows. Tells how many pending notifications went. */
export async function deleteInstance(ctx: Context, id: number): Promise<{ id: number; droppedPending: number }> {
  return withInstance(ctx, id, async (lease) => {
    if ((await ctx.store.instanceFiles.read(id)) === null) throw unknownInstance(String(id));
    await ctx.store.instances.markDeleted(lease, id, ctx.clock.now());
    await ctx.store.instanceFiles.remove(lease, id);
    await dropForReceiver(ctx.home, id);
    return { id, droppedPending: await ctx.store.instances.remove(lease, id) };
  });
}

/** Removes the rows of instances whose deletion was cut short behind their file. One that others work on is left to later. */
export async function finishDeletions(ctx: Context): Promise<void> {
  for (const id of await ctx.store.instances.deleted()) {
    await withLease(ctx, `poll:${id}`, (poll) =>
      withLease(ctx, `deliver:${id}`, async (lease) => {
        // The deletion was cut short before it had begun: the instance lives on.
        if ((await ctx.store.instanceFiles.keys()).includes(id)) return;
        await dropForReceiver(ctx.home, id);
        await ctx.store.instances.remove({ ...lease, beside: poll }, id);
      }),
    );
  }
}
