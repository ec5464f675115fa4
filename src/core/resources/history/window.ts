import type { GapState, ResourceRow } from '../../../store/ports/resources.js';

export type GapWindow = Pick<GapState, 'windowStart' | 'windowEnd'>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What was emitted before the last poll that reached the end is remembered for this long, so the window reaches back as far. */
export const OVERLAP_MS = HOUR_MS;
/** A lost cursor tells nothing of when it was read last: Gmail's own history reaches back about as far. */
const LOST_MS = 7 * DAY_MS;
/** Mail that history reports late may lie before the new baseline. */
const MARGIN_MS = 60_000;

/**
 * The stretch of time whose mail is looked for after a gap, milliseconds: from an hour before the last poll that reached
 * the end of history, never before the first baseline, to a minute after the new baseline was read at `readAt`. When the
 * cursor was lost with the store: from the instance's creation or 7 days back, whichever is later.
 *
 * Mail is dated by Google's clock, so the window is of Google's time, as the times of the row are; the others were read from
 * this machine's clock, which is `aheadMs` ahead of it.
 */
export function gapWindow(
  row: Pick<ResourceRow, 'cursor' | 'firstBaselineAt' | 'lastEndAt'>,
  createdAtHere: number,
  readAtHere: number,
  aheadMs: number,
): GapWindow {
  const { cursor, lastEndAt, firstBaselineAt } = row;
  const [createdAt, readAt] = [createdAtHere - aheadMs, readAtHere - aheadMs];
  // A first baseline later than what was read behind it is of a clock that nothing could be compared with: it says nothing.
  const sound = firstBaselineAt !== null && firstBaselineAt <= Math.min(lastEndAt ?? readAt, readAt);
  const first = sound ? firstBaselineAt : Number.NEGATIVE_INFINITY;
  let lastEnd = lastEndAt === null ? Number.NEGATIVE_INFINITY : lastEndAt - OVERLAP_MS;
  // A time in the future was written by a clock that has been put back since: taken at its word it would hide mail.
  if (lastEndAt !== null && lastEndAt > readAt) lastEnd = readAt - LOST_MS;
  const known = cursor === null ? Number.NEGATIVE_INFINITY : Math.max(first, lastEnd);
  return { windowStart: Number.isFinite(known) ? known : lostSince(createdAt, readAt), windowEnd: readAt + MARGIN_MS };
}

/** Since when mail may have been missed when nothing tells it: the instance's creation or 7 days back, whichever is later. */
export function lostSince(createdAt: number, now: number): number {
  const created = createdAt <= now ? createdAt : Number.NEGATIVE_INFINITY;
  return Math.max(created, now - LOST_MS);
}

/** When the baseline of a gap was read, milliseconds. */
export function baselineReadAt(window: GapWindow): number {
  return window.windowEnd - MARGIN_MS;
}

/** Where a message's date (milliseconds; null: nobody knows) lies. Mail that came by SMTP is dated in whole seconds, rounded down. */
export function sideOf(date: number | null, window: GapWindow): 'older' | 'inside' | 'newer' | 'unknown' {
  if (date === null) return 'unknown';
  if (date < Math.floor(window.windowStart / 1000) * 1000) return 'older';
  return date > window.windowEnd ? 'newer' : 'inside';
}
