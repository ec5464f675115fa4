import type { OutboxActivity } from '../ports/outbox.js';
import type { Sql } from './database.js';

/** The newest rows of an instance, by the index of its queue: however many there are, no more than `limit` are read. */
const NEWEST = `SELECT id, queue, state, created_at, event_count, delivered_at, died_at FROM outbox
                WHERE instance_id = ? ORDER BY seq DESC LIMIT ?`;

export function readActivity(
  sql: Sql,
  instanceId: number,
  { since, limit }: { since: number; limit: number },
): OutboxActivity {
  const notifications = sql.all<OutboxActivity['notifications'][number]>(
    `SELECT created_at AS createdAt, event_count AS eventCount, state, delivered_at AS deliveredAt, died_at AS diedAt
     FROM (${NEWEST}) WHERE queue = 'events'`,
    instanceId,
    limit,
  );
  const attempts = sql.all<OutboxActivity['attempts'][number]>(
    `SELECT at, status, duration_ms AS durationMs, error
     FROM (${NEWEST}) AS newest JOIN attempt ON attempt.notification_id = newest.id
     WHERE queue = 'events' AND at >= ?`,
    instanceId,
    limit,
    since,
  );
  const read = sql.get<{ rows: number; oldest: number | null }>(
    `SELECT count(*) AS rows, min(created_at) AS oldest FROM (${NEWEST})`,
    instanceId,
    limit,
  );
  return { notifications, attempts, completeSince: (read?.rows ?? 0) < limit ? null : (read?.oldest ?? null) };
}
