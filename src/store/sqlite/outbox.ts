import { type AttemptLog, DISCARDED, type Outbox, type OutboxRow } from '../ports/outbox.js';
import type { Database } from './database.js';
import { assertFence } from './leases.js';
import { readActivity } from './outbox-activity.js';
import { recordAttempt } from './outbox-attempt.js';
import { pruneStep } from './outbox-pruning.js';
import { resumableRows, resumeDeliveries } from './outbox-resume.js';
import { countRows, countStates, DUE, instancesWithDue, listRows, NEVER, SELECT_ROW } from './outbox-rows.js';
import { endpointRow, standing } from './standing.js';

export function createOutbox(db: Database): Outbox {
  return {
    pending: (instanceId, queue, { limit, dueAt = NEVER }) =>
      db.read((sql) =>
        sql.all<OutboxRow>(
          `${SELECT_ROW} WHERE instance_id = ? AND queue = ? AND state = 'pending' AND ${DUE} ORDER BY seq LIMIT ?`,
          instanceId,
          queue,
          dueAt,
          dueAt,
          limit,
        ),
      ),

    hasPending: (instanceId) =>
      db.read(
        (sql) =>
          sql.get(`SELECT 1 FROM outbox WHERE instance_id = ? AND state = 'pending' LIMIT 1`, instanceId) !== undefined,
      ),

    instancesDue: (now) => db.read((sql) => instancesWithDue(sql, now)),

    get: (id) => db.read((sql) => sql.get<OutboxRow>(`${SELECT_ROW} WHERE id = ?`, id) ?? null),

    body: (id) =>
      db.read((sql) => {
        const row = sql.get<{ bytes: Uint8Array }>(
          'SELECT bytes FROM body WHERE seq = (SELECT seq FROM outbox WHERE id = ?)',
          id,
        );
        return row?.bytes ?? null;
      }),

    attempts: (id) =>
      db.read((sql) =>
        sql.all<AttemptLog>(
          `SELECT notification_id AS notificationId, at, status, duration_ms AS durationMs, error, answer
           FROM attempt WHERE notification_id = ? ORDER BY rowid`,
          id,
        ),
      ),

    list: (filter) => db.read((sql) => listRows(sql, filter)),

    activity: (instanceId, options) => db.read((sql) => readActivity(sql, instanceId, options)),

    counts: (instanceId) => db.read((sql) => countRows(sql, instanceId)),

    depths: () => db.read(countStates),

    resumable: (instanceId, options) => db.read((sql) => resumableRows(sql, instanceId, options)),

    endpoint: (endpoint) => db.read((sql) => endpointRow(sql, endpoint)),

    standing: (instanceId, endpoint) => db.read((sql) => standing(sql, instanceId, endpoint)),

    commitAttempt: (lease, commit) =>
      db.write('full', (sql) => {
        assertFence(sql, lease);
        recordAttempt(sql, commit);
      }),

    store: (lease, instanceId, now) =>
      db.write('full', (sql) => {
        assertFence(sql, lease);
        return sql.run(
          `UPDATE outbox SET state = 'stored', next_attempt_at = NULL, died_at = ?
           WHERE instance_id = ? AND state = 'pending'`,
          now,
          instanceId,
        );
      }),

    resume: (lease, instanceId, endpoint, now) =>
      db.write('full', (sql) => {
        assertFence(sql, lease);
        return resumeDeliveries(sql, instanceId, endpoint, now);
      }),

    discard: async (lease, ids, now) => {
      await db.write('full', (sql) => {
        assertFence(sql, lease);
        for (const id of ids) {
          sql.run(
            `UPDATE outbox SET died_at = CASE state WHEN 'dead' THEN died_at ELSE ? END, state = 'dead',
               last_error = ?, next_attempt_at = NULL WHERE id = ? AND state <> 'delivered'`,
            now,
            DISCARDED,
            id,
          );
        }
      });
    },

    prune: (options) => pruneStep(db, options),
  };
}
