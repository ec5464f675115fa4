import { describe, expect, it } from '@jest/globals';
import { DUE_GRACE_MS, isDue, nextPollTime } from '../../../src/core/polling/schedule.js';

const MINUTE = 60_000;
const INTERVAL = 15 * MINUTE;
const NOW = 1_000_000_000_000;

describe('isDue', () => {
  it.each<[string, number | null, number, boolean]>([
    ['a time that was never set', null, 0, true],
    ['a time that has come', NOW, 0, true],
    ['a time long past', NOW - 10 * INTERVAL, 0, true],
    ['a time just ahead', NOW + 1, 0, false],
    ['a time within the grace', NOW + DUE_GRACE_MS, DUE_GRACE_MS, true],
    ['a time after the grace', NOW + DUE_GRACE_MS + 1, DUE_GRACE_MS, false],
    ['a whole interval ahead', NOW + INTERVAL, 0, false],
    ['further ahead than its own wait allows', NOW + INTERVAL + 1, 0, true],
  ])('%s', (_name, nextPollAt, grace, due) => {
    expect(isDue(nextPollAt, INTERVAL, NOW, grace)).toBe(due);
  });
});

describe('nextPollTime', () => {
  const poll = (changes: Partial<Parameters<typeof nextPollTime>[0]>) =>
    nextPollTime({ scheduledAt: NOW, byHand: false, intervalMs: INTERVAL, start: NOW, end: NOW, ...changes }) - NOW;

  it.each<[string, Partial<Parameters<typeof nextPollTime>[0]>, number]>([
    ['the scheduled time plus the interval', { start: NOW + 1000, end: NOW + 2000 }, INTERVAL],
    ['a poll within the grace keeps the phase', { start: NOW - 8000, end: NOW - 7000 }, INTERVAL],
    ['past ones are skipped', { start: NOW + 50 * MINUTE, end: NOW + 51 * MINUTE }, 60 * MINUTE],
    ['a poll that took longer than the interval', { start: NOW, end: NOW + 31 * MINUTE }, 45 * MINUTE],
    ['one that ends right at the next time', { start: NOW, end: NOW + INTERVAL }, 2 * INTERVAL],
    ['by hand: from now', { byHand: true, start: NOW + 5000, end: NOW + 6000 }, INTERVAL + 5000],
    ['never scheduled: from now', { scheduledAt: null, start: NOW + 5000, end: NOW + 6000 }, INTERVAL + 5000],
    [
      'scheduled under another clock: from now',
      { scheduledAt: NOW + 10 * INTERVAL, start: NOW + 5000, end: NOW + 6000 },
      INTERVAL + 5000,
    ],
  ])('%s', (_name, changes, expected) => {
    expect(poll(changes)).toBe(expected);
  });

  it('is a number that a file and a row can hold, whatever the interval', () => {
    expect(
      Number.isSafeInteger(nextPollTime({ scheduledAt: NOW, byHand: false, intervalMs: 6e13, start: NOW, end: NOW })),
    ).toBe(true);
  });
});
