import type { Context } from '../context.js';
import { KeyedLimit } from '../keyed-limit.js';
import { PatientLimit } from './patient-limit.js';

/** Requests in flight to callbacks in one process, so that file descriptors do not run out: 512, of which those that hang take 448. */
const IN_ALL = { quick: 64, slow: 448, patienceMs: 1000 };
/** Of these, each queue of one endpoint takes no more: one that hangs leaves the rest to the others. */
const PER_ENDPOINT = 8;

/** The places that all drains of one process share. */
export interface Places {
  all: PatientLimit;
  endpoint: KeyedLimit;
  /** An endpoint whose rest has just ended: one attempt decides, the others wait for it. */
  trial: KeyedLimit;
  /** The endpoint's row is read and written as one. */
  outcome: KeyedLimit;
}

export function newPlaces(): Places {
  return {
    all: new PatientLimit(IN_ALL),
    endpoint: new KeyedLimit(PER_ENDPOINT),
    trial: new KeyedLimit(1),
    outcome: new KeyedLimit(1),
  };
}

const shared = new WeakMap<Context['store'], Places>();

export function placesOf(ctx: Context): Places {
  const places = shared.get(ctx.store) ?? newPlaces();
  shared.set(ctx.store, places);
  return places;
}
