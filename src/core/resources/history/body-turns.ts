import pLimit, { type LimitFunction } from 'p-limit';
import type { Context } from '../../context.js';
import type { Feed } from './feed.js';

/** Messages with their bodies may be 50 MB each, and a part holds 16 MB or one record of them until it is stored. */
const PARTS_AT_ONCE = 8;

const shared = new WeakMap<Context['store'], LimitFunction>();

/** Works on a part of history; few at a time in one process when its messages come with their bodies. */
export function inTurn<T>({ run, resource }: Pick<Feed, 'run' | 'resource'>, work: () => Promise<T>): Promise<T> {
  if (resource.format !== 'full' && resource.format !== 'raw') return work();
  const { store } = run.ctx;
  const turns = shared.get(store) ?? pLimit(PARTS_AT_ONCE);
  shared.set(store, turns);
  return turns(work);
}
