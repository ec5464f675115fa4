import type { Context } from '../context.js';
import { CoreError } from '../errors.js';
import type { InstanceDocument } from '../types.js';

/** All instances in order of their ids. */
export async function listInstances(ctx: Context): Promise<InstanceDocument[]> {
  const ids = await ctx.store.instanceFiles.keys();
  const documents: InstanceDocument[] = [];
  for (const id of [...ids].sort((one, other) => one - other)) {
    const document = await ctx.store.instanceFiles.read(id);
    // Deleted by another process since the folder was read.
    if (document !== null) documents.push(document);
  }
  return documents;
}

/** The largest id of any instance file; 0 when there is none. */
export async function largestFileId(ctx: Context): Promise<number> {
  return (await ctx.store.instanceFiles.keys()).reduce((largest, id) => Math.max(largest, id), 0);
}

/** One instance by id (digits) or name. CoreError `usage` when there is none, or several carry the name. */
export async function findInstance(ctx: Context, name: string): Promise<InstanceDocument> {
  const found = await findInstances(ctx, [name]);
  const [only, ...more] = found;
  if (only === undefined) throw unknownInstance(name);
  if (more.length === 0) return only;
  throw new CoreError(
    'usage',
    `${found.length} instances are named "${name}": ${found.map(({ id }) => id).join(', ')}`,
    {
      hint: 'Give the id of the one that is meant.',
    },
  );
}

/**
 * Instances by ids (digits) or names, each once, in order of their ids; a name that several carry means all of them, no
 * names mean all instances. CoreError `usage` names the first that means none.
 */
export async function findInstances(ctx: Context, names: readonly string[]): Promise<InstanceDocument[]> {
  if (names.length === 0) return listInstances(ctx);
  const found = new Map<number, InstanceDocument>();
  const named = names.every(isId) ? [] : await listInstances(ctx);
  for (const name of names) {
    const matches = isId(name) ? await byId(ctx, name) : named.filter((document) => document.name === name);
    if (matches.length === 0) throw unknownInstance(name);
    for (const document of matches) found.set(document.id, document);
  }
  return [...found.values()].sort((one, other) => one.id - other.id);
}

function isId(name: string): boolean {
  return /^\d+$/.test(name);
}

async function byId(ctx: Context, digits: string): Promise<InstanceDocument[]> {
  const id = Number(digits);
  const document = Number.isSafeInteger(id) ? await ctx.store.instanceFiles.read(id) : null;
  return document === null ? [] : [document];
}

/** CoreError `usage` for an id or a name that means no instance. */
export function unknownInstance(name: string): CoreError {
  return new CoreError('usage', `there is no instance ${isId(name) ? name : `named "${name}"`}`, {
    hint: 'gmail-events instances list shows them.',
  });
}
