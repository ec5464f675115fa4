import type { AttemptCommit, AttemptLog, EndpointRow } from '../ports/outbox.js';
import { assigned } from './columns.js';
import type { Sql } from './database.js';
import { insertNotifications } from './notifications.js';

const PATCHED = [
  'state',
  'attempts',
  'nextAttemptAt',
  'firstAttemptAt',
  'lastStatus',
  'lastError',
  'deliveredAt',
  'diedAt',
] as const;

/** All that follows from one attempt. Inside a transaction that has checked the fence. */
export function recordAttempt(sql: Sql, commit: AttemptCommit): void {
  if (commit.attempt !== null) logAttempt(sql, commit.attempt);
  if (commit.endpoint !== undefined) setEndpoint(sql, commit.endpoint);
  const set = assigned(PATCHED, commit.patch);
  if (set !== null) sql.run(`UPDATE outbox SET ${set.text} WHERE id = ?`, ...set.values, commit.notificationId);
  if (commit.instance !== undefined) patchInstance(sql, commit.instance);
  insertNotifications(sql, commit.notifications, commit.now);
}

function logAttempt(sql: Sql, { notificationId, at, status, durationMs, error, answer }: AttemptLog): void {
  sql.run(
    'INSERT INTO attempt (notification_id, at, status, duration_ms, error, answer) VALUES (?, ?, ?, ?, ?, ?)',
    notificationId,
    at,
    status,
    durationMs,
    error,
    answer,
  );
}

function setEndpoint(sql: Sql, { endpoint, failures, restUntil, restMs }: EndpointRow): void {
  sql.run(
    'INSERT OR REPLACE INTO endpoint (endpoint, failures, rest_until, rest_ms) VALUES (?, ?, ?, ?)',
    endpoint,
    failures,
    restUntil,
    restMs,
  );
}

function patchInstance(sql: Sql, { id, stop, lastSuccessAt }: NonNullable<AttemptCommit['instance']>): void {
  const set = assigned(['stoppedAt', 'stopNotification', 'stopReason'], {
    stoppedAt: stop === undefined ? undefined : (stop?.at ?? null),
    stopNotification: stop === undefined ? undefined : (stop?.notificationId ?? null),
    stopReason: stop === undefined ? undefined : (stop?.reason ?? null),
  });
  if (set !== null) sql.run(`UPDATE instance SET ${set.text} WHERE id = ?`, ...set.values, id);
  if (lastSuccessAt !== undefined) {
    // A success answers every death before it, also one that the clock was set back behind.
    sql.run(
      `UPDATE instance SET last_success_at = max(?, coalesce(
         (SELECT max(died_at) FROM outbox WHERE instance_id = instance.id AND state = 'dead'), 0)) WHERE id = ?`,
      lastSuccessAt,
      id,
    );
  }
}
