import type { InstanceStatus } from '../core/status.js';
import type { Paint } from '../ui/colour.js';
import type { Cell } from '../ui/table.js';

/** Green: well. Yellow: passes by itself, or may be looked at. Red: needs a person. Anything else is nobody's concern. */
const MEANINGS: Record<string, 'green' | 'yellow' | 'red'> = {
  ok: 'green',
  running: 'green',
  delivered: 'green',
  pending: 'yellow',
  retrying: 'yellow',
  resting: 'yellow',
  cooling: 'yellow',
  expiring: 'yellow',
  stopped: 'red',
  dead: 'red',
  reauthorize: 'red',
  operator: 'red',
  'needs authorization': 'red',
};

/** The state of an instance, its deliveries, a notification or a grant, coloured by what it means. */
export function stateCell(state: string, paint: Paint): Cell {
  const meaning = MEANINGS[state];
  return meaning === undefined ? state : { text: state, paint: paint[meaning] };
}

/** How deliveries stand: that they fail for now is to be seen before the endpoint rests or they stop. */
export function deliveriesOf({ deliveries, retrying }: Pick<InstanceStatus, 'deliveries' | 'retrying'>): string {
  return deliveries === 'running' && retrying ? 'retrying' : deliveries;
}

/** A count of what should be none. */
export function countCell(count: number, colour: (text: string) => string): Cell {
  return count === 0 ? '0' : { text: String(count), paint: colour };
}
