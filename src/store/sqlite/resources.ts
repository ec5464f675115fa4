import { StoreError } from '../errors.js';
import type { NewResource, PartCommit, ResourceRow, ResourceRows, SnapshotChange } from '../ports/resources.js';
import { assigned, selected } from './columns.js';
import type { Database, Sql } from './database.js';
import { assertFence } from './leases.js';
import { insertNotifications } from './notifications.js';

const PATCHED = [
  'cursor',
  'cursorAt',
  'head',
  'headAt',
  'firstBaselineAt',
  'lastEndAt',
  'gap',
  'stuck',
  'fingerprint',
  'hasSnapshot',
] as const;
const SELECT = `SELECT ${selected(['instanceId', 'name', 'kind', ...PATCHED])} FROM resource`;

type Stored = Omit<ResourceRow, 'gap' | 'stuck' | 'hasSnapshot'> & {
  gap: string | null;
  stuck: string | null;
  hasSnapshot: number;
};

export function createResourceRows(db: Database): ResourceRows {
  return {
    list: (instanceId) =>
      db.read((sql) => sql.all<Stored>(`${SELECT} WHERE instance_id = ? ORDER BY name`, instanceId).map(resourceRow)),

    get: (instanceId, name) =>
      db.read((sql) => {
        const row = sql.get<Stored>(`${SELECT} WHERE instance_id = ? AND name = ?`, instanceId, name);
        return row === undefined ? null : resourceRow(row);
      }),

    replaceSet: (lease, instanceId, add, removeNames) =>
      db.write('full', (sql) => {
        assertFence(sql, lease);
        for (const name of removeNames) {
          sql.run('DELETE FROM resource WHERE instance_id = ? AND name = ?', instanceId, name);
          sql.run('DELETE FROM snapshot WHERE instance_id = ? AND resource = ?', instanceId, name);
          sql.run('DELETE FROM emitted WHERE instance_id = ? AND resource = ?', instanceId, name);
        }
        for (const resource of add) insertResource(sql, instanceId, resource);
      }),

    commitPart: (lease, commit) =>
      db.write(commit.notifications.length > 0 ? 'full' : 'relaxed', (sql) => {
        const { wantedAt } = assertFence(sql, lease);
        insertNotifications(sql, commit.notifications, commit.now);
        patchResource(sql, commit);
        rememberEmitted(sql, commit);
        if (commit.snapshot !== undefined) changeSnapshot(sql, commit, commit.snapshot);
        if (commit.authFailedAt !== undefined) {
          sql.run('UPDATE instance SET auth_failed_at = ? WHERE id = ?', commit.authFailedAt, commit.instanceId);
        }
        return wantedAt !== null;
      }),

    emittedAmong: (instanceId, resource, messageIds) =>
      db.read((sql) => {
        const known = sql.all<{ id: string }>(
          `SELECT message_id AS id FROM emitted
           WHERE instance_id = ? AND resource = ? AND message_id IN (SELECT value FROM json_each(?))`,
          instanceId,
          resource,
          JSON.stringify(messageIds),
        );
        return new Set(known.map((row) => row.id));
      }),

    snapshot: (instanceId, resource) =>
      db.read((sql) => {
        const rows = sql.all<{ key: string; hash: string }>(
          'SELECT key, hash FROM snapshot WHERE instance_id = ? AND resource = ?',
          instanceId,
          resource,
        );
        return new Map(rows.map((row) => [row.key, row.hash]));
      }),
  };
}

/** Adds a resource's marker unless there is one. */
export function insertResource(sql: Sql, instanceId: number, { name, kind, cursor, at, lost }: NewResource): void {
  const cursorAt = cursor === null ? null : at;
  sql.run(
    `INSERT INTO resource (instance_id, name, kind, cursor, cursor_at, first_baseline_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (instance_id, name) DO NOTHING`,
    instanceId,
    name,
    kind,
    cursor,
    cursorAt,
    lost === true && kind === 'collection' ? at : cursorAt,
  );
}

function patchResource(sql: Sql, { instanceId, resource, patch }: PartCommit): void {
  const set = assigned(PATCHED, {
    ...patch,
    gap: json(patch.gap),
    stuck: json(patch.stuck),
    hasSnapshot: patch.hasSnapshot === undefined ? undefined : Number(patch.hasSnapshot),
  });
  if (set === null) return;
  const changed = sql.run(
    `UPDATE resource SET ${set.text} WHERE instance_id = ? AND name = ?`,
    ...set.values,
    instanceId,
    resource,
  );
  // A cursor that went nowhere would have the same events made again for ever.
  if (changed === 0) throw new StoreError('store', `resource "${resource}" of instance ${instanceId} has no marker`);
}

function rememberEmitted(sql: Sql, part: PartCommit): void {
  const { instanceId, resource, emitted, now, emittedAt = now, forgetEmittedBefore } = part;
  for (const messageId of emitted) {
    sql.run(
      'INSERT OR REPLACE INTO emitted (instance_id, resource, message_id, at) VALUES (?, ?, ?, ?)',
      instanceId,
      resource,
      messageId,
      emittedAt,
    );
  }
  if (forgetEmittedBefore === undefined) return;
  sql.run(
    'DELETE FROM emitted WHERE instance_id = ? AND resource = ? AND at < ?',
    instanceId,
    resource,
    forgetEmittedBefore,
  );
}

function changeSnapshot(sql: Sql, { instanceId, resource, now }: PartCommit, change: SnapshotChange): void {
  for (const { key, hash } of change.upsert) {
    sql.run(
      'INSERT OR REPLACE INTO snapshot (instance_id, resource, key, hash, seen_at) VALUES (?, ?, ?, ?, ?)',
      instanceId,
      resource,
      key,
      hash,
      now,
    );
  }
  const among = 'instance_id = ? AND resource = ? AND key IN (SELECT value FROM json_each(?))';
  if (change.seen !== undefined) {
    const keys = JSON.stringify(change.seen);
    sql.run(`UPDATE snapshot SET seen_at = ? WHERE ${among}`, now, instanceId, resource, keys);
  }
  sql.run(`DELETE FROM snapshot WHERE ${among}`, instanceId, resource, JSON.stringify(change.remove));
  if (change.forgetSeenBefore === undefined) return;
  sql.run(
    'DELETE FROM snapshot WHERE instance_id = ? AND resource = ? AND seen_at < ?',
    instanceId,
    resource,
    change.forgetSeenBefore,
  );
}

function json(value: object | null | undefined): string | null | undefined {
  return value === null || value === undefined ? value : JSON.stringify(value);
}

function resourceRow({ gap, stuck, hasSnapshot, ...plain }: Stored): ResourceRow {
  return {
    ...plain,
    gap: gap === null ? null : JSON.parse(gap),
    stuck: stuck === null ? null : JSON.parse(stuck),
    hasSnapshot: hasSnapshot === 1,
  };
}
