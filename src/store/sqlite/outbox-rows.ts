import type { NotificationState, OutboxCounts, OutboxFilter, OutboxRow } from '../ports/outbox.js';
import { selected } from './columns.js';
import type { Sql, SqlValue } from './database.js';

const FIELDS: readonly (keyof OutboxRow)[] = [
  'seq',
  'id',
  'instanceId',
  'resource',
  'queue',
  'contentType',
  'eventCount',
  'state',
  'attempts',
  'nextAttemptAt',
  'firstAttemptAt',
  'lastStatus',
  'lastError',
  'createdAt',
  'deliveredAt',
  'diedAt',
];
export const SELECT_ROW = `SELECT ${selected(FIELDS)} FROM outbox`;

export const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Takes `now`. A wait begins with the last attempt: one that would begin after now was written before the clock was set
 * back. The last one by its place in the log: an earlier one of that time lies in the future still.
 */
const LAST_ATTEMPT = 'SELECT at FROM attempt WHERE notification_id = outbox.id ORDER BY rowid DESC LIMIT 1';
const SET_BACK = `(attempts = 0 OR (${LAST_ATTEMPT}) > ?)`;

/** Takes `now` twice. A row without a time is due: nothing else would ever bring it up. */
export const DUE = `(next_attempt_at <= ? OR next_attempt_at IS NULL OR ${SET_BACK})`;

/** Instances that are not stopped and have due rows. One look into an index an instance, however long their queues are. */
export function instancesWithDue(sql: Sql, now: number): number[] {
  const pending = `SELECT 1 FROM outbox WHERE instance_id = instance.id AND state = 'pending' AND next_attempt_at`;
  const rows = sql.all<{ id: number }>(
    `SELECT id FROM instance WHERE stopped_at IS NULL
       AND (EXISTS (${pending} <= ?) OR EXISTS (${pending} IS NULL) OR EXISTS (${pending} > ? AND ${SET_BACK}))
     ORDER BY id`,
    now,
    now,
    now,
  );
  return rows.map((row) => row.id);
}

/** Of the events queue. */
export function countRows(sql: Sql, instanceId?: number): OutboxCounts[] {
  if (instanceId === undefined) return sql.all<OutboxCounts>(counting(''));
  const counts = sql.get<OutboxCounts>(counting('AND instance_id = ?'), instanceId, instanceId);
  return counts === undefined ? [] : [counts];
}

/** Two selects, so that each can use the index of its state. */
function counting(among: string): string {
  return `SELECT instanceId, sum(pending) AS pending, sum(dead) AS dead, min(oldest) AS oldestPendingAt FROM (
      SELECT instance_id AS instanceId, count(*) AS pending, 0 AS dead, min(created_at) AS oldest
      FROM outbox WHERE state = 'pending' AND queue = 'events' ${among} GROUP BY instance_id
      UNION ALL
      SELECT instance_id, 0, count(*), NULL FROM outbox WHERE state = 'dead' AND queue = 'events' ${among} GROUP BY instance_id
    ) GROUP BY instanceId ORDER BY instanceId`;
}

/** One select a state, so that each can use the index of its own. */
export function countStates(sql: Sql): Record<NotificationState, number> {
  const count = (state: NotificationState) => `(SELECT count(*) FROM outbox WHERE state = '${state}') AS ${state}`;
  const counted = sql.get<Record<NotificationState, number>>(
    `SELECT ${count('pending')}, ${count('delivered')}, ${count('dead')}, ${count('stored')}`,
  );
  return counted ?? { pending: 0, delivered: 0, dead: 0, stored: 0 };
}

/** Rows in queue order, or the newest first. */
export function listRows(sql: Sql, filter: OutboxFilter): OutboxRow[] {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  function where(condition: string, value: SqlValue | undefined): void {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  }
  where('id IN (SELECT value FROM json_each(?))', filter.ids && JSON.stringify(filter.ids));
  where('instance_id = ?', filter.instanceId);
  where('state = ?', filter.state);
  where('resource = ?', filter.resource);
  where('created_at >= ?', filter.since);
  where('seq < ?', filter.before);
  where('seq > ?', filter.after);
  const condition = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const order = filter.newestFirst === true ? 'seq DESC' : 'seq';
  return sql.all<OutboxRow>(`${SELECT_ROW} ${condition} ORDER BY ${order} LIMIT ?`, ...values, filter.limit ?? -1);
}
