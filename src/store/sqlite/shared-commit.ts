import type { Connection } from './connection.js';
import type { Sql } from './database.js';
import { storeFault } from './faults.js';

const LONGEST_GATHER_MS = 10;

interface Entry {
  work: (sql: Sql) => unknown;
  settle: (outcome: { value: unknown } | { error: unknown }) => void;
}

/**
 * Writes that wait for the disk and are asked for within one turn of the event loop share one transaction: a disk does a few
 * hundred fsyncs a second, whatever is in them. Each is still whole or not at all, and none is told before it is on the disk.
 */
export class SharedCommit {
  /** Runs one transaction that waits for the disk. Its work gets a connection inside it. */
  readonly #transaction: (work: (connection: Connection) => void) => Promise<void>;
  #waiting: Entry[] = [];
  /** In a crowd, others are waited for as long as the disk took the last time: half of the time is then for their work. */
  #gatherMs = 0;

  constructor(transaction: (work: (connection: Connection) => void) => Promise<void>) {
    this.#transaction = transaction;
  }

  add<T>(work: (sql: Sql) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle: Entry['settle'] = (outcome) =>
        'error' in outcome ? reject(outcome.error) : resolve(outcome.value as T);
      this.#waiting.push({ work, settle });
      if (this.#waiting.length > 1) return;
      // After the answers that have come meanwhile, so that their outcomes are among them.
      if (this.#gatherMs < 1) setImmediate(() => this.#commit());
      else setTimeout(() => this.#commit(), this.#gatherMs);
    });
  }

  async #commit(): Promise<void> {
    const asked = this.#waiting.length;
    let taken: Entry[] = [];
    let outcomes: Parameters<Entry['settle']>[0][] = [];
    const begun = performance.now();
    try {
      await this.#transaction((connection) => {
        // Only now: who came while the database was locked is taken along.
        taken = this.#waiting.splice(0);
        outcomes = taken.map(({ work }) => (taken.length === 1 ? { value: work(connection) } : part(connection, work)));
      });
    } catch (error) {
      if (taken.length === 0) taken = this.#waiting.splice(0, asked);
      outcomes = taken.map(() => ({ error }));
      if (this.#waiting.length > 0) setImmediate(() => this.#commit());
    }
    this.#gatherMs = taken.length > 1 ? Math.min(performance.now() - begun, LONGEST_GATHER_MS) : 0;
    for (const [at, { settle }] of taken.entries()) settle(outcomes[at] ?? { error: new Error('no outcome') });
  }
}

/** One write among several: what it throws undoes it alone. Throws when SQLite has given up the whole transaction. */
function part(connection: Connection, work: Entry['work']): Parameters<Entry['settle']>[0] {
  connection.exec('SAVEPOINT part');
  try {
    const value = work(connection);
    connection.exec('RELEASE part');
    return { value };
  } catch (error) {
    // A full disk makes it roll back by itself.
    if (!connection.inTransaction) throw error;
    connection.exec('ROLLBACK TO part');
    connection.exec('RELEASE part');
    return { error: storeFault(error) };
  }
}
