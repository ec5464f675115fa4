import { afterEach, describe, expect, it } from '@jest/globals';
import { activeCooldown, passCooldown } from '../../src/gmail/cooldown.js';
import type { Cooldown } from '../../src/gmail/ports.js';
import type { QuotaRows } from '../../src/store/ports/accounts.js';
import { Workplace } from '../store/fixtures.js';
import { fakeClock } from './fake-clock.js';

const scopes = { account: 'a', project: 'project:1' };
const random = { unit: () => 0.5 };

const workplace = new Workplace();
afterEach(() => workplace.clean());

async function ledger(kept: Record<string, Cooldown>): Promise<QuotaRows> {
  const { quota } = await workplace.store();
  for (const [scope, { until, since, reason }] of Object.entries(kept)) {
    await quota.setCooldown(scope, until, since, reason);
  }
  return quota;
}

describe('cooldowns', () => {
  const { time } = fakeClock();
  const rest = (aheadMs: number, sinceMs = 0): Cooldown => ({
    until: time + aheadMs,
    since: time + sinceMs,
    reason: 'Gmail limits the rate',
  });

  it.each<[string, Record<string, Cooldown>, number | null]>([
    ['none', {}, null],
    ['of the account', { a: rest(5000, -1000) }, 5000],
    ['of the project', { 'project:1': rest(6000) }, 6000],
    ['the later one', { a: rest(5000), 'project:1': rest(6000) }, 6000],
    ['over', { a: rest(0, -5000) }, null],
    ['begun in the future, by a clock that was set back', { a: rest(7_200_000, 3_600_000) }, null],
    ['of another account', { b: rest(5000) }, null],
  ])('%s', async (_, kept, ahead) => {
    const active = await activeCooldown(await ledger(kept), scopes, time);
    expect(active === null ? null : active.until - time).toBe(ahead);
  });

  it('waits for one that ends within 10 s, and up to a second longer', async () => {
    const clock = fakeClock();
    await passCooldown({ ledger: await ledger({ a: rest(10_000) }), scopes, clock, random, wait: false });
    expect(clock.slept).toEqual([10_500]);
  });

  it('throws at once for a longer one, naming the time', async () => {
    const clock = fakeClock();
    const passed = passCooldown({ ledger: await ledger({ a: rest(10_001) }), scopes, clock, random, wait: false });
    await expect(passed).rejects.toMatchObject({
      class: 'throttle',
      code: 'retry_later',
      retryAt: time + 10_001,
      message: 'Gmail limits the rate; not asked again before 2026-11-24T03:00:10Z',
    });
    expect(clock.slept).toEqual([]);
  });

  it('waits for a longer one when told to', async () => {
    const clock = fakeClock();
    await passCooldown({ ledger: await ledger({ a: rest(900_000) }), scopes, clock, random, wait: true });
    expect(clock.slept).toEqual([900_500]);
  });

  it('waits on when the cooldown was moved while it waited', async () => {
    const clock = fakeClock();
    const kept = await ledger({ a: rest(1000) });
    const { until, since, reason } = rest(4000);
    const sleep = clock.sleep;
    clock.sleep = async (ms, signal) => {
      if (clock.slept.length === 0) await kept.setCooldown('a', until, since, reason);
      await sleep(ms, signal);
    };
    await passCooldown({ ledger: kept, scopes, clock, random, wait: false });
    expect(clock.now()).toBeGreaterThanOrEqual(time + 4000);
  });

  it('stops waiting when aborted', async () => {
    const clock = fakeClock();
    const stop = new AbortController();
    clock.sleep = async () => stop.abort(new Error('drained'));
    const options = {
      ledger: await ledger({ a: rest(1000) }),
      scopes,
      clock,
      random,
      wait: false,
      signal: stop.signal,
    };
    await expect(passCooldown(options)).rejects.toThrow('drained');
  });
});
