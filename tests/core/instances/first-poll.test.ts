import { describe, expect, it } from '@jest/globals';
import { firstPollAt, rescheduledPollAt } from '../../../src/core/instances/first-poll.js';

const NOW = 1_000_000_000;
const MINUTE = 60_000;

describe('the first poll', () => {
  it('comes within one interval, spread by chance', () => {
    expect(firstPollAt(NOW, 15, 0)).toBe(NOW);
    expect(firstPollAt(NOW, 15, 0.5)).toBe(NOW + 7.5 * MINUTE);
    expect(firstPollAt(NOW, 15, 0.999999)).toBeLessThan(NOW + 15 * MINUTE);
    expect(Number.isInteger(firstPollAt(NOW, 1.1, 0.123456))).toBe(true);
  });
});

type Row = { nextPollAt: number | null; lastPollAt: number | null };

describe('after an update', () => {
  const on = (intervalMinutes: number) => ({ eventsEnabled: true, intervalMinutes });
  const off = (intervalMinutes: number) => ({ eventsEnabled: false, intervalMinutes });
  const polled = { nextPollAt: NOW + 9 * MINUTE, lastPollAt: NOW - 6 * MINUTE };
  const fresh = { nextPollAt: NOW + 9 * MINUTE, lastPollAt: null };

  it.each<[string, Row, ReturnType<typeof on>, ReturnType<typeof on>, number | null | undefined]>([
    ['nothing changed', polled, on(15), on(15), undefined],
    ['a longer interval', polled, on(15), on(60), NOW + 54 * MINUTE],
    ['a shorter interval', polled, on(15), on(10), NOW + 4 * MINUTE],
    ['an interval that is over already', polled, on(15), on(5), NOW],
    ['a last poll in the future', { ...polled, lastPollAt: NOW + 90 * MINUTE }, on(15), on(5), NOW + 5 * MINUTE],
    ['never polled, another interval', fresh, on(15), on(60), NOW + 30 * MINUTE],
    ['events turned off', polled, on(15), off(15), null],
    ['events stay off', polled, off(15), off(5), undefined],
    ['events turned on for the first time', { nextPollAt: null, lastPollAt: null }, off(15), on(60), NOW + 30 * MINUTE],
    ['events turned on again', polled, off(15), on(15), NOW + 9 * MINUTE],
  ])('%s', (_name, row, before, after, next) => {
    expect(rescheduledPollAt(row, before, after, { now: NOW, unit: 0.5 })).toBe(next);
  });
});
