import { first } from './0001-first.js';
import { plannedAt } from './0002-planned-at.js';
import { deletedAt } from './0003-deleted-at.js';
import { serverKey } from './0004-server-key.js';

export interface Migration {
  /** From 1, in steps of 1; the database keeps the last one run as its user_version. */
  number: number;
  sql: string;
}

/** Only ever added to: what a released version has run is never changed. */
export const migrations: Migration[] = [
  { number: 1, sql: first },
  { number: 2, sql: plannedAt },
  { number: 3, sql: deletedAt },
  { number: 4, sql: serverKey },
];
