import { StoreError } from '../errors.js';
import type { Migration } from '../migrations/list.js';
import type { Connection } from './connection.js';
import { patiently, type StoreClock } from './patience.js';

/** "gmev": tells our database from any other that lies under its name. */
const APPLICATION_ID = 0x676d6576;

/**
 * Runs the migrations that the database lacks, each in a transaction of its own that looks again first: two processes
 * may race. Throws a StoreError, having changed nothing, when the database is another program's or a newer version's.
 */
export async function migrate(connection: Connection, clock: StoreClock, migrations: Migration[]): Promise<void> {
  const known = migrations.at(-1)?.number ?? 0;
  let version = await patiently(clock, () => checkedVersion(connection, known));
  for (const migration of migrations) {
    if (migration.number <= version) continue;
    version = await patiently(clock, () => {
      connection.exec('PRAGMA synchronous = FULL');
      connection.exec('BEGIN IMMEDIATE');
      try {
        const current = checkedVersion(connection, known);
        if (current < migration.number) {
          connection.exec(migration.sql);
          connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migration.number}`);
        }
        connection.exec('COMMIT');
        return Math.max(current, migration.number);
      } catch (error) {
        if (connection.inTransaction) connection.exec('ROLLBACK');
        throw error;
      }
    });
  }
}

export function checkedVersion(connection: Connection, known: number): number {
  // One statement, so one moment: another process may be migrating.
  const found = connection.get<{ version: number; id: number; tables: number }>(
    `SELECT (SELECT user_version FROM pragma_user_version) AS version,
            (SELECT application_id FROM pragma_application_id) AS id,
            (SELECT count(*) FROM sqlite_master) AS tables`,
  ) ?? { version: 0, id: 0, tables: 0 };
  const empty = found.id === 0 && found.version === 0 && found.tables === 0;
  if (found.id !== APPLICATION_ID && !empty) {
    throw new StoreError('store', 'events.db belongs to another program', {
      hint: 'Set GMAIL_EVENTS_HOME to a folder of its own.',
    });
  }
  if (found.version > known) {
    throw new StoreError(
      'store',
      `events.db was written by a newer gmail-events (schema ${found.version}; this one knows ${known})`,
      { hint: 'Update gmail-events: npm install --global gmail-events@latest' },
    );
  }
  return found.version;
}
