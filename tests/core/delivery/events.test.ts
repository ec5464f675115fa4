import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  deliverInstance,
  deliveryHealth,
  discardable,
  discardEvents,
  eventObject,
  listEvents,
  pruneOutbox,
  showEvent,
} from '../../../src/core/delivery/index.js';
import { START, World } from './world.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: World;

beforeEach(async () => {
  world = await World.open();
});

afterEach(() => world.close());

async function health(id: number) {
  const instance = await world.ctx.store.instanceFiles.read(id);
  if (instance === null) throw new Error('no file');
  return deliveryHealth(world.ctx, instance, await world.ctx.store.instances.get(id));
}

describe('listEvents', () => {
  it('gives rows in queue order whose objects hold ISO times and nothing of the mail', async () => {
    const receiver = await world.receiver({ answer: (_request, index) => ({ status: index === 0 ? 200 : 500 }) });
    const id = await world.instance(receiver.url);
    await world.put(id, 2);
    await deliverInstance(world.ctx, id);
    const objects = (await listEvents(world.ctx, { instanceId: id })).map(eventObject);
    expect(objects).toEqual([
      {
        id: 'n1',
        instanceId: id,
        resource: 'changed-messages',
        state: 'delivered',
        attempts: 1,
        nextAttemptAt: null,
        lastStatus: 200,
        lastError: null,
        createdAt: '2026-11-24T03:00:00Z',
        deliveredAt: '2026-11-24T03:00:00Z',
        eventCount: 1,
      },
      {
        id: 'n2',
        instanceId: id,
        resource: 'changed-messages',
        state: 'pending',
        attempts: 1,
        nextAttemptAt: '2026-11-24T03:00:05Z',
        lastStatus: 500,
        lastError: 'HTTP 500',
        createdAt: '2026-11-24T03:00:00Z',
        deliveredAt: null,
        eventCount: 1,
      },
    ]);
  });
});

