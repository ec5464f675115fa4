/**
 * One connection to events.db. Reads never wait (WAL); a write is whole or not at all, in a BEGIN IMMEDIATE transaction that
 * waits its turn up to 15 s without blocking the event loop. Nothing asynchronous happens inside a transaction. The work of
 * a write is run anew, after all it did was undone, when another one fails that shares its transaction.
 */
export interface Sql {
  get<T>(text: string, ...values: SqlValue[]): T | undefined;
  all<T>(text: string, ...values: SqlValue[]): T[];
  /** Returns the number of rows changed. */
  run(text: string, ...values: SqlValue[]): number;
}

export type SqlValue = string | number | null | Uint8Array;

/**
 * `full` waits for the disk, together with others asked for at the same time; `relaxed` may be lost with the power (never with
 * the process): only for what can be done again.
 */
export type Durability = 'full' | 'relaxed';

export interface Database {
  write<T>(durability: Durability, work: (sql: Sql) => T): Promise<T>;
  read<T>(work: (sql: Sql) => T): Promise<T>;
  close(): void;
}
