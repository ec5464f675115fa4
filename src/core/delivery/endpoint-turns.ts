import pLimit from 'p-limit';
import type { Context } from '../context.js';
import { KeyedLimit } from '../keyed-limit.js';
import { endpointDue } from './due.js';
import { PatientLimit } from './patient-limit.js';

/** Instances looked at, or worked on for one endpoint, at once: those that wait for a slow receiver hold up no other's. */
const LOOKS_AT_ONCE = 32;
const INSTANCES_PER_ENDPOINT = 8;
/** Instances worked on at once in one process, each with a connection of its own; those that take long give way to others. */
const IN_ALL = { quick: 48, slow: 464, patienceMs: 2000 };

/**
 * Runs `work` once it is the instance's turn; null, and nothing is run, when the instance has nothing to attempt now. `work`
 * is told by a function of its own whether others wait for its place.
 */
export type EndpointTurns = <T>(id: number, work: (othersWait: () => boolean) => Promise<T>) => Promise<T | null>;

export function createEndpointTurns(ctx: Context): EndpointTurns {
  const looks = pLimit(LOOKS_AT_ONCE);
  const byEndpoint = new KeyedLimit(INSTANCES_PER_ENDPOINT);
  const all = new PatientLimit(IN_ALL);
  const inTurn = <T>(work: (othersWait: () => boolean) => Promise<T>) => all.run(() => work(() => all.waiting > 0));
  return async (id, work) => {
    const endpoint = await looks(() => endpointDue(ctx, id));
    return endpoint === null ? null : byEndpoint.run(endpoint, () => inTurn(work));
  };
}
