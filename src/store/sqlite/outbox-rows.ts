import type { OutboxFilter, OutboxRow } from '../ports/outbox.js';
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

/** Takes `now` and `farthest`. A row without a time is due: nothing else would ever bring it up. */
export const DUE = '(next_attempt_at <= ? OR next_attempt_at > ? OR next_attempt_at IS NULL)';
export const NEVER = Number.MAX_SAFE_INTEGER;

/** Rows in queue order. */
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
  const condition = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return sql.all<OutboxRow>(`${SELECT_ROW} ${condition} ORDER BY seq LIMIT ?`, ...values, filter.limit ?? -1);
}
