import type { Context } from '../context.js';
import type { Fault } from '../errors.js';
import { listInstances } from './find.js';

/** Ids and tokens that instances of this store have. */
export interface TakenIds {
  ids: Set<number>;
  tokens: Set<string>;
}

export async function takenIds(ctx: Context): Promise<TakenIds> {
  const [documents, rows] = await Promise.all([listInstances(ctx), ctx.store.instances.list()]);
  return {
    ids: new Set([...documents.map(({ id }) => id), ...rows.map(({ id }) => id)]),
    tokens: new Set(documents.map(({ token }) => token)),
  };
}

/** Faults of an id and a token that an export wants to keep; what is free is taken by this call. No fault holds a token. */
export function claim(taken: TakenIds, kept: { id: number | null; token: string | null }): Fault[] {
  const faults: Fault[] = [];
  if (kept.id !== null && taken.ids.has(kept.id)) {
    faults.push({ path: 'id', message: `is ${kept.id}, which is taken; without --keep-ids a new one is given` });
  }
  if (kept.token !== null && taken.tokens.has(kept.token)) {
    faults.push({ path: 'token', message: 'is taken; without --keep-ids a new one is given' });
  }
  if (kept.id !== null) taken.ids.add(kept.id);
  if (kept.token !== null) taken.tokens.add(kept.token);
  return faults;
}
