import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Home } from './home.js';

const clock = { now: () => 1_000_000, sleep: async () => {} };

describe("a simulated machine's store", () => {
  let home: Home;
  beforeEach(async () => {
    home = new Home();
    await home.begin(clock, { 'config.json': { 'quota.perAccountPerMinute': 150 } });
  });
  afterEach(() => home.remove());

  /** A row, which waits for the disk. */
  async function create(id: number): Promise<void> {
    await home.store.instances.create({
      id,
      uuid: `uuid-${id}`,
      createdAt: 0,
      nextPollAt: null,
      resources: [],
      largestFile: 0,
    });
    home.markDurable();
  }

  /** A sum, which does not. */
  async function spend(units: number): Promise<void> {
    await home.store.quota.spent('account', '2026-11-24', { requests: 1, units });
  }

  async function held() {
    const ids = (await home.store.instances.list()).map(({ id }) => id);
    const [spent] = await home.store.quota.spentOn('2026-11-24');
    return { ids, units: spent?.units ?? 0 };
  }

  it('loses with the power what was not fsynced, and only that', async () => {
    await create(1);
    await spend(5);
    expect(await held()).toEqual({ ids: [1], units: 5 });
    expect(await home.losePower()).toBe(true);
    expect(await held()).toEqual({ ids: [1], units: 0 });
    await spend(7);
    // What waits for the disk takes all before it along.
    await create(2);
    await spend(11);
    expect(await home.losePower()).toBe(true);
    expect(await held()).toEqual({ ids: [1, 2], units: 7 });
    expect((await home.store.settings.read())['quota.perAccountPerMinute']).toBe(150);
  });

  it('keeps all of it when SQLite itself has waited for the disk since', async () => {
    await create(1);
    for (let times = 0; times < 1100; times += 1) await spend(1);
    expect(await home.losePower()).toBe(false);
    expect(await held()).toEqual({ ids: [1], units: 1100 });
  });

  it('loses nothing when it is only opened again, and everything but the files with events.db', async () => {
    await create(1);
    await spend(5);
    await home.reopen();
    expect(await held()).toEqual({ ids: [1], units: 5 });
    await home.lose();
    expect(await held()).toEqual({ ids: [], units: 0 });
    expect((await home.store.settings.read())['quota.perAccountPerMinute']).toBe(150);
  });

  it('is empty for the next run', async () => {
    await create(1);
    await spend(5);
    await home.begin(clock, {});
    expect(await held()).toEqual({ ids: [], units: 0 });
    expect((await home.store.settings.read())['quota.perAccountPerMinute']).toBe(6000);
    await create(1);
    expect(await held()).toEqual({ ids: [1], units: 0 });
  });
});
