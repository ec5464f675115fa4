import { isAnyArrayBuffer } from 'node:util/types';
import type LibsqlDatabase from 'libsql';
import type { Sql, SqlValue } from './database.js';

/** What is used of the driver, with the shapes it really has. */
interface Statement {
  all(values: SqlValue[]): Record<string, unknown>[];
  run(values: SqlValue[]): { changes: number };
}

/** A connection with its prepared statements cached by their text. */
export interface Connection extends Sql {
  exec(text: string): void;
  readonly inTransaction: boolean;
  close(): void;
}

/**
 * Traps of libsql 0.5.29, all measured: a lone bytes argument and a boolean abort the whole process (so values go in as
 * one array, checked before); a missing value silently repeats the one bound before (so they are counted); `get` goes on
 * with the values of the call before when that was an `all` or failed (so it is never called; `all` and `run` do not);
 * `all` gives bytes as an ArrayBuffer; no answer is right for an INTEGER beyond 2^53.
 */
export function connect(driver: LibsqlDatabase.Database): Connection {
  const statements = new Map<string, { statement: Statement; values: number }>();

  function bound(text: string, values: SqlValue[]): Statement {
    let known = statements.get(text);
    if (known === undefined) {
      known = { statement: driver.prepare(text) as unknown as Statement, values: text.split('?').length - 1 };
      statements.set(text, known);
    }
    if (values.length !== known.values) throw new TypeError(`${known.values} values expected: ${text}`);
    if (!values.every(isSqlValue)) throw new TypeError(`a value of a wrong type: ${text}`);
    return known.statement;
  }

  return {
    get<T>(text: string, ...values: SqlValue[]): T | undefined {
      const [row] = bound(text, values).all(values);
      return row === undefined ? undefined : (tidy(row) as T);
    },
    all<T>(text: string, ...values: SqlValue[]): T[] {
      return bound(text, values)
        .all(values)
        .map((row) => tidy(row) as T);
    },
    run(text: string, ...values: SqlValue[]): number {
      return bound(text, values).run(values).changes;
    },
    exec(text: string): void {
      driver.exec(text);
    },
    get inTransaction(): boolean {
      return driver.inTransaction;
    },
    close(): void {
      statements.clear();
      driver.close();
    },
  };
}

function isSqlValue(value: unknown): boolean {
  if (value === null || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return value instanceof Uint8Array;
}

function tidy(row: Record<string, unknown>): Record<string, unknown> {
  const tidied: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    tidied[column] = isAnyArrayBuffer(value) ? new Uint8Array(value) : value;
  }
  return tidied;
}
