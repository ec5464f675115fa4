import { describe, expect, it } from '@jest/globals';
import { baselineReadAt, gapWindow, sideOf } from '../../../../src/core/resources/history/window.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1000 * DAY;
const created = NOW - 90 * DAY;

describe('gapWindow', () => {
  it.each<[string, Parameters<typeof gapWindow>[0], number, number]>([
    [
      'an hour before the last end of history',
      { cursor: '5', firstBaselineAt: created, lastEndAt: NOW - DAY },
      created,
      NOW - DAY - HOUR,
    ],
    [
      'never before the first baseline',
      { cursor: '5', firstBaselineAt: NOW - DAY, lastEndAt: NOW - DAY + 5 },
      created,
      NOW - DAY,
    ],
    [
      'from the first baseline when no poll reached the end',
      { cursor: '5', firstBaselineAt: NOW - 30 * DAY, lastEndAt: null },
      created,
      NOW - 30 * DAY,
    ],
    ['a lost cursor: 7 days back', { cursor: null, firstBaselineAt: NOW, lastEndAt: null }, created, NOW - 7 * DAY],
    [
      'a lost cursor: the creation when that is later',
      { cursor: null, firstBaselineAt: NOW, lastEndAt: null },
      NOW - DAY,
      NOW - DAY,
    ],
    [
      'an end in the future (clock put back)',
      { cursor: '5', firstBaselineAt: created, lastEndAt: NOW + DAY },
      created,
      NOW - 7 * DAY,
    ],
    [
      'a first baseline of a clock that was ahead then',
      { cursor: '5', firstBaselineAt: NOW - HOUR, lastEndAt: NOW - 4 * HOUR },
      created,
      NOW - 5 * HOUR,
    ],
    [
      'everything in the future',
      { cursor: '5', firstBaselineAt: NOW + DAY, lastEndAt: NOW + DAY },
      NOW + DAY,
      NOW - 7 * DAY,
    ],
    [
      'a creation date that is none',
      { cursor: null, firstBaselineAt: null, lastEndAt: null },
      Number.NaN,
      NOW - 7 * DAY,
    ],
  ])('%s', (_name, row, createdAt, windowStart) => {
    expect(gapWindow(row, createdAt, NOW, 0)).toEqual({ windowStart, windowEnd: NOW + 60_000 });
  });

  it.each([2 * HOUR, -10 * 60_000])('is of Google’s time when this machine’s clock is %i ms ahead of it', (ahead) => {
    const window = (row: Parameters<typeof gapWindow>[0], createdAt: number) =>
      gapWindow(row, createdAt, NOW + ahead, ahead);
    expect(window({ cursor: '5', firstBaselineAt: created, lastEndAt: NOW - DAY }, created)).toEqual({
      windowStart: NOW - DAY - HOUR,
      windowEnd: NOW + 60_000,
    });
    expect(window({ cursor: '5', firstBaselineAt: NOW - DAY, lastEndAt: null }, created)).toMatchObject({
      windowStart: NOW - DAY,
    });
    expect(window({ cursor: null, firstBaselineAt: null, lastEndAt: null }, NOW - DAY + ahead)).toMatchObject({
      windowStart: NOW - DAY,
    });
  });

  it('remembers when the baseline was read', () => {
    expect(baselineReadAt({ windowStart: 0, windowEnd: NOW + 60_000 })).toBe(NOW);
  });
});

describe('sideOf', () => {
  it.each([
    [null, 'unknown'],
    [99_999, 'older'],
    [100_000, 'inside'],
    [200_500, 'inside'],
    [200_501, 'newer'],
  ])('%s is %s: mail is dated in whole seconds', (date, side) => {
    expect(sideOf(date, { windowStart: 100_700, windowEnd: 200_500 })).toBe(side);
  });
});
