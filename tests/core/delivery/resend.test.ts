import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deliverInstance, resendEvents } from '../../../src/core/delivery/index.js';
import { withInstance } from '../../../src/core/lease.js';
import type { Receiver } from '../../support/receiver.js';
import { START, World } from './world.js';

let world: World;
let receiver: Receiver;

beforeEach(async () => {
  world = await World.open();
  receiver = await world.receiver();
});

afterEach(() => world.close());

const received = () => receiver.requests.map((request) => request.id);
const PARALLEL = { 'event.notification.order': 'parallel' };

describe('resendEvents', () => {
  it('sends a delivered one again, with the same id and bytes', async () => {
    const id = await world.instance(receiver.url);
    await world.put(id, 2);
    await deliverInstance(world.ctx, id);
    world.clock.time += 60_000;
    const { rows } = await resendEvents(world.ctx, { ids: ['n1'] });
    expect(rows).toMatchObject([{ id: 'n1', state: 'delivered', attempts: 1, deliveredAt: START + 60_000 }]);
    expect(received()).toEqual(['n1', 'n2', 'n1']);
    expect(receiver.requests[2]?.body).toEqual(receiver.requests[0]?.body);
    expect(await world.ctx.store.outbox.attempts('n1')).toHaveLength(2);
  });

  it('sends a stored one once there is a callback URL, and says why it does not before', async () => {
    const id = await world.instance(undefined);
    await world.put(id, 1, { state: 'stored' });
    expect(await resendEvents(world.ctx, { instanceId: id })).toMatchObject({
      rows: [{ state: 'stored' }],
      refused: [{ instanceId: id, reason: 'has no callback URL' }],
    });
    const url = { 'event.notification.callback.url': receiver.url };
    await world.change(id, (document) => ({ ...document, configuration: { ...document.configuration, ...url } }));
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ attempted: 0 });
    expect(await resendEvents(world.ctx, { instanceId: id })).toMatchObject({
      rows: [{ state: 'delivered' }],
      refused: [],
    });
  });

  it('sends nothing of a disabled instance, and leaves its rows as they were', async () => {
    const id = await world.instance(receiver.url, {}, { disabled: true });
    await world.put(id);
    const { rows, refused } = await resendEvents(world.ctx, { ids: ['n1'] });
    expect(refused).toEqual([{ instanceId: id, reason: 'is disabled' }]);
    expect(rows).toMatchObject([{ state: 'pending', attempts: 0 }]);
    expect(received()).toEqual([]);
  });

  it('attempts all it names in queue order, one at a time, also past one that fails', async () => {
    receiver.respond((request) => ({ status: request.id === 'n2' ? 500 : 200, delayMs: 10 }));
    const id = await world.instance(receiver.url);
    await world.put(id, 4);
    const { rows } = await resendEvents(world.ctx, { ids: ['n3', 'n2', 'n1'] });
    expect(received()).toEqual(['n1', 'n2', 'n3']);
    expect(receiver.mostInFlight).toBe(1);
    expect(rows.map((row) => [row.id, row.state, row.attempts])).toEqual([
      ['n1', 'delivered', 1],
      ['n2', 'pending', 1],
      ['n3', 'delivered', 1],
    ]);
    // What fails goes on by the schedule, and holds its place.
    world.clock.time += 5000;
    receiver.respond({});
    await deliverInstance(world.ctx, id);
    expect(received()).toEqual(['n1', 'n2', 'n3', 'n2', 'n4']);
  });

  it('attempts up to 8 at once of a parallel instance', async () => {
    receiver.respond({ delayMs: 20 });
    const id = await world.instance(receiver.url, PARALLEL);
    await world.put(id, 20, { state: 'stored' });
    const { rows } = await resendEvents(world.ctx, { state: 'stored' });
    expect(rows.every((row) => row.state === 'delivered')).toBe(true);
    expect(receiver.mostInFlight).toBe(8);
    expect(new Set(received()).size).toBe(20);
  });

  it('delivers afterwards what is due of the instance', async () => {
    const id = await world.instance(receiver.url);
    await world.put(id, 1, { state: 'stored' });
    await world.put(id, 1);
    await resendEvents(world.ctx, { ids: ['n1'] });
    expect(received()).toEqual(['n1', 'n2']);
  });

  it('gives a dead one its attempts afresh', async () => {
    await world.settings({ 'delivery.retryWaits': [1] });
    receiver.respond({ status: 500 });
    const id = await world.instance(receiver.url, { 'event.notification.system.enabled': 'false' });
    await world.put(id);
    await deliverInstance(world.ctx, id);
    world.clock.time += 1000;
    await deliverInstance(world.ctx, id);
    expect(await world.row('n1')).toMatchObject({ state: 'dead', attempts: 2 });
    const { rows } = await resendEvents(world.ctx, { state: 'dead' });
    expect(rows).toMatchObject([
      { id: 'n1', state: 'pending', attempts: 1, nextAttemptAt: START + 2000, diedAt: null },
    ]);
  });

  it('lifts no stop by a mailbox notification', async () => {
    receiver.respond((request) => ({ status: request.id === 'm' ? 200 : 410 }));
    const id = await world.instance(receiver.url);
    await world.put(id);
    await deliverInstance(world.ctx, id);
    await world.put(id, 1, { id: 'm', queue: 'mailbox', resource: 'mailbox' });
    expect((await resendEvents(world.ctx, { ids: ['m'] })).rows).toMatchObject([{ state: 'delivered' }]);
    expect(await world.stop(id)).not.toBeNull();
  });

  it('refuses unknown ids by name, before anything is sent', async () => {
    const id = await world.instance(receiver.url);
    await world.put(id);
    await expect(resendEvents(world.ctx, { ids: ['n1', 'x', 'y'] })).rejects.toMatchObject({
      code: 'usage',
      message: 'there is no notification "x", "y"',
    });
    expect(received()).toEqual([]);
  });

  it('ends although one of those it names is pruned meanwhile', async () => {
    const id = await world.instance(receiver.url);
    await world.put(id, 3);
    await deliverInstance(world.ctx, id);
    const { store } = world.ctx;
    const { acquire } = store.leases;
    const pruning: typeof acquire = async (name) => {
      const aged = world.clock.time + 1;
      if ((await store.outbox.get('n1')) !== null) {
        await store.outbox.prune({ deliveredBefore: aged, deadBefore: 0, limit: 1 });
      }
      return acquire(name);
    };
    const ctx = { ...world.ctx, store: { ...store, leases: { ...store.leases, acquire: pruning } } };
    const { rows } = await resendEvents(ctx, { state: 'delivered' });
    expect(rows.map((row) => [row.id, row.attempts])).toEqual([
      ['n2', 1],
      ['n3', 1],
    ]);
    expect(received()).toEqual(['n1', 'n2', 'n3', 'n2', 'n3']);
  });

  it('makes all it names due in one wait for the disk, before the first is sent', async () => {
    const id = await world.instance(receiver.url);
    await world.put(id, 20, { state: 'stored' });
    const { store } = world.ctx;
    let [asked, most] = [0, 0];
    const commitAttempt: typeof store.outbox.commitAttempt = async (...commit) => {
      asked += 1;
      most = Math.max(most, asked);
      await store.outbox.commitAttempt(...commit);
      asked -= 1;
    };
    const ctx = { ...world.ctx, store: { ...store, outbox: { ...store.outbox, commitAttempt } } };
    receiver.respond(async () => {
      expect(await store.outbox.list({ state: 'stored' })).toEqual([]);
      return {};
    });
    const { rows } = await resendEvents(ctx, { state: 'stored' });
    expect(rows.map((row) => row.state)).toEqual(Array(20).fill('delivered'));
    expect(most).toBe(20);
  });

  it('does nothing for a filter that matches nothing', async () => {
    expect(await resendEvents(world.ctx, { state: 'dead' })).toEqual({ rows: [], refused: [] });
  });

  it('gives way to a command that wants the instance, and attempts the rest after it', async () => {
    receiver.respond({ delayMs: 30 });
    const id = await world.instance(receiver.url);
    await world.put(id, 6, { state: 'stored' });
    const resending = resendEvents(world.ctx, { state: 'stored' });
    await receiver.waitFor((requests) => requests.length === 2);
    const process = await world.other();
    await withInstance(process, id, async () => {
      expect(receiver.inFlight).toBe(0);
      expect(receiver.requests.length).toBeLessThan(6);
    });
    expect((await resending).rows.map((row) => row.state)).toEqual(Array(6).fill('delivered'));
    expect(received()).toEqual(['n1', 'n2', 'n3', 'n4', 'n5', 'n6']);
  });

  it('ends with the attempt in flight when the signal comes; the others stay pending', async () => {
    receiver.respond({ delayMs: 50 });
    const id = await world.instance(receiver.url);
    await world.put(id, 3, { state: 'stored' });
    const abort = new AbortController();
    const resending = resendEvents(world.ctx, { state: 'stored' }, { signal: abort.signal });
    await receiver.waitFor((requests) => requests.length === 1);
    abort.abort();
    expect((await resending).rows.map((row) => row.state)).toEqual(['delivered', 'pending', 'pending']);
  });
});
