import { DISCARDED, type EndpointRow, type Standing } from '../ports/outbox.js';
import type { Sql } from './database.js';

const ENDPOINT = 'endpoint, failures, rest_until AS restUntil, rest_ms AS restMs';

export function endpointRow(sql: Sql, endpoint: string): EndpointRow | null {
  return sql.get<EndpointRow>(`SELECT ${ENDPOINT} FROM endpoint WHERE endpoint = ?`, endpoint) ?? null;
}

type Found = { [P in keyof EndpointRow]: EndpointRow[P] | null } & {
  stoppedAt: number | null;
  stopNotification: string | null;
  stopReason: string | null;
  lastSuccessAt: number | null;
  unansweredDeath: number;
};

/** One statement, for every attempt comes by: a call of the driver costs more than what it looks up. */
export function standing(sql: Sql, instanceId: number, endpoint: string): Standing {
  const found = sql.get<Found>(
    `SELECT ${ENDPOINT}, stopped_at AS stoppedAt, stop_notification AS stopNotification, stop_reason AS stopReason,
            last_success_at AS lastSuccessAt, EXISTS (
              SELECT 1 FROM outbox WHERE instance_id = ? AND state = 'dead' AND queue = 'events' AND last_error IS NOT ?
                AND died_at > coalesce(last_success_at, -1)
            ) AS unansweredDeath
     FROM (SELECT 1) LEFT JOIN instance ON instance.id = ? LEFT JOIN endpoint ON endpoint.endpoint = ?`,
    instanceId,
    DISCARDED,
    instanceId,
    endpoint,
  );
  const { stoppedAt = null, stopNotification, stopReason, lastSuccessAt = null, unansweredDeath = 0 } = found ?? {};
  return {
    endpoint: known(found),
    stop:
      stoppedAt === null ? null : { at: stoppedAt, notificationId: stopNotification ?? '', reason: stopReason ?? '' },
    lastSuccessAt,
    unansweredDeath: unansweredDeath === 1,
  };
}

function known(found: Found | undefined): EndpointRow | null {
  if (found === undefined || found.endpoint === null) return null;
  const { endpoint, failures, restUntil, restMs } = found;
  return { endpoint, failures: failures ?? 0, restUntil, restMs };
}
