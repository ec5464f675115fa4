import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Context } from '../../src/core/context.js';
import { withInstance } from '../../src/core/lease.js';
import { LeaseLostError } from '../../src/store/errors.js';
import type { LeaseName } from '../../src/store/ports/leases.js';
import { START, World } from './delivery/world.js';

let world: World;
let other: Context;

beforeEach(async () => {
  world = await World.open();
  other = await world.other();
});

afterEach(() => world.close());

/** Another process has the lease and renews it as long as `until` says. */
async function heldElsewhere(name: LeaseName, until: () => boolean = () => false): Promise<() => Promise<void>> {
  const lease = await other.store.leases.acquire(name);
  if (lease === null) throw new Error('held');
  return () => (until() ? other.store.leases.release(lease) : other.store.leases.renew(lease));
}

describe('a command that changes an instance', () => {
  it('waits 30 s in all for both leases, then it is for later', async () => {
    const renewPoll = await heldElsewhere('poll:1', () => world.clock.time >= START + 20_000);
    const renewDeliver = await heldElsewhere('deliver:1');
    world.clock.meanwhile = () => Promise.all([renewPoll(), renewDeliver()]);
    await expect(withInstance(world.ctx, 1, async () => 'done')).rejects.toMatchObject({
      code: 'retry_later',
      message: 'another gmail-events process is delivering notifications of instance 1',
    });
    expect(world.clock.time - START).toBe(30_000);
  });

  it('waits no longer because the clock was set back', async () => {
    const renew = await heldElsewhere('poll:1');
    let slept = 0;
    world.clock.meanwhile = async () => {
      slept += 1;
      if (slept === 10) world.clock.time -= 3_600_000;
      await renew();
    };
    await expect(withInstance(world.ctx, 1, async () => 'done')).rejects.toMatchObject({ code: 'retry_later' });
    expect(slept).toBe(300);
  });

  it('changes nothing once either lease was taken over', async () => {
    const id = await world.instance('http://127.0.0.1:9/');
    const before = await world.ctx.store.instanceFiles.read(id);
    if (before === null) throw new Error('no file');
    await withInstance(world.ctx, id, async (lease) => {
      const { instanceFiles, leases, outbox } = world.ctx.store;
      world.clock.time += 31_000;
      await leases.renew(lease);
      expect(await other.store.leases.acquire(`poll:${id}`)).not.toBeNull();
      await expect(instanceFiles.write(lease, id, { ...before, disabled: true })).rejects.toThrow(LeaseLostError);
      await expect(outbox.store(lease, id, 1)).rejects.toThrow(LeaseLostError);
    });
    expect(await world.ctx.store.instanceFiles.read(id)).toEqual(before);
  });

  it('tells the holder, and goes on as soon as it yields', async () => {
    const lease = await other.store.leases.acquire('deliver:1');
    if (lease === null) throw new Error('held');
    world.clock.meanwhile = async () => {
      if (await other.store.leases.wanted(lease)) await other.store.leases.release(lease);
    };
    expect(await withInstance(world.ctx, 1, async () => 'done')).toBe('done');
    expect(world.clock.time - START).toBe(100);
  });
});
