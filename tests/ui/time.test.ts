import { expect, it } from '@jest/globals';
import { isoTime, relativeTime } from '../../src/ui/time.js';

const NOW = Date.parse('2026-11-24T03:00:00Z');

it.each([
  [null, '-'],
  [NOW, 'now'],
  [NOW - 999, 'now'],
  [NOW - 1000, '1 s ago'],
  [NOW + 59_999, 'in 59 s'],
  [NOW - 60_000, '1 min ago'],
  [NOW + 2 * 3_600_000, 'in 2 h'],
  [NOW - 3 * 86_400_000, '3 d ago'],
])('%s is %s', (at, text) => {
  expect(relativeTime(at, NOW)).toBe(text);
});

it('writes times in UTC with seconds', () => {
  expect(isoTime(NOW + 123)).toBe('2026-11-24T03:00:00Z');
  expect(isoTime(null)).toBeNull();
});
