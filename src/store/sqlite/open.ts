import { join } from 'node:path';
import { StoreError } from '../errors.js';
import { migrations } from '../migrations/list.js';
import { closeToOthers, errnoOf, privateFile } from '../private-files.js';
import { type Connection, connect } from './connection.js';
import type { Database, Durability, Sql } from './database.js';
import { storeFault } from './faults.js';
import { migrate } from './migrate.js';
import { patiently, type StoreClock } from './patience.js';
import { SharedCommit } from './shared-commit.js';

/** SQLite's number for an auto_vacuum that takes a step only when it is told to. */
const INCREMENTAL = 2;

/** Opens events.db in a folder that exists; makes it and brings its schema up to date where needed. */
export async function openDatabase(home: string, clock: StoreClock): Promise<Database> {
  const path = join(home, 'events.db');
  // SQLite gives its -wal and -shm files the mode of the database file, so that one is made first.
  makeFiles(path);
  const { default: Libsql } = await import('libsql');
  const connection = await patiently(clock, () => connect(new Libsql(path)));
  try {
    await prepare(connection, clock);
    await migrate(connection, clock, migrations);
  } catch (error) {
    connection.close();
    throw error;
  }
  return new SqliteDatabase(connection, clock);
}

function makeFiles(path: string): void {
  try {
    privateFile(path);
    for (const side of ['-wal', '-shm']) closeToOthers(path + side);
  } catch (error) {
    throw new StoreError('store', `events.db could not be made (${errnoOf(error) ?? 'unknown error'})`, {
      hint: 'Check the disk and that the home folder is writable for the user who runs gmail-events.',
    });
  }
}

async function prepare(connection: Connection, clock: StoreClock): Promise<void> {
  const mode = await patiently(clock, () => {
    // Counts only before the first page is written, so it comes before everything else. Where it is set already it would
    // wait for the write lock all the same, and nobody could read while another process writes.
    const vacuum = connection.get<{ auto_vacuum: number }>('PRAGMA auto_vacuum');
    if (vacuum?.auto_vacuum !== INCREMENTAL) connection.exec(`PRAGMA auto_vacuum = ${INCREMENTAL}`);
    return connection.get<{ journal_mode: string }>('PRAGMA journal_mode = WAL');
  });
  if (mode?.journal_mode !== 'wal') {
    throw new StoreError('store', 'events.db cannot be used on this file system (no shared memory for its log)', {
      hint: 'Put GMAIL_EVENTS_HOME on a local disk.',
    });
  }
  // macOS: without it an fsync stops at the disk's own cache. A log that once grew is cut back.
  connection.exec('PRAGMA fullfsync = ON; PRAGMA journal_size_limit = 16777216');
}

class SqliteDatabase implements Database {
  readonly #connection: Connection;
  readonly #clock: StoreClock;
  readonly #shared: Record<Durability, SharedCommit>;
  #durability: Durability | null = null;

  constructor(connection: Connection, clock: StoreClock) {
    this.#connection = connection;
    this.#clock = clock;
    this.#shared = {
      full: new SharedCommit((work) => this.#transaction('full', work), true),
      relaxed: new SharedCommit((work) => this.#transaction('relaxed', work), false),
    };
  }

  write<T>(durability: Durability, work: (sql: Sql) => T): Promise<T> {
    return this.#shared[durability].add(work);
  }

  async #transaction<T>(durability: Durability, work: (connection: Connection) => T): Promise<T> {
    const connection = this.#connection;
    return patiently(this.#clock, () => {
      // Counts only outside a transaction.
      if (durability !== this.#durability) {
        connection.exec(`PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
        this.#durability = durability;
      }
      connection.exec('BEGIN IMMEDIATE');
      try {
        const result = work(connection);
        connection.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk makes SQLite roll back by itself.
        if (connection.inTransaction) connection.exec('ROLLBACK');
        // Its callback ran: a lock met in here is not tried again.
        throw storeFault(error);
      }
    });
  }

  async read<T>(work: (sql: Sql) => T): Promise<T> {
    return patiently(this.#clock, () => work(this.#connection));
  }

  close(): void {
    this.#connection.close();
  }
}
