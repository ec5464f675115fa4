import { resolve } from 'node:path';
import { createDocuments } from './documents/documents.js';
import { createKeyGuard, createKeyMarker, type KeyGuard, keyIsChanging, NO_GUARD } from './documents/key-guard.js';
import { accountKind, instanceKind } from './documents/kinds.js';
import { createKeyChange, createSealing, type Sealing } from './documents/sealing.js';
import { createSettings } from './documents/settings.js';
import { StoreError } from './errors.js';
import type { Store } from './port.js';
import type { AccountDocument, InstanceDocument } from './ports/documents.js';
import type { Leases } from './ports/leases.js';
import { errnoOf, privateFolder } from './private-files.js';
import { createAccountRows } from './sqlite/accounts.js';
import type { Database } from './sqlite/database.js';
import { createInstanceRows } from './sqlite/instances.js';
import { createLeases } from './sqlite/leases.js';
import { openDatabase } from './sqlite/open.js';
import { createOutbox } from './sqlite/outbox.js';
import type { StoreClock } from './sqlite/patience.js';
import { createQuotaRows } from './sqlite/quota.js';
import { createResourceRows } from './sqlite/resources.js';
import { createServerKeyRows } from './sqlite/server-keys.js';

export interface StoreOptions {
  /** Made when missing, with mode 0700. */
  home: string;
  clock: StoreClock;
  /** Any text; account, instance and config files are then encrypted at rest. */
  encryptionKey?: string | undefined;
  /** Opens the store for a change of the key: files under either are read, and written under this one (`key` absent: plain). */
  changeTo?: { key: string | undefined };
}

/** Throws StoreError: `store` for a store that is broken, unreadable or too new, `retry_later` for one that stays locked. */
export async function openStore({ home: given, clock, encryptionKey, changeTo }: StoreOptions): Promise<Store> {
  // Absolute: SQLite takes a name that begins with "file:" for a URI, and the process may change its folder.
  const home = resolve(given);
  makeHome(home);
  const changing = keyIsChanging(home);
  const sealing = changeTo === undefined ? createSealing(encryptionKey) : createKeyChange(encryptionKey, changeTo.key);
  const guard = changeTo !== undefined || changing ? NO_GUARD : createKeyGuard(home, sealing);
  const db = await openDatabase(home, clock);
  const leases = createLeases(db, clock);
  if (changing && changeTo === undefined) {
    const error = await changeFault(leases);
    db.close();
    throw error;
  }
  return assembleStore({ home, clock, db, leases, sealing, guard });
}

export function assembleStore(parts: {
  home: string;
  clock: StoreClock;
  db: Database;
  leases: Leases;
  sealing: Sealing;
  guard: KeyGuard;
}): Store {
  const { home, clock, db, leases, sealing, guard } = parts;
  return {
    settings: createSettings(home, db, leases, clock, sealing, guard),
    accountFiles: createDocuments<string, AccountDocument>(db, sealing, guard, accountKind(home)),
    instanceFiles: createDocuments<number, InstanceDocument>(db, sealing, guard, instanceKind(home)),
    leases,
    instances: createInstanceRows(db),
    resources: createResourceRows(db),
    outbox: createOutbox(db),
    accounts: createAccountRows(db),
    quota: createQuotaRows(db),
    serverKeys: createServerKeyRows(db),
    keyChange: createKeyMarker(home),
    close: async () => db.close(),
  };
}

/** Whoever changes the key holds a lease on it; when nobody does, the change was interrupted. */
async function changeFault(leases: Leases): Promise<StoreError> {
  const lease = await leases.acquire('rekey');
  if (lease === null) {
    return new StoreError('retry_later', 'the encryption key of the home folder is being changed', {
      hint: 'Run the command again in a moment.',
    });
  }
  await leases.release(lease);
  return new StoreError('store', 'a change of the encryption key was interrupted; nothing is lost', {
    hint: 'Run `gmail-events config rekey` again, with the same keys in the environment: it takes up where it stopped.',
  });
}

function makeHome(home: string): void {
  try {
    privateFolder(home);
  } catch (error) {
    throw new StoreError('store', `the home folder ${home} could not be made (${errnoOf(error) ?? 'unknown error'})`, {
      hint: 'Set GMAIL_EVENTS_HOME (or --home) to a folder that you may write to.',
    });
  }
}
