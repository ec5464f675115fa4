import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountBudget, Governor, projectBudget } from '../../src/gmail/quota.js';
import type { Store } from '../../src/store/port.js';
import { type Home, temporaryHome } from '../core/accounts/context.js';
import { type FakeClock, fakeClock } from './fake-clock.js';

const random = { unit: () => 0.5 };

/** The store's rows, counting what is written. */
function counted(store: Store) {
  const calls: { scope: string; minute: number; units: number; granted: number }[] = [];
  return {
    calls,
    reserve: async (scope: string, minute: number, units: number, budget: number) => {
      const granted = await store.quota.reserve(scope, minute, units, budget);
      calls.push({ scope, minute, units, granted });
      return granted;
    },
  };
}

describe('the governor', () => {
  let home: Home;
  let store: Store;
  let clock: FakeClock;

  beforeEach(async () => {
    home = temporaryHome();
    clock = fakeClock();
    store = (await home.open({}, clock)).store;
  });
  afterEach(() => home.close());

  it('reserves a small block for one poll, so that cron lines do not eat the minute', async () => {
    const ledger = counted(store);
    await new Governor(ledger, clock, random).take([accountBudget('a', 6000)], 2);
    expect(ledger.calls).toEqual([{ scope: 'a', minute: expect.any(Number), units: 10, granted: 10 }]);
  });

  it('uses the rest of a block in the same minute, and doubles the next ones up to 100 units', async () => {
    const ledger = counted(store);
    const governor = new Governor(ledger, clock, random);
    for (let call = 0; call < 300; call += 1) await governor.take([accountBudget('a', 6000)], 2);
    expect(ledger.calls.map(({ units }) => units).slice(0, 6)).toEqual([10, 20, 40, 80, 100, 100]);
    expect(ledger.calls.length).toBeLessThan(10);
    expect(clock.slept).toEqual([]);
  });

  it('takes larger blocks of a project', async () => {
    const ledger = counted(store);
    const governor = new Governor(ledger, clock, random);
    for (let call = 0; call < 1000; call += 1) await governor.take([projectBudget('p', 1_200_000)], 20);
    expect(ledger.calls.map(({ units }) => units).slice(0, 6)).toEqual([100, 200, 400, 800, 1600, 2000]);
  });

  it('waits for the next minute when the budget is spent, and forfeits what was left', async () => {
    const ledger = counted(store);
    const governor = new Governor(ledger, clock, random);
    for (let call = 0; call < 7; call += 1) await governor.take([accountBudget('a', 50)], 20);
    // 2 calls a minute; the start was at a full minute.
    expect(clock.slept).toEqual([60_500, 59_500 + 500, 59_500 + 500]);
    expect(ledger.calls.at(-1)?.minute).toBe(Math.floor(fakeClock().time / 60_000) + 3);
  });

  it('never spends one budget twice: two processes share it', async () => {
    const [one, other] = [fakeClock(), fakeClock()];
    const two = (await home.open({}, other)).store;
    const governors = [new Governor(store.quota, one, random), new Governor(two.quota, other, random)];
    const sent = [0, 0];
    const spend = async (index: number, clockOf: FakeClock) => {
      const start = Math.floor(clockOf.now() / 60_000);
      for (;;) {
        await governors[index]?.take([accountBudget('shared', 600)], 20);
        if (Math.floor(clockOf.now() / 60_000) !== start) return;
        sent[index] = (sent[index] ?? 0) + 20;
      }
    };
    await Promise.all([spend(0, one), spend(1, other)]);
    const total = (sent[0] ?? 0) + (sent[1] ?? 0);
    expect(total).toBeLessThanOrEqual(600);
    expect(total).toBeGreaterThan(400);
  });

  it('serves a price above the whole budget once a minute rather than never', async () => {
    const governor = new Governor(store.quota, clock, random);
    await governor.take([accountBudget('a', 5)], 20);
    await governor.take([accountBudget('a', 5)], 20);
    expect(clock.slept).toHaveLength(1);
  });

  it('pays in both minutes for a request that may arrive in the next one', async () => {
    const ledger = counted(store);
    const governor = new Governor(ledger, clock, random);
    const minute = Math.floor(clock.time / 60_000);
    clock.time += 58_000 - 1;
    await governor.take([accountBudget('a', 30)], 20);
    expect(ledger.calls).toEqual([{ scope: 'a', minute, units: 20, granted: 20 }]);
    await governor.take([projectBudget('b', 30)], 20);
    clock.time += 1;
    await governor.take([accountBudget('c', 30)], 20);
    expect(ledger.calls.slice(2)).toEqual([
      { scope: 'c', minute, units: 20, granted: 20 },
      { scope: 'c', minute: minute + 1, units: 20, granted: 20 },
    ]);
    clock.time += 2000;
    // Of the 30 units of this minute, 20 may have been spent by the request that was on its way.
    await governor.take([accountBudget('c', 30)], 20);
    expect(clock.slept).toEqual([60_500]);
  });

  it('takes the units of all budgets anew when one of them had to be waited for', async () => {
    const ledger = counted(store);
    const governor = new Governor(ledger, clock, random);
    await new Governor(store.quota, clock, random).take([projectBudget('p', 20)], 20);
    await governor.take([accountBudget('a', 6000), projectBudget('p', 20)], 20);
    expect(clock.slept).toEqual([60_500]);
    const minute = Math.floor(clock.time / 60_000);
    expect(ledger.calls.filter(({ granted }) => granted > 0).slice(-2)).toEqual([
      { scope: 'p', minute, units: 20, granted: 20 },
      { scope: 'a', minute, units: 20, granted: 20 },
    ]);
  });

  it('pays in the next minute as well when the other budget’s reservation took until its end', async () => {
    const ledger = counted(store);
    const slow = async (scope: string, minute: number, units: number, budget: number) => {
      if (scope === 'p' && ledger.calls.every((call) => call.scope !== 'p')) clock.time += 2000;
      return ledger.reserve(scope, minute, units, budget);
    };
    const minute = Math.floor(clock.time / 60_000);
    clock.time += 57_000;
    await new Governor({ reserve: slow }, clock, random).take([accountBudget('a', 6000), projectBudget('p', 6000)], 20);
    expect(clock.now()).toBe((minute + 1) * 60_000 - 1000);
    const paid = ledger.calls
      .filter((call) => call.minute === minute + 1)
      .map(({ scope, granted }) => [scope, granted]);
    expect(paid).toEqual([
      ['p', 20],
      ['a', 20],
    ]);
  });

  it('reserves once for calls that come at the same time', async () => {
    const ledger = counted(store);
    const governor = new Governor(ledger, clock, random);
    await Promise.all(Array.from({ length: 5 }, () => governor.take([accountBudget('a', 6000)], 2)));
    expect(ledger.calls).toHaveLength(1);
  });

  it('ends a wait with the signal’s reason, and serves those behind', async () => {
    const waiting = fakeClock();
    const sleepers: (() => void)[] = [];
    waiting.sleep = (_, signal) =>
      new Promise((done) => {
        sleepers.push(done);
        signal?.addEventListener('abort', () => done());
      });
    const asleep = async (count: number) => {
      while (sleepers.length < count) await new Promise((turn) => setImmediate(turn));
    };
    const governor = new Governor(store.quota, waiting, random);
    const budget = accountBudget('a', 20);
    await governor.take([budget], 20);
    const stop = new AbortController();
    const first = governor.take([budget], 20, stop.signal);
    const second = governor.take([budget], 20, stop.signal);
    const third = governor.take([budget], 20);
    await asleep(1);
    stop.abort(new Error('drained'));
    await expect(first).rejects.toThrow('drained');
    await expect(second).rejects.toThrow('drained');
    await asleep(2);
    waiting.time += 60_000;
    sleepers[1]?.();
    await third;
  });
});
