import { randomBytes, randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import envPaths from 'env-paths';
import { openStore } from '../store/open.js';
import type { Context } from './context.js';
import { googleAddresses } from './google-addresses.js';
import type { Clock, Log, Random } from './ports.js';

/** Opens the store under `home` (GMAIL_EVENTS_HOME, else the platform's config folder). Close it with `ctx.store.close()`. */
export async function openContext(options: {
  home?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
  clock?: Clock;
  random?: Random;
}): Promise<Context> {
  const { env, log, clock = systemClock, random = systemRandom } = options;
  const home = homeFolder(options);
  const encryptionKey = env['GMAIL_EVENTS_ENCRYPTION_KEY'];
  const google = googleAddresses(env);
  const store = await openStore({ home, clock, ...(encryptionKey ? { encryptionKey } : {}) });
  return { home, env, google, store, clock, random, log };
}

/** The folder of the store: the flag's, else the environment's, else the platform's config folder. Absolute. */
export function homeFolder({ home, env }: Pick<Parameters<typeof openContext>[0], 'home' | 'env'>): string {
  return resolve(home ?? (env['GMAIL_EVENTS_HOME'] || envPaths('gmail-events', { suffix: '' }).config));
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    // setTimeout fires at once beyond 24.8 days.
    const bounded = Math.min(Math.max(ms, 0), 2 ** 31 - 1);
    await delay(bounded, undefined, signal ? { signal } : {}).catch(() => {});
  },
};

export const systemRandom: Random = {
  unit: () => Math.random(),
  bytes: (length) => randomBytes(length),
  uuid: () => randomUUID(),
};
