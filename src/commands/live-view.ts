import type { InstanceStatus } from '../core/status.js';
import type { Paint } from '../ui/colour.js';
import type { Size } from '../ui/live.js';
import { sparkline } from '../ui/sparkline.js';
import { type Cell, formatTable } from '../ui/table.js';
import { relativeTime } from '../ui/time.js';
import { counted } from './notification-lines.js';
import type { RecentEvents } from './recent-events.js';
import { countCell, deliveriesOf } from './state-cells.js';

/** Rows of the terminal that stay for the lines above the view. */
const ROOM_ABOVE = 3;
/** Fixes shown below the table, where there is room. */
const MOST_FIXES = 3;

type Column = [name: string, cell: (each: InstanceStatus) => Cell];

/** What a watch does, as lines that fit the terminal. `now` in milliseconds. */
export function liveLines(
  instances: readonly InstanceStatus[],
  recent: RecentEvents,
  { size, now, paint }: { size: Size; now: number; paint: Paint },
): string[] {
  const head = [paint.bold(headline(instances, recent, now))];
  const room = size.rows - 1 - ROOM_ABOVE - head.length;
  // Less than a table of one row.
  if (room < 2 || instances.length === 0) return head;
  const fixes = instances.flatMap(({ id, error }) =>
    error === null
      ? []
      : [paint.yellow(`instance ${id}: ${error.message}${error.hint === null ? '' : ` (${error.hint})`}`)],
  );
  const shownFixes = fixes.slice(0, Math.max(Math.min(MOST_FIXES, room - 1 - instances.length), 0));
  const rows = room - 1 - shownFixes.length;
  const all = instances.length <= rows;
  const shown = all ? instances : byTrouble(instances).slice(0, rows - 1);
  const more = all ? [] : [paint.dim(`... and ${instances.length - shown.length} more`)];
  const columns = columnsFor(size.columns, recent, now, paint);
  const table = formatTable(
    columns.map(([name]) => name),
    shown.map((each) => columns.map(([, cell]) => cell(each))),
    size.columns - 1,
    { paintHead: paint.bold },
  );
  // Too narrow for a table: what it would become does not fit the height.
  if (table.length !== shown.length + 1) return head;
  return [...head, ...table, ...more, ...shownFixes];
}

function headline(instances: readonly InstanceStatus[], recent: RecentEvents, now: number): string {
  const sum = (of: (each: InstanceStatus) => number) => instances.reduce((total, each) => total + of(each), 0);
  const pending = sum((each) => each.pending);
  const troubled = sum((each) => (each.error === null ? 0 : 1));
  return [
    counted(instances.length, 'instance'),
    `${counted(
      sum(({ id }) => total(recent, id, now)),
      'event',
    )} in the last hour`,
    ...(pending === 0 ? [] : [`${pending} pending`]),
    ...(troubled === 0 ? [] : [`${troubled} in trouble`]),
  ].join(', ');
}

/** Narrow terminals have room for what matters most. */
function columnsFor(width: number, recent: RecentEvents, now: number, paint: Paint): Column[] {
  const id: Column = ['id', (each) => String(each.id)];
  const name: Column = ['name', (each) => each.name];
  const last: Column = ['last poll', (each) => relativeTime(each.lastPollAt, now)];
  const next: Column = ['next poll', (each) => nextPoll(each, now)];
  const events: Column = ['events', (each) => String(total(recent, each.id, now))];
  const hour: Column = ['last hour', (each) => ({ text: sparkline(recent.of(each.id, now)), paint: paint.cyan })];
  const pending: Column = ['pending', (each) => countCell(each.pending, paint.yellow)];
  const health: Column = ['deliveries', (each) => healthCell(each, paint)];
  if (width >= 90) return [id, name, last, next, events, hour, pending, health];
  if (width >= 70) return [id, name, next, events, hour, pending, health];
  return [id, name, next, pending, health];
}

/** One that is due is polled as soon as there is a turn; the past is nobody's business. */
function nextPoll({ nextPollAt }: InstanceStatus, now: number): string {
  return nextPollAt === null ? '-' : relativeTime(Math.max(nextPollAt, now), now);
}

/** How deliveries stand, or that polls fail: red is for a person, yellow passes by itself. */
function healthCell(each: InstanceStatus, paint: Paint): Cell {
  const { error, dead } = each;
  const deliveries = deliveriesOf(each);
  if (deliveries === 'stopped') return { text: 'stopped', paint: paint.red };
  if (error !== null) return { text: error.code === 'auth' ? 'no access' : 'failing', paint: paint.red };
  if (deliveries !== 'running') return { text: deliveries, paint: paint.yellow };
  return dead > 0 ? { text: `${dead} dead`, paint: paint.yellow } : { text: 'ok', paint: paint.green };
}

function byTrouble(instances: readonly InstanceStatus[]): InstanceStatus[] {
  const rank = (each: InstanceStatus) =>
    each.error !== null || each.deliveries === 'stopped'
      ? 0
      : deliveriesOf(each) !== 'running'
        ? 1
        : each.pending > 0
          ? 2
          : 3;
  return instances.toSorted((one, other) => rank(one) - rank(other) || one.id - other.id);
}

function total(recent: RecentEvents, id: number, now: number): number {
  return recent.of(id, now).reduce((sum, each) => sum + each, 0);
}
