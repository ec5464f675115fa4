import { resolve } from 'node:path';
import { createDocuments } from './documents/documents.js';
import { assertKeyFits } from './documents/key-check.js';
import { accountKind, instanceKind } from './documents/kinds.js';
import { createSealing } from './documents/sealing.js';
import { createSettings } from './documents/settings.js';
import { StoreError } from './errors.js';
import type { Store } from './port.js';
import type { AccountDocument, InstanceDocument } from './ports/documents.js';
import { errnoOf, privateFolder } from './private-files.js';
import { createAccountRows } from './sqlite/accounts.js';
import { createInstanceRows } from './sqlite/instances.js';
import { createLeases } from './sqlite/leases.js';
import { openDatabase } from './sqlite/open.js';
import { createOutbox } from './sqlite/outbox.js';
import type { StoreClock } from './sqlite/patience.js';
import { createQuotaRows } from './sqlite/quota.js';
import { createResourceRows } from './sqlite/resources.js';

export interface StoreOptions {
  /** Made when missing, with mode 0700. */
  home: string;
  clock: StoreClock;
  /** Any text; account, instance and config files are then encrypted at rest. */
  encryptionKey?: string | undefined;
}

/** Throws StoreError: `store` for a store that is broken, unreadable or too new, `retry_later` for one that stays locked. */
export async function openStore({ home: given, clock, encryptionKey }: StoreOptions): Promise<Store> {
  // Absolute: SQLite takes a name that begins with "file:" for a URI, and the process may change its folder.
  const home = resolve(given);
  const sealing = createSealing(encryptionKey);
  makeHome(home);
  assertKeyFits(home, sealing);
  const db = await openDatabase(home, clock);
  const leases = createLeases(db, clock);
  return {
    settings: createSettings(home, db, leases, clock, sealing),
    accountFiles: createDocuments<string, AccountDocument>(db, sealing, accountKind(home)),
    instanceFiles: createDocuments<number, InstanceDocument>(db, sealing, instanceKind(home)),
    leases,
    instances: createInstanceRows(db),
    resources: createResourceRows(db),
    outbox: createOutbox(db),
    accounts: createAccountRows(db),
    quota: createQuotaRows(db),
    close: async () => db.close(),
  };
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
