import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type SecretFile, secretFiles } from './documents/forms.js';
import { keyIsChanging, NO_GUARD } from './documents/key-guard.js';
import { createSealing } from './documents/sealing.js';
import { StoreError } from './errors.js';
import { migrations } from './migrations/list.js';
import { assembleStore, type StoreOptions } from './open.js';
import type { Store } from './port.js';
import { type Connection, connect } from './sqlite/connection.js';
import type { Database } from './sqlite/database.js';
import { createLeases } from './sqlite/leases.js';
import { checkedVersion } from './sqlite/migrate.js';
import { patiently } from './sqlite/patience.js';

export interface Inspection {
  /** For reading: every write is refused, and so is every row when the database cannot be read. */
  store: Store;
  /** Why the rows cannot be read; null when they can, or when there is no database yet. */
  fault: StoreError | null;
  /** Schema of the database and the newest that this program knows; 0: there is no database yet. */
  schema: { found: number; known: number };
  /** A change of the encryption key goes on, or was interrupted. */
  keyChanging: boolean;
  forms: SecretFile[];
}

/** The store as it is, in whatever state: nothing is made, migrated, or closed to others. Files are read one by one. */
export async function inspectStore(options: Omit<StoreOptions, 'changeTo'>): Promise<Inspection> {
  const home = resolve(options.home);
  const { clock } = options;
  const known = migrations.at(-1)?.number ?? 0;
  const schema = { found: 0, known };
  let fault: StoreError | null = null;
  let connection: Connection | null = null;
  try {
    connection = await openedForReading(join(home, 'events.db'), options);
    const opened = connection;
    if (opened !== null) schema.found = await patiently(clock, () => soundVersion(opened, known));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    fault = error;
  }
  const rows = fault === null && schema.found === known ? connection : null;
  const db: Database = {
    read: async (work) => {
      if (rows === null) throw fault ?? unread();
      return patiently(clock, () => work(rows));
    },
    write: async () => {
      throw new StoreError('store', 'the store was opened for reading only');
    },
    close: () => connection?.close(),
  };
  const sealing = createSealing(options.encryptionKey);
  const store = assembleStore({ home, clock, db, leases: createLeases(db, clock), sealing, guard: NO_GUARD });
  return { store, fault, schema, keyChanging: keyIsChanging(home), forms: secretFiles(home, sealing) };
}

/** The files of the store, for reading, without its database: rows are refused. */
export function filesAlone(options: Omit<StoreOptions, 'changeTo'>): Pick<Store, 'accountFiles' | 'instanceFiles'> {
  const { clock } = options;
  const refuse = async () => {
    throw new StoreError('store', 'the database was not opened');
  };
  const db: Database = { read: refuse, write: refuse, close: () => {} };
  const sealing = createSealing(options.encryptionKey);
  const home = resolve(options.home);
  return assembleStore({ home, clock, db, leases: createLeases(db, clock), sealing, guard: NO_GUARD });
}

/** null when there is none. An empty file is one that the next command fills. */
async function openedForReading(path: string, { clock }: Pick<StoreOptions, 'clock'>): Promise<Connection | null> {
  if (!existsSync(path) || statSync(path).size === 0) return null;
  const { default: Libsql } = await import('libsql');
  // The driver has no option for it, but takes SQLite's URIs.
  return patiently(clock, () => connect(new Libsql(`${pathToFileURL(path).href}?mode=ro`)));
}

function soundVersion(connection: Connection, known: number): number {
  const version = checkedVersion(connection, known);
  const { result } =
    connection.get<{ result: string }>('SELECT quick_check AS result FROM pragma_quick_check(1)') ?? {};
  if (result === 'ok') return version;
  throw new StoreError('store', `events.db is damaged (${result ?? 'it cannot be checked'})`, {
    hint: 'Restore events.db from a backup, or move it and its -wal and -shm files away: the instances are kept and report a GAP.',
  });
}

function unread(): StoreError {
  return new StoreError('store', 'events.db has no tables of this version yet');
}
