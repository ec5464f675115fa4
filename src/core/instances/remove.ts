import type { Context } from '../context.js';
import { withInstance } from '../lease.js';
import { unknownInstance } from './find.js';

/** Deletes an instance and all that is kept of it: the file first, then the rows. Tells how many pending notifications went. */
export async function deleteInstance(ctx: Context, id: number): Promise<{ id: number; droppedPending: number }> {
  return withInstance(ctx, id, async (lease) => {
    if ((await ctx.store.instanceFiles.read(id)) === null) throw unknownInstance(String(id));
    await ctx.store.instanceFiles.remove(lease, id);
    return { id, droppedPending: await ctx.store.instances.remove(lease, id) };
  });
}
