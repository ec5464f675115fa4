import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  deleteInstance,
  findInstance,
  findInstances,
  listInstances,
  setEnabled,
} from '../../../src/core/instances/index.js';
import { openWorld, refused, type World } from './world.js';

describe('instances by id or name', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    for (const name of ['inbox', 'twin', 'twin', '12']) await world.create({ name });
  });
  afterEach(() => world.close());

  const found = async (...names: string[]) => (await findInstances(world.ctx, names)).map(({ id }) => id);

  it('digits are an id, anything else a name', async () => {
    expect((await findInstance(world.ctx, '1')).name).toBe('inbox');
    expect((await findInstance(world.ctx, 'inbox')).id).toBe(1);
    expect(await refused(findInstance(world.ctx, '12'))).toMatchObject({
      code: 'usage',
      message: 'there is no instance 12',
    });
    expect(await refused(findInstance(world.ctx, 'Inbox'))).toMatchObject({
      code: 'usage',
      message: 'there is no instance named "Inbox"',
      hint: expect.stringContaining('instances list'),
    });
    expect(await refused(findInstance(world.ctx, '9'.repeat(30)))).toMatchObject({ code: 'usage' });
    expect(await refused(findInstance(world.ctx, ''))).toMatchObject({ code: 'usage' });
  });

  it('a name carried by several is refused with the ids, except where all are meant', async () => {
    expect(await refused(findInstance(world.ctx, 'twin'))).toMatchObject({
      code: 'usage',
      message: '2 instances are named "twin": 2, 3',
    });
    expect(await found('twin')).toEqual([2, 3]);
    expect(await found('twin', '3', 'inbox')).toEqual([1, 2, 3]);
    expect(await found()).toEqual([1, 2, 3, 4]);
    expect(await refused(found('inbox', 'nobody'))).toMatchObject({
      code: 'usage',
      message: 'there is no instance named "nobody"',
    });
  });

  it('are listed though events.db was lost', async () => {
    const lease = await world.ctx.store.leases.acquire('deliver:2');
    if (lease === null) throw new Error('no lease');
    await world.ctx.store.instances.remove(lease, 2);
    expect((await listInstances(world.ctx)).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect((await findInstance(world.ctx, '2')).name).toBe('twin');
  });

  it('are disabled and enabled', async () => {
    const before = await world.ctx.store.instances.get(1);
    expect((await setEnabled(world.ctx, 1, false)).disabled).toBe(true);
    expect((await findInstance(world.ctx, '1')).disabled).toBe(true);
    expect((await setEnabled(world.ctx, 1, true)).disabled).toBe(false);
    expect((await setEnabled(world.ctx, 1, true)).disabled).toBe(false);
    expect((await findInstance(world.ctx, '1')).disabled).toBe(false);
    expect(await world.ctx.store.instances.get(1)).toEqual(before);
    expect(await refused(setEnabled(world.ctx, 99, true))).toMatchObject({ code: 'usage' });
  });

  it('are deleted with all that is kept of them, and their ids are not used again', async () => {
    const lease = await pollLease(4);
    await world.ctx.store.resources.commitPart(lease, {
      instanceId: 4,
      resource: 'changed-messages',
      patch: {},
      notifications: [notification('a'), notification('b')],
      emitted: ['m'],
      now: Date.now(),
    });
    await world.ctx.store.leases.release(lease);
    expect(await deleteInstance(world.ctx, 4)).toEqual({ id: 4, droppedPending: 2 });
    expect(await world.ctx.store.instances.get(4)).toBeNull();
    expect(await world.ctx.store.resources.list(4)).toEqual([]);
    expect(await world.ctx.store.outbox.list({ instanceId: 4 })).toEqual([]);
    expect(await refused(deleteInstance(world.ctx, 4))).toMatchObject({ code: 'usage' });
    expect((await world.create()).id).toBe(5);
  });

  it('a busy instance is waited for and then left alone', async () => {
    const lease = await pollLease(1);
    const { leases } = world.ctx.store;
    const sleep = async () => {
      world.clock.ahead += 5000;
      await leases.renew(lease);
    };
    const hurried = { ...world.ctx, clock: { now: () => Date.now() + world.clock.ahead, sleep } };
    expect(await refused(deleteInstance(hurried, 1))).toMatchObject({ code: 'retry_later' });
    expect(await leases.wanted(lease)).toBe(true);
    expect((await findInstance(world.ctx, '1')).id).toBe(1);
  });

  async function pollLease(id: number) {
    const lease = await world.ctx.store.leases.acquire(`poll:${id}`);
    if (lease === null) throw new Error('no lease');
    return lease;
  }

  function notification(id: string) {
    return {
      id,
      instanceId: 4,
      resource: 'changed-messages',
      queue: 'events' as const,
      body: new TextEncoder().encode('{}'),
      contentType: 'application/json',
      eventCount: 1,
      state: 'pending' as const,
    };
  }
});
