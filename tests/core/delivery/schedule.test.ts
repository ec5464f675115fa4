import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from '../../../src/core/delivery/retry-after.js';
import { isDue, nextWait } from '../../../src/core/delivery/schedule.js';

const WAITS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
const DAY_MS = 86_400_000;

describe('nextWait', () => {
  it('follows the waits of the settings, and ends after the last', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((attempts) => nextWait(attempts, WAITS, 0, null));
    expect(waits).toEqual([...WAITS.map((seconds) => seconds * 1000), null]);
  });

  it.each([
    { chance: 0, expected: 5000 },
    { chance: 0.5, expected: 5500 },
    { chance: 0.999, expected: 5999 },
  ])('adds up to 20 %: $chance -> $expected', ({ chance, expected }) => {
    expect(nextWait(1, WAITS, chance, null)).toBe(expected);
  });

  it.each([
    { name: 'lengthens', retryAfter: 60_000, expected: 60_000 },
    { name: 'never shortens', retryAfter: 1000, expected: 5000 },
    { name: 'is cut at 24 h', retryAfter: 10 * DAY_MS, expected: DAY_MS },
  ])('Retry-After $name', ({ retryAfter, expected }) => {
    expect(nextWait(1, WAITS, 0, retryAfter)).toBe(expected);
  });

  it('does not cut its own wait at 24 h, jitter included', () => {
    expect(nextWait(9, WAITS, 0.5, 10 * DAY_MS)).toBe(95_040_000);
  });

  it('gives no second attempt when there are no waits, whatever Retry-After asks', () => {
    expect(nextWait(1, [], 0, 5000)).toBeNull();
  });
});

describe('isDue', () => {
  const now = 1_000_000;
  it.each([
    { name: 'its time has come', row: { nextAttemptAt: now, attempts: 3 }, last: now - 5000, due: true },
    { name: 'its time is to come', row: { nextAttemptAt: now + 1, attempts: 3 }, last: now - 5000, due: false },
    { name: 'it has no time', row: { nextAttemptAt: null, attempts: 0 }, last: null, due: true },
    {
      name: 'no wait can reach ahead without an attempt',
      row: { nextAttemptAt: now + 9, attempts: 0 },
      last: null,
      due: true,
    },
    { name: 'its attempt lies in the future', row: { nextAttemptAt: now + 9, attempts: 1 }, last: now + 4, due: true },
    { name: 'its attempts were pruned', row: { nextAttemptAt: now + 9, attempts: 1 }, last: null, due: true },
  ])('$name: $due', ({ row, last, due }) => {
    expect(isDue(row, last, now)).toBe(due);
  });
});

describe('retryAfterMs', () => {
  const now = Date.parse('2026-11-24T03:00:00Z');
  it.each([
    ['120', undefined, 120_000],
    [' 7 ', undefined, 7000],
    ['0', undefined, 0],
    ['Tue, 24 Nov 2026 03:01:00 GMT', undefined, 60_000],
    ['Tue, 24 Nov 2026 05:01:00 GMT', 'Tue, 24 Nov 2026 05:00:00 GMT', 60_000],
    ['Tue, 24 Nov 2026 03:01:00 GMT', 'Tue, 24 Nov 2026 03:02:00 GMT', null],
    ['Tuesday, 24-Nov-26 03:01:00 GMT', undefined, 60_000],
    ['Tue Nov 24 03:01:00 2026', undefined, 60_000],
    ['Tue, 24 Nov 2026 03:01:00 GMT', 'rubbish', 60_000],
    ['-5', undefined, null],
    ['1.5', undefined, null],
    ['soon', undefined, null],
    ['', undefined, null],
    [undefined, undefined, null],
  ])('%p with Date %p is %p ms', (value, date, expected) => {
    expect(retryAfterMs(value, date, now)).toBe(expected);
  });
});
