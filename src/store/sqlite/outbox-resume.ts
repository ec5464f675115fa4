import { DISCARDED, type OutboxRow } from '../ports/outbox.js';
import type { Sql } from './database.js';
import { SELECT_ROW } from './outbox-rows.js';

/** Takes DISCARDED and the instance's id. */
const DIED_SINCE_SUCCESS = `state = 'dead' AND last_error IS NOT ?
       AND died_at > coalesce((SELECT last_success_at FROM instance WHERE id = ?), -1)`;

/** What a resume would send anew, in queue order. */
export function resumableRows(
  sql: Sql,
  instanceId: number,
  { pending, after, limit }: { pending: boolean; after: number; limit: number },
): OutboxRow[] {
  return sql.all<OutboxRow>(
    `${SELECT_ROW} WHERE instance_id = ? AND seq > ?
       AND ((${DIED_SINCE_SUCCESS}) ${pending ? "OR state = 'pending'" : ''}) ORDER BY seq LIMIT ?`,
    instanceId,
    after,
    DISCARDED,
    instanceId,
    limit,
  );
}

/**
 * Lifts the stop of an instance and the rest of its endpoint; returns what died since the last success to its place in
 * the queue (of both queues: an outage kills mailbox notifications too) and makes everything pending due now, afresh.
 * Returns how many of the events queue are pending.
 */
export function resumeDeliveries(sql: Sql, instanceId: number, endpoint: string | null, now: number): number {
  sql.run(
    `UPDATE outbox SET state = 'pending', died_at = NULL
     WHERE instance_id = ? AND ${DIED_SINCE_SUCCESS}`,
    instanceId,
    DISCARDED,
    instanceId,
  );
  sql.run(
    `UPDATE outbox SET attempts = 0, first_attempt_at = NULL, next_attempt_at = ?
     WHERE instance_id = ? AND state = 'pending'`,
    now,
    instanceId,
  );
  sql.run(
    'UPDATE instance SET stopped_at = NULL, stop_notification = NULL, stop_reason = NULL WHERE id = ?',
    instanceId,
  );
  if (endpoint !== null) sql.run('DELETE FROM endpoint WHERE endpoint = ?', endpoint);
  const pending = sql.get<{ n: number }>(
    `SELECT count(*) AS n FROM outbox WHERE instance_id = ? AND queue = 'events' AND state = 'pending'`,
    instanceId,
  );
  return pending?.n ?? 0;
}
