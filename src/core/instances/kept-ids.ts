import type { Context } from '../context.js';
import { listInstances } from './find.js';

/** What an export brings; null: nothing, or nothing that can be kept. */
export interface KeptIds {
  id: number | null;
  token: string | null;
}

export const NOTHING_KEPT: { kept: KeptIds; warnings: string[] } = { kept: { id: null, token: null }, warnings: [] };

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

/**
 * What an export keeps of its id and token: those that are free, which this call takes. A receiver may go by what is not
 * kept, so a warning names each; none holds a token.
 */
export function claim(taken: TakenIds, wanted: KeptIds): { kept: KeptIds; warnings: string[] } {
  const kept: KeptIds = { ...wanted };
  const warnings: string[] = [];
  if (kept.id !== null && taken.ids.has(kept.id)) {
    warnings.push(idTaken(kept.id));
    kept.id = null;
  }
  if (kept.token !== null && taken.tokens.has(kept.token)) {
    warnings.push('The token of the body is taken: a new one was given.');
    kept.token = null;
  }
  if (kept.id !== null) taken.ids.add(kept.id);
  if (kept.token !== null) taken.tokens.add(kept.token);
  return { kept, warnings };
}

export function idTaken(id: number): string {
  return `The id ${id} of the body is taken: a new one was given.`;
}
