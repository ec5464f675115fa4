import { describe, expect, it } from '@jest/globals';
import { LONGEST_WAIT_MS, nextPacificMidnight, retryAfterMs } from '../../src/gmail/retry-after.js';

const NOW = Date.parse('2026-08-29T05:00:00Z');
const DATE = 'Sat, 29 Aug 2026 05:00:00 GMT';

describe('the wait that an answer names', () => {
  it.each([
    ['in the text', 'User-rate limit exceeded.  Retry after 2026-08-29T05:01:00Z', null, DATE, 60_000],
    ['with milliseconds', 'Retry after 2026-08-29T05:01:00.250Z', null, DATE, 60_250],
    ['followed by a full stop', 'Retry after 2026-08-29T05:01:00Z.', null, DATE, 60_000],
    ['without a zone', 'retry after 2026-08-29T05:01:00', null, DATE, 60_000],
    ['with an offset', 'Retry after 2026-08-29T07:01:00+02:00', null, DATE, 60_000],
    ['in the header as seconds', '', '30', DATE, 30_000],
    ['in the header as a date', '', 'Sat, 29 Aug 2026 05:00:45 GMT', DATE, 45_000],
    ['in both: the longer one', 'Retry after 2026-08-29T05:01:00Z', '90', DATE, 90_000],
    [
      'measured by the answer’s own clock',
      'Retry after 2026-08-29T09:01:00Z',
      null,
      'Sat, 29 Aug 2026 09:00:00 GMT',
      60_000,
    ],
    ['without a Date header by ours', 'Retry after 2026-08-29T05:02:00Z', null, null, 120_000],
    ['in the past', 'Retry after 2026-08-29T04:00:00Z', null, DATE, 0],
    ['absurd', 'Retry after 2099-01-01T00:00:00Z', null, DATE, LONGEST_WAIT_MS],
    ['not at all', 'Rate Limit Exceeded', null, DATE, null],
    ['unreadably', 'Retry after a while', 'soon', DATE, null],
  ])('%s', (_, message, retryAfter, date, wait) => {
    expect(retryAfterMs({ message, retryAfter, date }, NOW)).toBe(wait);
  });
});

describe('midnight in Pacific time', () => {
  it.each([
    ['winter', '2026-11-24T03:00:00Z', '2026-11-24T08:00:00.000Z'],
    ['summer', '2026-08-29T05:00:00.500Z', '2026-08-29T07:00:00.000Z'],
    ['just before', '2026-11-24T07:59:59.999Z', '2026-11-24T08:00:00.000Z'],
    ['at midnight: the next', '2026-11-24T08:00:00Z', '2026-11-25T08:00:00.000Z'],
    ['a day of 25 hours', '2026-11-01T07:30:00Z', '2026-11-02T08:00:00.000Z'],
    ['a day of 23 hours', '2026-03-08T08:30:00Z', '2026-03-09T07:00:00.000Z'],
  ])('%s', (_, now, midnight) => {
    expect(new Date(nextPacificMidnight(Date.parse(now))).toISOString()).toBe(midnight);
  });
});
