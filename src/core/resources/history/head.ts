import type { ResourceRow } from '../../../store/ports/resources.js';
import type { HistoryId } from '../../types.js';
import { newer } from './history-id.js';

/** Records become visible up to this long after the historyId that already counts them (seconds in every report). */
const SETTLED_MS = 60_000;

/** How the reading of history ended. Times are milliseconds of this machine's clock, which is `aheadMs` ahead of Google's. */
export interface HistoryEnd {
  /** historyId of the last page's answer. */
  historyId: HistoryId;
  /** History records came, whatever the filters made of them. */
  records: boolean;
  /** When the first page was asked for, and when the last one had come. */
  askedAt: number;
  answeredAt: number;
  aheadMs: number;
}

/**
 * What the end of history does to the marker. With records the cursor stands at the last one of them (its part has put it
 * there), and the answer's historyId is kept as head. Without, a head that is old enough for all before it to be visible
 * becomes the cursor, so that a quiet mailbox advances too, and the answer is the new head; a younger head stays. A head's
 * age is of Google's time: a clock that is set meanwhile would make it old too early.
 */
export function endOfHistory(
  row: Pick<ResourceRow, 'cursor' | 'head' | 'headAt'>,
  end: HistoryEnd,
): Partial<Pick<ResourceRow, 'cursor' | 'cursorAt' | 'head' | 'headAt'>> {
  const fresh = { head: end.historyId, headAt: end.answeredAt - end.aheadMs };
  if (end.records || row.head === null || row.headAt === null) return fresh;
  const age = end.askedAt - end.aheadMs - row.headAt;
  // A time further ahead than its own wait is of a clock that nothing could be compared with: it counts as come.
  const settled = age >= SETTLED_MS || age < -SETTLED_MS;
  if (!settled) return {};
  return {
    ...fresh,
    cursor: row.cursor === null ? row.head : newer(row.cursor, row.head),
    cursorAt: Math.min(row.headAt + end.aheadMs, end.askedAt),
  };
}
