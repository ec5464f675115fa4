import { isAnyArrayBuffer, isUint8Array } from 'node:util/types';
import type LibsqlDatabase from 'libsql';
import type { Sql, SqlValue } from './database.js';

/** What is used of the driver, with the shapes it really has. */
interface Statement {
  readonly reader: boolean;
  raw(): Statement;
  columns(): { name: string }[];
  all(values: SqlValue[]): unknown[][];
  get(values: SqlValue[]): unknown[] | undefined;
  run(values: SqlValue[]): { changes: number };
}

interface Prepared {
  statement: Statement;
  values: number;
  /** Names of the columns, once a row was read. */
  names?: string[];
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
 * with the values of the call before when that was an `all` or failed (so it has statements of its own, which are thrown
 * away when they fail); `all` gives bytes as an ArrayBuffer, `get` as a Buffer; no answer is right for an INTEGER beyond
 * 2^53. Rows are asked for as arrays: it makes an object's names anew for each row, which takes as long as all the rest.
 */
export function connect(driver: LibsqlDatabase.Database): Connection {
  const kinds = {
    get: new Map<string, Prepared>(),
    all: new Map<string, Prepared>(),
    run: new Map<string, Prepared>(),
  };

  function bound(kind: keyof typeof kinds, text: string, values: SqlValue[]): Prepared {
    let known = kinds[kind].get(text);
    if (known === undefined) {
      const statement = driver.prepare(text) as unknown as Statement;
      known = { statement: statement.reader ? statement.raw() : statement, values: text.split('?').length - 1 };
      kinds[kind].set(text, known);
    }
    if (values.length !== known.values) throw new TypeError(`${known.values} values expected: ${text}`);
    if (!values.every(isSqlValue)) throw new TypeError(`a value of a wrong type: ${text}`);
    return known;
  }

  return {
    get<T>(text: string, ...values: SqlValue[]): T | undefined {
      const prepared = bound('get', text, values);
      try {
        const row = prepared.statement.get(values);
        return row === undefined ? undefined : (named(prepared, row) as T);
      } catch (error) {
        kinds.get.delete(text);
        throw error;
      }
    },
    all<T>(text: string, ...values: SqlValue[]): T[] {
      const prepared = bound('all', text, values);
      return prepared.statement.all(values).map((row) => named(prepared, row) as T);
    },
    run(text: string, ...values: SqlValue[]): number {
      return bound('run', text, values).statement.run(values).changes;
    },
    exec(text: string): void {
      driver.exec(text);
    },
    get inTransaction(): boolean {
      return driver.inTransaction;
    },
    close(): void {
      for (const statements of Object.values(kinds)) statements.clear();
      driver.close();
    },
  };
}

function isSqlValue(value: unknown): boolean {
  if (value === null || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return value instanceof Uint8Array;
}

function named(prepared: Prepared, row: unknown[]): Record<string, unknown> {
  prepared.names ??= prepared.statement.columns().map(({ name }) => name);
  const object: Record<string, unknown> = {};
  for (const [at, name] of prepared.names.entries()) {
    object[name] = tidy(row[at]);
  }
  return object;
}

function tidy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isAnyArrayBuffer(value)) return new Uint8Array(value);
  return isUint8Array(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : value;
}