describe('showEvent', () => {
  it('adds the body as JSON and the log of attempts', async () => {
    const receiver = await world.receiver({ answer: { status: 500, body: 'broken' } });
    const id = await world.instance(receiver.url);
    await world.put(id);
    await deliverInstance(world.ctx, id);
    expect(await showEvent(world.ctx, 'n1')).toMatchObject({
      id: 'n1',
      state: 'pending',
      body: { id: 'n1', message: { eventId: 'n1' } },
      attemptLog: [
        {
          at: '2026-11-24T03:00:00Z',
          status: 500,
          durationMs: expect.any(Number),
          error: 'HTTP 500',
          answer: 'broken',
        },
      ],
    });
  });

  it('refuses an unknown id', async () => {
    await expect(showEvent(world.ctx, 'x')).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('discardEvents', () => {
  it('gives up what is pending, stored or dead, without a DEAD_LETTER; delivered ones stay delivered', async () => {
    const receiver = await world.receiver();
    const id = await world.instance(receiver.url);
    await world.put(id);
    await deliverInstance(world.ctx, id);
    await world.put(id);
    await world.put(id, 1, { state: 'stored' });
    expect((await discardable(world.ctx, { instanceId: id })).map((row) => row.id)).toEqual(['n2', 'n3']);
    const discarded = await discardEvents(world.ctx, { instanceId: id });
    expect(discarded).toMatchObject([
      { id: 'n2', state: 'dead', lastError: 'discarded', nextAttemptAt: null },
      { id: 'n3', state: 'dead', lastError: 'discarded' },
    ]);
    expect(await world.row('n1')).toMatchObject({ state: 'delivered', lastError: null });
    expect(await world.ctx.store.outbox.list({ instanceId: id })).toHaveLength(3);
    expect(await discardEvents(world.ctx, { instanceId: id })).toEqual([]);
  });

  it('waits for the attempt in flight, and does not take back what it delivered', async () => {
    const receiver = await world.receiver({ answer: { delayMs: 100 } });
    const id = await world.instance(receiver.url);
    await world.put(id, 2);
    const delivering = deliverInstance(world.ctx, id);
    await receiver.waitFor((requests) => requests.length === 1);
    const discarded = await discardEvents(await world.other(), { ids: ['n1', 'n2'] });
    expect(discarded.map((row) => row.id)).toEqual(['n2']);
    expect(await delivering).toMatchObject({ delivered: 1 });
    expect(await world.row('n1')).toMatchObject({ state: 'delivered' });
  });

  it('refuses an unknown id', async () => {
    await expect(discardEvents(world.ctx, { ids: ['x'] })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('pruneOutbox', () => {
  it('deletes delivered, dead and stored rows by age, in steps, and never pending ones', async () => {
    const receiver = await world.receiver();
    const id = await world.instance(receiver.url);
    await world.put(id, 1);
    await deliverInstance(world.ctx, id);
    await world.put(id, 700, { state: 'stored' });
    await world.put(id, 2);
    await discardEvents(world.ctx, { ids: ['n702'] });
    const left = async () => (await listEvents(world.ctx, { instanceId: id })).length;
    expect(await pruneOutbox(world.ctx)).toBe(0);
    world.clock.time = START + 7 * DAY + 1;
    expect(await pruneOutbox(world.ctx)).toBe(1);
    world.clock.time = START + 30 * DAY + 1;
    expect(await pruneOutbox(world.ctx, { signal: AbortSignal.abort() })).toBe(0);
    expect(await pruneOutbox(world.ctx)).toBe(701);
    world.clock.time = START + 1000 * DAY;
    expect(await pruneOutbox(world.ctx)).toBe(0);
    expect(await left()).toBe(1);
    expect(await world.row('n703')).toMatchObject({ state: 'pending' });
  });

  it('goes by the settings', async () => {
    await world.settings({ 'retention.deadDays': 1 });
    const id = await world.instance(undefined);
    await world.put(id, 1, { state: 'stored' });
    world.clock.time = START + DAY + 1;
    expect(await pruneOutbox(world.ctx)).toBe(1);
  });
});

describe('deliveryHealth', () => {
  it('is running without an error while all is well, and while a head fails for less than an hour', async () => {
    const receiver = await world.receiver();
    const id = await world.instance(receiver.url);
    await world.put(id, 2);
    await deliverInstance(world.ctx, id);
    expect(await health(id)).toEqual({ state: 'running', retrying: false, error: null });
    receiver.respond({ status: 500 });
    await world.put(id);
    await deliverInstance(world.ctx, id);
    world.clock.time += HOUR - 1;
    expect(await health(id)).toEqual({ state: 'running', retrying: true, error: null });
  });

  it('names a head that has failed for an hour, with its discard', async () => {
    const receiver = await world.receiver({ answer: { status: 500 } });
    const id = await world.instance(receiver.url);
    await world.put(id);
    await deliverInstance(world.ctx, id);
    world.clock.time += HOUR;
    expect(await health(id)).toMatchObject({
      state: 'running',
      error: {
        message: 'notification n1 has failed for more than an hour (HTTP 500)',
        hint: expect.stringContaining('gmail-events events discard n1'),
      },
    });
  });

  it('is stopped, with the resume', async () => {
    const receiver = await world.receiver({ answer: { status: 410 } });
    const id = await world.instance(receiver.url);
    await world.put(id);
    await deliverInstance(world.ctx, id);
    expect(await health(id)).toMatchObject({
      state: 'stopped',
      error: { code: 'partial', message: expect.stringContaining('410'), hint: `gmail-events instances resume ${id}` },
    });
  });

  it('is resting while its endpoint rests, and needs a person while something waits', async () => {
    await world.settings({ 'delivery.retryWaits': [0, 0, 0, 0, 0] });
    const receiver = await world.receiver({ answer: { status: 500 } });
    const id = await world.instance(receiver.url);
    await world.put(id);
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ attempted: 5, resting: true });
    expect(await health(id)).toMatchObject({ state: 'resting', error: { code: 'partial' } });
  });
});
