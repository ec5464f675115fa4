import type { OutboxRow } from '../core/delivery/index.js';
import type { Ui } from '../ui/output.js';
import { relativeTime } from '../ui/time.js';
import { stateCell } from './state-cells.js';

/** Notifications for a person; `now` in milliseconds. */
export function showEvents(rows: readonly OutboxRow[], now: number, ui: Ui): void {
  ui.table(
    ['id', 'instance', 'resource', 'events', 'state', 'attempts', 'made', 'next attempt', 'last error'],
    rows.map((row) => [
      row.id,
      String(row.instanceId),
      row.resource,
      String(row.eventCount),
      stateCell(row.state, ui.paint),
      String(row.attempts),
      relativeTime(row.createdAt, now),
      relativeTime(row.nextAttemptAt, now),
      row.lastError ?? '-',
    ]),
    ['events', 'made', 'resource', 'next attempt', 'attempts'],
  );
}
