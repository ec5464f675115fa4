import pLimit, { type LimitFunction } from 'p-limit';
import type { Context } from '../context.js';
import { KeyedLimit } from '../keyed-limit.js';
import type { InstanceDocument, InstanceSettings } from '../types.js';

/** Google takes no more requests of a mailbox at a time: a poll that waited for its turn would hold its lease in vain. */
const OF_ONE_ACCOUNT = 4;
/** Of messages with their bodies, up to 50 MB each. */
const WITH_BODIES = 8;

/** What all polls of one process share, so that a fleet's neither wait under their leases nor fill the memory. */
class PollTurns {
  readonly #accounts = new KeyedLimit(OF_ONE_ACCOUNT);
  readonly #bodies: LimitFunction = pLimit(WITH_BODIES);

  run<T>({ account }: InstanceDocument, { resources }: InstanceSettings, work: () => Promise<T>): Promise<T> {
    const bodies = resources.some((resource) => resource.kind === 'history' && /^(full|raw)$/.test(resource.format));
    return this.#accounts.run(account, () => (bodies ? this.#bodies(work) : work()));
  }
}

const shared = new WeakMap<Context['store'], PollTurns>();

export function pollTurnsOf(ctx: Context): PollTurns {
  const turns = shared.get(ctx.store) ?? new PollTurns();
  shared.set(ctx.store, turns);
  return turns;
}
