import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoff } from '../../src/gmail/backoff.js';

describe('backoff', () => {
  it.each([
    [1, 0, 1000],
    [1, 1, 2000],
    [2, 0, 1000],
    [2, 1, 3000],
    [3, 0.5, 3000],
    [4, 1, 9000],
    [9, 1, 32_000],
  ])('after failure %i with chance %d: %i ms', (failures, unit, wait) => {
    expect(backoff(failures, unit)).toBe(wait);
  });

  it('is never shorter than 1 s nor longer than 32 s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, unit) => {
        const wait = backoff(failures, unit);
        return wait >= 1000 && wait <= 32_000;
      }),
    );
  });
});
