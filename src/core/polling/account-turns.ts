import type { Context } from '../context.js';
import { KeyedLimit } from '../keyed-limit.js';

/** Google takes no more requests of a mailbox at a time: a poll that waited for its turn would hold its lease in vain. */
const AT_ONCE = 4;

const shared = new WeakMap<Context['store'], KeyedLimit>();

/** Turns of the polls of one account, by its key, in one process. */
export function accountTurns(ctx: Context): KeyedLimit {
  const turns = shared.get(ctx.store) ?? new KeyedLimit(AT_ONCE);
  shared.set(ctx.store, turns);
  return turns;
}
