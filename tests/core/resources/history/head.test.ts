import { describe, expect, it } from '@jest/globals';
import { endOfHistory } from '../../../../src/core/resources/history/head.js';

const NOW = 1_000_000_000;
const end = (changes: Partial<Parameters<typeof endOfHistory>[1]> = {}) => ({
  historyId: '900',
  records: false,
  askedAt: NOW,
  answeredAt: NOW + 50,
  aheadMs: 0,
  ...changes,
});
const fresh = { head: '900', headAt: NOW + 50 };

describe('endOfHistory', () => {
  it.each<[string, Parameters<typeof endOfHistory>[0], Partial<Parameters<typeof endOfHistory>[1]>, object]>([
    [
      'with records the answer is the head, the cursor stays where its part put it',
      { cursor: '500', head: '400', headAt: 1 },
      { records: true },
      fresh,
    ],
    ['no head yet', { cursor: '500', head: null, headAt: null }, {}, fresh],
    ['a head of 59,999 ms stays', { cursor: '500', head: '700', headAt: NOW - 59_999 }, {}, {}],
    [
      'a head of 60 s becomes the cursor',
      { cursor: '500', head: '700', headAt: NOW - 60_000 },
      {},
      { ...fresh, cursor: '700', cursorAt: NOW - 60_000 },
    ],
    [
      'the cursor never moves back',
      { cursor: '800', head: '700', headAt: NOW - 60_000 },
      {},
      { ...fresh, cursor: '800', cursorAt: NOW - 60_000 },
    ],
    [
      'ids are compared as numbers, not as text',
      { cursor: '99', head: '100000000000000000001', headAt: 0 },
      {},
      { ...fresh, cursor: '100000000000000000001', cursorAt: 0 },
    ],
    [
      '21 digits that differ in the last',
      { cursor: '100000000000000000002', head: '100000000000000000001', headAt: 0 },
      {},
      { ...fresh, cursor: '100000000000000000002', cursorAt: 0 },
    ],
    ['a head a little ahead (clock put back) is young', { cursor: '500', head: '700', headAt: NOW + 60_000 }, {}, {}],
    [
      'a clock set forward an hour makes no head older',
      { cursor: '500', head: '700', headAt: NOW - 59_999 - 3_600_000 },
      { aheadMs: 3_600_000 },
      {},
    ],
    [
      'a clock put back an hour makes no head come',
      { cursor: '500', head: '700', headAt: NOW - 1000 + 3_600_000 },
      { aheadMs: -3_600_000 },
      {},
    ],
    [
      'kept in Google’s time, while the cursor’s age is for this machine’s clock',
      { cursor: '500', head: '700', headAt: NOW - 120_000 - 3_600_000 },
      { aheadMs: 3_600_000 },
      { head: '900', headAt: NOW + 50 - 3_600_000, cursor: '700', cursorAt: NOW - 120_000 },
    ],
    [
      'a head further ahead than its own wait counts as come',
      { cursor: '500', head: '700', headAt: NOW + 60_001 },
      {},
      { ...fresh, cursor: '700', cursorAt: NOW },
    ],
  ])('%s', (_name, row, answer, expected) => {
    expect(endOfHistory(row, end(answer))).toEqual(expected);
  });
});
