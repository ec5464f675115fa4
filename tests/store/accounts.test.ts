import { afterEach, describe, expect, it } from '@jest/globals';
import { NOW, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

const failed = {
  account: 'a',
  state: 'reauthorize',
  reason: 'The grant was revoked.',
  hint: 'gmail-events auth',
  at: NOW,
  grantHash: 'h',
} as const;

describe('what is known of an account', () => {
  it('is set whole, listed by name and removed', async () => {
    const { accounts } = await workplace.store();
    expect(await accounts.get('a')).toBeNull();
    await accounts.set({ account: 'b', state: 'ok', reason: null, hint: null, at: null, grantHash: null });
    await accounts.set(failed);
    expect(await accounts.get('a')).toEqual(failed);
    expect((await accounts.list()).map((row) => row.account)).toEqual(['a', 'b']);
    await accounts.set({ ...failed, state: 'ok', reason: null });
    expect(await accounts.get('a')).toMatchObject({ state: 'ok', reason: null });
    await accounts.remove('a');
    await accounts.remove('a');
    expect(await accounts.get('a')).toBeNull();
  });
});

describe('the budget of a minute', () => {
  it('is granted up to its end, by scope and minute', async () => {
    const { quota } = await workplace.store();
    expect(await quota.reserve('a', 100, 60, 150)).toBe(60);
    expect(await quota.reserve('a', 100, 60, 150)).toBe(60);
    expect(await quota.reserve('a', 100, 60, 150)).toBe(30);
    expect(await quota.reserve('a', 100, 60, 150)).toBe(0);
    expect(await quota.reserve('a', 101, 60, 150)).toBe(60);
    expect(await quota.reserve('b', 100, 60, 150)).toBe(60);
    expect(await quota.reserve('a', 100, 60, 100)).toBe(0);
  });

  it('is one budget for several processes', async () => {
    const home = workplace.folder();
    const stores = [await workplace.store(home), await workplace.store(home), await workplace.store(home)];
    const asked = stores.flatMap(({ quota }) => [1, 2, 3, 4].map(() => quota.reserve('a', 100, 20, 150)));
    const granted = await Promise.all(asked);
    expect(granted.reduce((sum, units) => sum + units, 0)).toBe(150);
  });

  it('keeps only the last minutes', async () => {
    const { quota } = await workplace.store();
    await quota.reserve('a', 100, 10, 10);
    await quota.reserve('a', 105, 10, 10);
    expect(await quota.reserve('a', 100, 10, 10)).toBe(0);
    await quota.reserve('a', 106, 10, 10);
    expect(await quota.reserve('a', 100, 10, 10)).toBe(10);
  });
});

describe('a cooldown', () => {
  it.each([
    ['a later end', NOW + 60_000, NOW + 1, NOW + 60_000],
    ['an earlier end while it lasts', NOW + 20_000, NOW + 1, NOW + 30_000],
    ['an earlier end once it is over', NOW + 40_000, NOW + 35_000, NOW + 40_000],
    ['an end behind it, once over', NOW + 29_000, NOW + 30_000, NOW + 29_000],
    ['an earlier end, found to be of a clock set back', NOW - 500_000, NOW - 600_000, NOW - 500_000],
  ])('is given %s: it moves only when that is right', async (_name, until, since, expected) => {
    const { quota } = await workplace.store();
    expect(await quota.cooldown(['a'], NOW - 1e9, NOW)).toBeNull();
    await quota.setCooldown('a', NOW + 30_000, NOW, 'first');
    await quota.setCooldown('a', until, since, 'second');
    const kept = expected === until;
    expect(await quota.cooldown(['another', 'a'], NOW - 1e9, NOW + 1e9)).toEqual(
      kept ? { until, since, reason: 'second' } : { until: NOW + 30_000, since: NOW, reason: 'first' },
    );
  });
});

describe('what was spent', () => {
  it('is summed up by account and day', async () => {
    const { quota } = await workplace.store();
    await quota.spent('a', '2026-11-24', { requests: 1, units: 2 });
    await quota.spent('a', '2026-11-24', { requests: 3, units: 60 });
    await quota.spent('b', '2026-11-24', { requests: 1, units: 5 });
    await quota.spent('a', '2026-11-25', { requests: 1, units: 1 });
    expect(await quota.spentOn('2026-11-24')).toEqual([
      { account: 'a', requests: 4, units: 62 },
      { account: 'b', requests: 1, units: 5 },
    ]);
    expect(await quota.spentOn('2026-11-23')).toEqual([]);
  });
});
