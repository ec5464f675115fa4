import type { NewNotification } from '../ports/outbox.js';
import type { Sql } from './database.js';

/**
 * Puts notifications at the end of the queue, due at once. One whose id is known is a repeat of it and stays as it was:
 * ids are derived from what they tell.
 */
export function insertNotifications(sql: Sql, notifications: readonly NewNotification[], now: number): void {
  for (const notification of notifications) {
    const row = sql.get<{ seq: number }>(
      `INSERT INTO outbox (id, instance_id, resource, queue, content_type, event_count, state, next_attempt_at, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING seq`,
      notification.id,
      notification.instanceId,
      notification.resource,
      notification.queue,
      notification.contentType,
      notification.eventCount,
      notification.state,
      notification.state === 'pending' ? now : null,
      now,
    );
    if (row !== undefined) sql.run('INSERT INTO body (seq, bytes) VALUES (?, ?)', row.seq, notification.body);
  }
}
