import type { InstanceRow, InstanceRows } from '../ports/instances.js';
import { assigned, selected } from './columns.js';
import type { Database, Sql } from './database.js';
import { assertFence, giveBack, noteGivenBack } from './leases.js';
import { insertResource } from './resources.js';

const PLAIN = [
  'id',
  'uuid',
  'createdAt',
  'nextPollAt',
  'plannedAt',
  'lastPollAt',
  'lastError',
  'lastSuccessAt',
  'authFailedAt',
] as const;
const STOP = ['stoppedAt', 'stopNotification', 'stopReason'] as const;
const PATCHED = ['nextPollAt', 'plannedAt', 'lastPollAt', 'lastError'] as const;
const SELECT = `SELECT ${selected([...PLAIN, ...STOP])} FROM instance`;

type Stored = Omit<InstanceRow, 'stop'> & {
  stoppedAt: number | null;
  stopNotification: string | null;
  stopReason: string | null;
};

export function createInstanceRows(db: Database): InstanceRows {
  return {
    create: ({ uuid, createdAt, nextPollAt, resources, largestFile, id }) =>
      // Fsynced, as all that a file relies on: a file that outlived its row would look like a lost cursor.
      db.write('full', (sql) => {
        if (id !== undefined && sql.get('SELECT id FROM instance WHERE id = ?', id) !== undefined) return null;
        const free = id ?? Math.max(largestEver(sql), largestFile) + 1;
        sql.run(
          'INSERT INTO instance (id, uuid, created_at, next_poll_at) VALUES (?, ?, ?, ?)',
          free,
          uuid,
          createdAt,
          nextPollAt,
        );
        for (const resource of resources) insertResource(sql, free, resource);
        return free;
      }),

    get: (id) =>
      db.read((sql) => {
        const row = sql.get<Stored>(`${SELECT} WHERE id = ?`, id);
        return row === undefined ? null : instanceRow(row);
      }),

    list: () => db.read((sql) => sql.all<Stored>(`${SELECT} ORDER BY id`).map(instanceRow)),

    due: (now) =>
      db.read((sql) =>
        sql
          .all<{ id: number }>('SELECT id FROM instance WHERE next_poll_at <= ? ORDER BY next_poll_at, id', now)
          .map((row) => row.id),
      ),

    update: async (lease, id, patch, { last = false } = {}) => {
      await db.write('relaxed', (sql) => {
        assertFence(sql, lease);
        const set = assigned(PATCHED, patch);
        if (set !== null) sql.run(`UPDATE instance SET ${set.text} WHERE id = ?`, ...set.values, id);
        if (last) giveBack(sql, lease);
      });
      if (last) noteGivenBack(lease);
    },

    markDeleted: async (lease, id, now) => {
      await db.write('full', (sql) => {
        assertFence(sql, lease);
        sql.run('UPDATE instance SET deleted_at = ? WHERE id = ?', now, id);
      });
    },

    deleted: () =>
      db.read((sql) =>
        sql.all<{ id: number }>('SELECT id FROM instance WHERE deleted_at IS NOT NULL ORDER BY id').map(({ id }) => id),
      ),

    remove: (lease, id) =>
      db.write('full', (sql) => {
        assertFence(sql, lease);
        const pending = sql.get<{ n: number }>(
          `SELECT count(*) AS n FROM outbox WHERE instance_id = ? AND queue = 'events' AND state = 'pending'`,
          id,
        );
        sql.run('DELETE FROM attempt WHERE notification_id IN (SELECT id FROM outbox WHERE instance_id = ?)', id);
        sql.run('DELETE FROM body WHERE seq IN (SELECT seq FROM outbox WHERE instance_id = ?)', id);
        for (const table of ['outbox', 'emitted', 'snapshot', 'resource']) {
          sql.run(`DELETE FROM ${table} WHERE instance_id = ?`, id);
        }
        sql.run('DELETE FROM instance WHERE id = ?', id);
        return pending?.n ?? 0;
      }),
  };
}

function largestEver(sql: Sql): number {
  return sql.get<{ seq: number }>(`SELECT seq FROM sqlite_sequence WHERE name = 'instance'`)?.seq ?? 0;
}

function instanceRow({ stoppedAt, stopNotification, stopReason, ...plain }: Stored): InstanceRow {
  const stop =
    stoppedAt === null ? null : { at: stoppedAt, notificationId: stopNotification ?? '', reason: stopReason ?? '' };
  return { ...plain, stop };
}
