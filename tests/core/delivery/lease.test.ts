import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deliverInstance, resumeInstance } from '../../../src/core/delivery/index.js';
import { withInstance } from '../../../src/core/lease.js';
import { until } from '../../support/cli.js';
import { START, World } from './world.js';

let world: World;

beforeEach(async () => {
  world = await World.open();
});

afterEach(() => world.close());

describe('the deliver lease', () => {
  it('lets one process deliver; the other is busy, and nothing is sent twice', async () => {
    const receiver = await world.receiver({ answer: { delayMs: 50 } });
    const id = await world.instance(receiver.url);
    const ids = await world.put(id, 5);
    const first = deliverInstance(world.ctx, id);
    await receiver.waitFor((requests) => requests.length === 1);
    expect(await deliverInstance(await world.other(), id)).toMatchObject({ busy: true, attempted: 0 });
    expect(await first).toMatchObject({ busy: false, delivered: 5 });
    expect(receiver.requests.map((request) => request.id)).toEqual(ids);
  });

  it('is looked at once more: what is committed while it is held is delivered by its holder', async () => {
    const receiver = await world.receiver({ answer: { delayMs: 50 } });
    const id = await world.instance(receiver.url);
    await world.put(id);
    const first = deliverInstance(world.ctx, id);
    await receiver.waitFor((requests) => requests.length === 1);
    await world.put(id);
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ busy: true });
    expect(await first).toMatchObject({ delivered: 2, pending: 0 });
  });

  it('is looked at once more also by a holder that found nothing left to do', async () => {
    const receiver = await world.receiver();
    const id = await world.instance(receiver.url);
    await world.put(id);
    const other = await world.other();
    const { store } = world.ctx;
    let turn = 0;
    const leases: typeof store.leases = {
      ...store.leases,
      async acquire(name) {
        // Another process was faster with what had been due.
        if (turn === 0) expect(await deliverInstance(other, id)).toMatchObject({ delivered: 1 });
        return store.leases.acquire(name);
      },
      async release(lease) {
        turn += 1;
        if (turn === 1) {
          await world.put(id);
          expect(await deliverInstance(other, id)).toMatchObject({ busy: true, attempted: 0 });
        }
        return store.leases.release(lease);
      },
    };
    const slow = { ...world.ctx, store: { ...store, leases } };
    expect(await deliverInstance(slow, id)).toMatchObject({ delivered: 1, pending: 0 });
    expect(receiver.requests.map((request) => request.id)).toEqual(['n1', 'n2']);
  });

  it('is waited for a moment: a command that has it sends nothing itself', async () => {
    const receiver = await world.receiver();
    const id = await world.instance(receiver.url);
    const other = await world.other();
    const lease = await other.store.leases.acquire(`deliver:${id}`);
    if (lease === null) throw new Error('held');
    await world.put(id);
    world.clock.meanwhile = () => other.store.leases.release(lease);
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ busy: false, delivered: 1 });
    expect(world.clock.time).toBeGreaterThan(START);
  });

  it('is given up at the next attempt to a command that wants it, and taken again after', async () => {
    const receiver = await world.receiver({ answer: { delayMs: 30 } });
    const other = await world.receiver();
    const id = await world.instance(receiver.url);
    await world.put(id, 8);
    const delivering = deliverInstance(world.ctx, id);
    await receiver.waitFor((requests) => requests.length === 2);
    const process = await world.other();
    await withInstance(process, id, async (lease) => {
      expect(receiver.inFlight).toBe(0);
      const taken = world.clock.time;
      await until('the drain has found it taken more than once', () => world.clock.time >= taken + 900);
      const document = await process.store.instanceFiles.read(id);
      if (document === null) throw new Error('no file');
      const configuration = { ...document.configuration, 'event.notification.callback.url': other.url };
      await process.store.instanceFiles.write(lease, id, { ...document, configuration });
    });
    expect(await delivering).toMatchObject({ delivered: 8, pending: 0 });
    expect(other.requests.length).toBeGreaterThan(0);
    expect([...receiver.requests, ...other.requests].map((request) => request.id)).toEqual([
      'n1',
      'n2',
      'n3',
      'n4',
      'n5',
      'n6',
      'n7',
      'n8',
    ]);
  });

  it('taken over by another process ends the drain: what was in flight does not count and is sent again', async () => {
    const receiver = await world.receiver({ answer: { delayMs: 100 } });
    const id = await world.instance(receiver.url);
    await world.put(id, 2);
    const first = deliverInstance(world.ctx, id);
    await receiver.waitFor((requests) => requests.length === 1);
    // To the other process the holder has been silent for too long.
    world.clock.time += 31_000;
    const second = deliverInstance(await world.other(), id);
    expect(await first).toMatchObject({ busy: true, attempted: 0 });
    expect(await second).toMatchObject({ busy: false, delivered: 2 });
    expect(receiver.requests.map((request) => request.id)).toEqual(['n1', 'n1', 'n2']);
    expect(receiver.requests[0]?.body).toEqual(receiver.requests[1]?.body);
    expect(await world.row('n1')).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  it('is checked before each send: one that was lost a moment before keeps it from being sent', async () => {
    const receiver = await world.receiver();
    const id = await world.instance(receiver.url);
    await world.put(id);
    const { store } = world.ctx;
    const other = await world.other();
    const body: typeof store.outbox.body = async (name) => {
      world.clock.time += 31_000;
      expect(await other.store.leases.acquire(`deliver:${id}`)).not.toBeNull();
      return store.outbox.body(name);
    };
    const slow = { ...world.ctx, store: { ...store, outbox: { ...store.outbox, body } } };
    expect(await deliverInstance(slow, id)).toMatchObject({ busy: true, attempted: 0, pending: 1 });
    expect(receiver.requests).toEqual([]);
  });

  it('lost with several in flight: none of them counts, and no more are sent', async () => {
    const receiver = await world.receiver({ answer: { delayMs: 100 } });
    const id = await world.instance(receiver.url, { 'event.notification.order': 'parallel' });
    await world.put(id, 20);
    const first = deliverInstance(world.ctx, id);
    await receiver.waitFor((requests) => requests.length === 8);
    world.clock.time += 31_000;
    const taken = await (await world.other()).store.leases.acquire(`deliver:${id}`);
    expect(taken).not.toBeNull();
    expect(await first).toMatchObject({ busy: true, attempted: 0, pending: 20 });
    expect(receiver.requests).toHaveLength(8);
  });

  it('is waited for by a resume', async () => {
    const receiver = await world.receiver({ answer: { delayMs: 50 } });
    const id = await world.instance(receiver.url);
    await world.put(id, 3);
    const delivering = deliverInstance(world.ctx, id);
    await receiver.waitFor((requests) => requests.length === 1);
    expect(await resumeInstance(await world.other(), id)).toBeGreaterThan(0);
    expect(await delivering).toMatchObject({ delivered: 3 });
  });
});

