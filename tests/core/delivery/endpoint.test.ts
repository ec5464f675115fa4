import { describe, expect, it } from '@jest/globals';
import { afterFailure, afterSuccess, endpointOf, isOnTrial, isResting } from '../../../src/core/delivery/endpoint.js';
import type { EndpointRow } from '../../../src/store/ports/outbox.js';

const E = 'http://a.example/hook';
const MINUTE = 60_000;

describe('endpointOf', () => {
  it.each([
    ['http://a.example/hook?token=1', E],
    ['http://A.example:80/hook#x', E],
    ['http://me:secret@a.example/hook', E],
    ['https://a.example', 'https://a.example/'],
    ['http://[::1]:3000/x?y', 'http://[::1]:3000/x'],
  ])('%s -> %s', (url, endpoint) => {
    expect(endpointOf(url)).toBe(endpoint);
  });
});

describe('an endpoint that fails', () => {
  it('rests from the fifth failure in a row, for 30 s doubling to 15 min', () => {
    let row: EndpointRow | null = null;
    let now = 0;
    const rests: (number | null)[] = [];
    for (let failure = 1; failure <= 12; failure += 1) {
      row = afterFailure(row, E, now);
      rests.push(row.restMs);
      now = (row.restUntil ?? now) + 1;
    }
    const minutes = [0.5, 1, 2, 4, 8, 15, 15, 15].map((each) => each * MINUTE);
    expect(rests).toEqual([null, null, null, null, ...minutes]);
    expect(row?.failures).toBe(12);
  });

  it('is not held longer by attempts that were in flight when its rest began', () => {
    const resting = { endpoint: E, failures: 5, restUntil: 30_000, restMs: 30_000 };
    expect(afterFailure(resting, E, 10)).toEqual({ ...resting, failures: 6 });
  });

  it('is as new after a success', () => {
    const fresh = afterSuccess(E);
    expect(fresh).toEqual({ endpoint: E, failures: 0, restUntil: null, restMs: null });
    expect(isOnTrial(fresh)).toBe(false);
    expect(afterFailure(fresh, E, 0).restUntil).toBeNull();
  });

  it('is on trial once its rest is over, until something succeeds', () => {
    expect(isOnTrial({ endpoint: E, failures: 5, restUntil: 0, restMs: 30_000 })).toBe(true);
    expect(isOnTrial({ endpoint: E, failures: 4, restUntil: null, restMs: null })).toBe(false);
    expect(isOnTrial(null)).toBe(false);
  });
});

describe('isResting', () => {
  it.each([
    { name: 'until its time', restUntil: 1001, restMs: 30_000, resting: true },
    { name: 'not after it', restUntil: 1000, restMs: 30_000, resting: false },
    { name: 'at its very beginning', restUntil: 31_000, restMs: 30_000, resting: true },
    {
      name: 'not when it ends further ahead than it is long: the clock was set back',
      restUntil: 31_001,
      restMs: 30_000,
      resting: false,
    },
    { name: 'not without a rest', restUntil: null, restMs: null, resting: false },
  ])('$name', ({ restUntil, restMs, resting }) => {
    expect(isResting({ endpoint: E, failures: 5, restUntil, restMs }, 1000)).toBe(resting);
  });

  it('is false for an endpoint that never failed', () => {
    expect(isResting(null, 0)).toBe(false);
  });
});
