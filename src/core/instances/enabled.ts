import type { Context } from '../context.js';
import { withInstance } from '../lease.js';
import type { InstanceDocument } from '../types.js';
import { unknownInstance } from './find.js';

/** A disabled instance is neither polled nor delivered; its rows and its cursor wait. */
export async function setEnabled(ctx: Context, id: number, enabled: boolean): Promise<InstanceDocument> {
  return withInstance(ctx, id, async (lease) => {
    const before = await ctx.store.instanceFiles.read(id);
    if (before === null) throw unknownInstance(String(id));
    const after = { ...before, disabled: !enabled };
    if (before.disabled === enabled) await ctx.store.instanceFiles.write(lease, id, after);
    return after;
  });
}