describe('a crash', () => {
  it('between answer and record leaves the attempt uncounted and due at once, under the same id and bytes', async () => {
    const receiver = await world.receiver();
    const id = await world.instance(receiver.url);
    await world.put(id);
    const { outbox } = world.ctx.store;
    const dying = {
      ...world.ctx,
      store: {
        ...world.ctx.store,
        outbox: {
          ...outbox,
          commitAttempt: () => Promise.reject(new Error('killed')),
        },
      },
    };
    await expect(deliverInstance(dying, id)).rejects.toThrow('killed');
    expect(await world.row('n1')).toMatchObject({ state: 'pending', attempts: 0, nextAttemptAt: START });
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ delivered: 1 });
    expect(receiver.requests.map((request) => request.id)).toEqual(['n1', 'n1']);
    expect(receiver.requests[0]?.body).toEqual(receiver.requests[1]?.body);
  });

  it('of one attempt among several in flight lets the others be recorded', async () => {
    const receiver = await world.receiver({ answer: (_request, index) => ({ delayMs: index * 20 }) });
    const id = await world.instance(receiver.url, { 'event.notification.order': 'parallel' });
    await world.put(id, 4);
    const { outbox } = world.ctx.store;
    let commits = 0;
    const failing = {
      ...world.ctx,
      store: {
        ...world.ctx.store,
        outbox: {
          ...outbox,
          commitAttempt: (...given: Parameters<typeof outbox.commitAttempt>) => {
            commits += 1;
            return commits === 1 ? Promise.reject(new Error('disk full')) : outbox.commitAttempt(...given);
          },
        },
      },
    };
    await expect(deliverInstance(failing, id)).rejects.toThrow('disk full');
    const rows = await world.ctx.store.outbox.list({ instanceId: id });
    expect(rows.map((row) => row.state).sort()).toEqual(['delivered', 'delivered', 'delivered', 'pending']);
    expect(await world.ctx.store.leases.acquire(`deliver:${id}`)).not.toBeNull();
  });
});
