import { ELEMENT_PATH } from './element.js';
import type { Operation } from './operation.js';

/** Where something is, and what the names in its path mean. */
export interface Place {
  url: string;
  path: Record<string, string>;
}

/** Where one instance is: by its id, or without it the one whose token the caller has. */
export interface InstancePlace extends Place {
  caller: Extract<Operation['caller'], 'either' | 'element'>;
}

const ID = { id: 'The number of the instance' };

/** Where all instances are: the old service had them under their element too. */
export const ALL_INSTANCES: readonly Place[] = [
  { url: '/instances', path: {} },
  { url: '/elements/:keyOrId/instances', path: ELEMENT_PATH },
];

export const BY_ID: readonly InstancePlace[] = ALL_INSTANCES.map(({ url, path }) => ({
  url: `${url}/:id`,
  path: { ...path, ...ID },
  caller: 'either',
}));

export const ONE_INSTANCE: readonly InstancePlace[] = [
  ...BY_ID,
  ...ALL_INSTANCES.map((place) => ({ ...place, caller: 'element' }) as const),
];
