import { openStore } from '../../store/open.js';
import type { Store } from '../../store/port.js';
import { CoreError } from '../errors.js';
import { withInstance, withLease, withWantedLease } from '../lease.js';
import { homeFolder, systemClock } from '../open.js';
import type { Clock } from '../ports.js';

export const KEY_VARIABLE = 'GMAIL_EVENTS_ENCRYPTION_KEY';
export const NEW_KEY_VARIABLE = 'GMAIL_EVENTS_NEW_ENCRYPTION_KEY';

export interface RekeyOptions {
  home?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** Leaves the files in plain text; without it there has to be a new key. */
  remove: boolean;
  clock?: Clock;
}

export interface Rekeyed {
  home: string;
  /** Files that were written. */
  files: number;
  encrypted: boolean;
}

/**
 * Takes every file that holds secrets from the present key (or none) to the new one. All are read before the first is
 * written: a key that does not fit changes nothing. Each is replaced whole, under its leases, and a marker in the home
 * folder keeps every other process from it until the last is done: killed anywhere, it is run again. StoreError, CoreError
 * `usage` for keys that go together with nothing, `retry_later` while another process does the same.
 */
export async function rekey(options: RekeyOptions): Promise<Rekeyed> {
  const { env, remove, clock = systemClock } = options;
  const key = env[NEW_KEY_VARIABLE] || undefined;
  checkKeys(key, remove);
  const home = homeFolder(options);
  const store = await openStore({ home, clock, encryptionKey: env[KEY_VARIABLE] || undefined, changeTo: { key } });
  try {
    const done = await withLease({ store }, 'rekey', () => change({ store, clock }));
    if (done !== null) return { home, files: done.value, encrypted: key !== undefined };
  } finally {
    await store.close();
  }
  throw new CoreError('retry_later', 'another gmail-events process is changing the encryption key', {
    hint: 'Run the command again in a moment.',
  });
}

function checkKeys(key: string | undefined, remove: boolean): void {
  if (remove && key === undefined) return;
  if (!remove && key !== undefined) return;
  const message = remove
    ? `--remove goes with no ${NEW_KEY_VARIABLE}`
    : `${NEW_KEY_VARIABLE} is not set: there is no new key`;
  throw new CoreError('usage', message, {
    hint: remove
      ? `Unset ${NEW_KEY_VARIABLE} to leave the files in plain text.`
      : `Put the present key (if any) into ${KEY_VARIABLE} and the new one into ${NEW_KEY_VARIABLE}; --remove decrypts.`,
    faults: [{ path: remove ? '--remove' : NEW_KEY_VARIABLE, message }],
  });
}

async function change(ctx: { store: Store; clock: Clock }): Promise<number> {
  const { settings, accountFiles, instanceFiles, keyChange } = ctx.store;
  await settings.read();
  for (const key of await accountFiles.keys()) await accountFiles.read(key);
  for (const id of await instanceFiles.keys()) await instanceFiles.read(id);
  await keyChange.begin();
  let files = (await settings.rewrite()) ? 1 : 0;
  // The folders are read anew: what was made until the marker stood is there now.
  for (const key of await accountFiles.keys()) {
    await withWantedLease(ctx, `account:${key}`, async (lease) => {
      const account = await accountFiles.read(key);
      if (account === null) return;
      await accountFiles.write(lease, key, account);
      files++;
    });
  }
  for (const id of await instanceFiles.keys()) {
    await withInstance(ctx, id, async (lease) => {
      const instance = await instanceFiles.read(id);
      if (instance === null) return;
      await instanceFiles.write(lease, id, instance);
      files++;
    });
  }
  await keyChange.end();
  return files;
}
