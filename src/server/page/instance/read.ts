import type { InstanceDocument } from '../../../core/types.js';
import { NotFound, type Visit } from '../visit.js';

/** The instance that the address names. NotFound when there is none. */
export async function readInstance(
  { ctx, params }: Visit,
  id: number | string | undefined = params['id'],
): Promise<InstanceDocument> {
  const number = /^\d{1,15}$/.test(String(id)) ? Number(id) : 0;
  const instance = number === 0 ? null : await ctx.store.instanceFiles.read(number);
  if (instance === null) throw new NotFound('There is no such instance, or not any more.');
  return instance;
}
