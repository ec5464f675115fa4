import type { Context } from '../context.js';
import { CoreError, type ReportedError, reported } from '../errors.js';
import type { InstanceDocument } from '../types.js';

/** An instance whose file cannot be understood. */
export interface BrokenInstance {
  id: number;
  error: ReportedError;
}

/** All instances in order of their ids; the one whose file is broken does not hide the others. */
export async function readInstances(ctx: {
  store: Pick<Context['store'], 'instanceFiles'>;
}): Promise<{ documents: InstanceDocument[]; broken: BrokenInstance[] }> {
  const { instanceFiles } = ctx.store;
  const documents: InstanceDocument[] = [];
  const broken: BrokenInstance[] = [];
  for (const id of [...(await instanceFiles.keys())].sort((one, other) => one - other)) {
    try {
      const document = await instanceFiles.read(id);
      // Deleted by another process since the folder was read.
      if (document !== null) documents.push(document);
    } catch (error) {
      broken.push({ id, error: reported(error) });
    }
  }
  return { documents, broken };
}

/** The same for whoever needs all of them: the first broken file is thrown. */
export async function listInstances(ctx: Context): Promise<InstanceDocument[]> {
  const { documents, broken } = await readInstances(ctx);
  for (const { error } of broken) throw unreadable(error);
  return documents;
}

function unreadable({ code, message, hint }: ReportedError): CoreError {
  return new CoreError(code, message, hint === null ? {} : { hint });
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
  const { documents: named, broken } = names.every(isId) ? { documents: [], broken: [] } : await readInstances(ctx);
  for (const name of names) {
    const matches = isId(name) ? await byId(ctx, name) : named.filter((document) => document.name === name);
    // The name may be that of a file that cannot be read.
    for (const { error } of matches.length === 0 && !isId(name) ? broken : []) throw unreadable(error);
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

/** An id or a name that means no instance. */
export class UnknownInstanceError extends CoreError {}

export function unknownInstance(name: string): UnknownInstanceError {
  return new UnknownInstanceError('usage', `there is no instance ${isId(name) ? name : `named "${name}"`}`, {
    hint: 'gmail-events instances list shows them.',
  });
}
