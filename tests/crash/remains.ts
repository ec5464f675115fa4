import { join } from 'node:path';
import Libsql from 'libsql';
import type { Trial } from './stage.js';

/** What events.db holds, read past the product. */
export interface Remains {
  /** `ok`, by SQLite's own check. */
  integrity: string;
  /** In queue order. */
  outbox: { id: string; instanceId: number; resource: string; state: string; attempts: number }[];
  /** Rows that belong to nothing, by table: bodies without their notification, rows without their instance. */
  strays: Record<string, number>;
  /** Units that Google was asked for, and those that were reserved before. */
  units: { spent: number; reserved: number };
}

const NO_INSTANCE = 'instance_id NOT IN (SELECT id FROM instance)';
const STRAYS: Record<string, string> = {
  body: 'SELECT count(*) AS n FROM body WHERE seq NOT IN (SELECT seq FROM outbox)',
  'outbox without a body': 'SELECT count(*) AS n FROM outbox WHERE seq NOT IN (SELECT seq FROM body)',
  attempt: 'SELECT count(*) AS n FROM attempt WHERE notification_id NOT IN (SELECT id FROM outbox)',
  ...Object.fromEntries(
    ['outbox', 'resource', 'snapshot', 'emitted'].map((table) => [
      table,
      `SELECT count(*) AS n FROM ${table} WHERE ${NO_INSTANCE}`,
    ]),
  ),
};

export function remains({ home }: Trial): Remains {
  return withDatabase(home, (all) => {
    const number = (text: string) => Number(all<{ n: number | null }>(text)[0]?.n ?? 0);
    return {
      integrity: all<{ integrity_check: string }>('PRAGMA integrity_check')
        .map((row) => row.integrity_check)
        .join('; '),
      outbox: all('SELECT id, instance_id AS instanceId, resource, state, attempts FROM outbox ORDER BY seq'),
      strays: Object.fromEntries(
        Object.entries(STRAYS)
          .map(([name, text]) => [name, number(text)] as const)
          .filter(([, count]) => count > 0),
      ),
      units: {
        spent: number('SELECT sum(units) AS n FROM spent'),
        reserved: number(`SELECT sum(reserved) AS n FROM quota WHERE scope LIKE '%@%'`),
      },
    };
  });
}

/** Ids of the instances that events.db has a row of. */
export function instanceRows({ home }: Trial): number[] {
  return withDatabase(home, (all) => all<{ id: number }>('SELECT id FROM instance ORDER BY id').map(({ id }) => id));
}

export function withDatabase<T>(home: string, work: (all: <R>(text: string) => R[]) => T): T {
  const db = new Libsql(join(home, 'events.db'));
  try {
    return work(<R>(text: string) => db.prepare(text).all([]) as R[]);
  } finally {
    db.close();
  }
}
