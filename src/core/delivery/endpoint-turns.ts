import pLimit from 'p-limit';
import type { Context } from '../context.js';
import { endpointDue } from './due.js';
import { KeyedLimit } from './places.js';

/** Instances looked at, or worked on for one endpoint, at once: those that wait for a slow receiver hold up no other's. */
const LOOKS_AT_ONCE = 32;
const INSTANCES_PER_ENDPOINT = 8;

/** Runs `work` once it is the instance's turn; null, and nothing is run, when the instance has nothing to attempt now. */
export type EndpointTurns = <T>(id: number, work: () => Promise<T>) => Promise<T | null>;

export function createEndpointTurns(ctx: Context): EndpointTurns {
  const looks = pLimit(LOOKS_AT_ONCE);
  const byEndpoint = new KeyedLimit(INSTANCES_PER_ENDPOINT);
  return async (id, work) => {
    const endpoint = await looks(() => endpointDue(ctx, id));
    return endpoint === null ? null : byEndpoint.run(endpoint, work);
  };
}
