import type { Connection } from './connection.js';
import type { Sql } from './database.js';
import { storeFault } from './faults.js';

const LONGEST_GATHER_MS = 10;

type Outcome = { value: unknown } | { error: unknown };

interface Entry {
  work: (sql: Sql) => unknown;
  settle: (outcome: Outcome) => void;
}

/**
 * Writes that are asked for within one turn of the event loop share one transaction: a disk does a few hundred fsyncs a
 * second, whatever is in them, and a transaction that does not wait for it costs as much as what it holds. Each is still
 * whole or not at all, and none is told before the transaction is over.
 */
export class SharedCommit {
  /** Runs one transaction. Its work gets a connection inside it. */
  readonly #transaction: (work: (connection: Connection) => void) => Promise<void>;
  readonly #longestGatherMs: number;
  #waiting: Entry[] = [];
  /** In a crowd, others are waited for as long as the disk took the last time: half of the time is then for their work. */
  #gatherMs = 0;

  /** `waitsForDisk`: so that others are worth waiting for. */
  constructor(transaction: (work: (connection: Connection) => void) => Promise<void>, waitsForDisk: boolean) {
    this.#transaction = transaction;
    this.#longestGatherMs = waitsForDisk ? LONGEST_GATHER_MS : 0;
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
    let outcomes: Outcome[] = [];
    // Not asked for in vain: the first look at it loads a module of Node's.
    const begun = this.#longestGatherMs > 0 ? performance.now() : 0;
    try {
      await this.#transaction((connection) => {
        // Only now: who came while the database was locked is taken along.
        taken = this.#waiting.splice(0);
        outcomes =
          taken.length === 1 ? all(connection, taken) : (allAtOnce(connection, taken) ?? parts(connection, taken));
      });
    } catch (error) {
      if (taken.length === 0) taken = this.#waiting.splice(0, asked);
      outcomes = taken.map(() => ({ error }));
      if (this.#waiting.length > 0) setImmediate(() => this.#commit());
    }
    if (this.#longestGatherMs > 0) {
      this.#gatherMs = taken.length > 1 ? Math.min(performance.now() - begun, this.#longestGatherMs) : 0;
    }
    for (const [at, { settle }] of taken.entries()) settle(outcomes[at] ?? { error: new Error('no outcome') });
  }
}

function all(connection: Connection, entries: readonly Entry[]): Outcome[] {
  return entries.map(({ work }) => ({ value: work(connection) }));
}

/** null, and nothing done, when one of them throws: it is to be undone alone then. */
function allAtOnce(connection: Connection, entries: readonly Entry[]): Outcome[] | null {
  connection.exec('SAVEPOINT whole');
  try {
    const outcomes = all(connection, entries);
    connection.exec('RELEASE whole');
    return outcomes;
  } catch (error) {
    undo(connection, 'whole', error);
    return null;
  }
}

function parts(connection: Connection, entries: readonly Entry[]): Outcome[] {
  return entries.map(({ work }) => part(connection, work));
}

/** One write among several: what it throws undoes it alone. Throws when SQLite has given up the whole transaction. */
function part(connection: Connection, work: Entry['work']): Outcome {
  connection.exec('SAVEPOINT part');
  try {
    const value = work(connection);
    connection.exec('RELEASE part');
    return { value };
  } catch (error) {
    undo(connection, 'part', error);
    return { error: storeFault(error) };
  }
}

/** Throws the error when a full disk has made SQLite roll back all by itself. */
function undo(connection: Connection, savepoint: string, error: unknown): void {
  if (!connection.inTransaction) throw error;
  connection.exec(`ROLLBACK TO ${savepoint}`);
  connection.exec(`RELEASE ${savepoint}`);
}
