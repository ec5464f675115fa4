import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deliverInstance, discardEvents, resendEvents, resumeInstance } from '../../../src/core/delivery/index.js';
import type { Receiver } from '../../support/receiver.js';
import { EMAIL, START, World } from './world.js';

let world: World;
let receiver: Receiver;

beforeEach(async () => {
  world = await World.open();
  receiver = await world.receiver({ answer: { status: 500 } });
  await world.settings({ 'delivery.retryWaits': [1] });
});

afterEach(() => world.close());

const PARALLEL = { 'event.notification.order': 'parallel' };
const SILENT = { 'event.notification.system.enabled': 'false' };

/** Attempts what is due, second after second. */
async function deliver(id: number, seconds = 1) {
  let last = await deliverInstance(world.ctx, id);
  for (let second = 1; second < seconds; second += 1) {
    world.clock.time += 1000;
    last = await deliverInstance(world.ctx, id);
  }
  return last;
}

describe('an ordered instance', () => {
  it('stops when one has died and the first attempt of the next fails too; none dies any more', async () => {
    const id = await world.instance(receiver.url, SILENT);
    await world.put(id, 3);
    expect(await deliver(id, 2)).toMatchObject({ died: 1, stopped: true, pending: 2, dead: 1 });
    expect(receiver.requests.map((request) => request.id)).toEqual(['n1', 'n1', 'n2']);
    expect(await deliver(id, 100)).toMatchObject({ attempted: 0, stopped: true, pending: 2, dead: 1 });
    expect(receiver.requests).toHaveLength(3);
  });

  it('goes on when the next succeeds, and later stops only by a new death', async () => {
    receiver.respond((request) => ({ status: request.id === 'n2' ? 200 : 500 }));
    const id = await world.instance(receiver.url, SILENT);
    await world.put(id, 3);
    expect(await deliver(id, 2)).toMatchObject({ delivered: 1, stopped: false, pending: 1, dead: 1 });
    expect(await deliver(id, 2)).toMatchObject({ died: 1, stopped: false, dead: 2 });
    await world.put(id);
    expect(await deliver(id)).toMatchObject({ stopped: true, pending: 1 });
  });

  it('knows which came later, a death or a success, also when the clock was set back between them', async () => {
    receiver.respond((request) => ({ status: request.id === 'n2' ? 200 : 500 }));
    const id = await world.instance(receiver.url, SILENT);
    await world.put(id, 1);
    await deliver(id, 2);
    world.clock.time -= 86_400_000;
    await world.put(id, 2);
    expect(await deliver(id)).toMatchObject({ delivered: 1, failed: 1, stopped: false, pending: 1, dead: 1 });
    expect(await resumeInstance(world.ctx, id)).toBe(1);
  });

  it('is not brought nearer to a stop by a discard', async () => {
    const id = await world.instance(receiver.url, SILENT);
    await world.put(id, 2);
    await deliver(id);
    expect((await discardEvents(world.ctx, { ids: ['n1'] })).map((row) => row.lastError)).toEqual(['discarded']);
    expect(await deliver(id)).toMatchObject({ attempted: 1, stopped: false, pending: 1, dead: 1 });
  });
});

describe('a parallel instance', () => {
  it('stops when one dies and nothing has succeeded since its first attempt', async () => {
    const id = await world.instance(receiver.url, { ...PARALLEL, ...SILENT });
    await world.put(id, 3);
    await deliver(id, 2);
    expect(await world.stop(id)).toContain('nothing has succeeded since its first attempt');
    const states = await Promise.all(['n1', 'n2', 'n3'].map(async (each) => (await world.row(each)).state));
    // Those in flight when the first died did not die after it.
    expect(states.sort()).toEqual(['dead', 'pending', 'pending']);
  });

  it('goes on when another has succeeded meanwhile', async () => {
    receiver.respond((request) => ({ status: request.id === 'n1' ? 500 : 200 }));
    const id = await world.instance(receiver.url, { ...PARALLEL, ...SILENT });
    await world.put(id, 3);
    expect(await deliver(id, 2)).toMatchObject({ died: 1, stopped: false, pending: 0, dead: 1 });
  });
});

describe('a 410', () => {
  it.each([{}, PARALLEL])('stops at once, and that one stays pending (%p)', async (order) => {
    receiver.respond({ status: 410 });
    const id = await world.instance(receiver.url, { ...order, ...SILENT });
    await world.put(id);
    expect(await deliver(id)).toMatchObject({ stopped: true, pending: 1, dead: 0 });
    expect(await world.row('n1')).toMatchObject({ state: 'pending', attempts: 1, lastStatus: 410 });
    expect(await world.stop(id)).toBe('the receiver answered 410 Gone');
  });
});

describe('while stopped', () => {
  it('nothing of the instance is attempted, mailbox notifications included; other instances go on', async () => {
    receiver.respond({ status: 410 });
    const id = await world.instance(`${receiver.url}/one`);
    const other = await world.instance(`${receiver.url}/two`);
    await world.put(id);
    await deliver(id);
    await world.put(id, 1, { queue: 'mailbox', resource: 'mailbox' });
    await world.put(other);
    receiver.respond({});
    expect(await deliver(id)).toMatchObject({ attempted: 0, stopped: true });
    expect(await deliver(other)).toMatchObject({ delivered: 1 });
    expect(receiver.requests.map((request) => request.path)).toEqual(['/one', '/two']);
  });
});

describe('resumeInstance', () => {
  it('returns what died since the last success to its place, ends the rest and counts afresh', async () => {
    receiver.respond((request) => ({ status: request.id === 'n1' ? 200 : 500 }));
    const id = await world.instance(receiver.url, SILENT);
    await world.put(id, 4);
    await deliver(id, 2);
    await deliver(id);
    expect(await world.row('n2')).toMatchObject({ state: 'dead' });
    receiver.respond({});
    expect(await resumeInstance(world.ctx, id)).toBe(3);
    expect(await world.row('n2')).toMatchObject({ state: 'pending', attempts: 0, nextAttemptAt: world.clock.time });
    await deliver(id);
    expect(receiver.requests.slice(-3).map((request) => request.id)).toEqual(['n2', 'n3', 'n4']);
  });
});

describe('the death of a notification', () => {
  it('is told by one DEAD_LETTER, committed with it', async () => {
    const id = await world.instance(receiver.url);
    await world.put(id);
    receiver.respond((request) => ({ status: request.id === 'n1' ? 500 : 200 }));
    await deliver(id, 3);
    const letter = receiver.requests.find((request) => request.id !== 'n1');
    expect(letter?.json()).toMatchObject({
      message: {
        events: [{ objectType: 'mailbox', objectId: EMAIL, eventType: 'DEAD_LETTER' }],
        raw: {
          mailbox: [{ id: EMAIL, notificationId: 'n1', attempts: 2, lastStatus: 500, lastError: 'HTTP 500' }],
        },
      },
    });
  });

  it('of a DEAD_LETTER itself is told by none, and counts in nothing', async () => {
    const id = await world.instance(receiver.url);
    await world.put(id);
    expect(await deliver(id, 5)).toMatchObject({ stopped: false, dead: 1, pending: 0 });
    const rows = await world.ctx.store.outbox.list({ instanceId: id });
    expect(rows.map((row) => [row.queue, row.state])).toEqual([
      ['events', 'dead'],
      ['mailbox', 'dead'],
    ]);
  });

  it('is told by none when the instance wants no mailbox events', async () => {
    const id = await world.instance(receiver.url, SILENT);
    await world.put(id);
    await deliver(id, 2);
    expect(await world.ctx.store.outbox.list({ instanceId: id })).toHaveLength(1);
  });
});

describe('mailbox notifications', () => {
  it('hold no other back, however many of them hang', async () => {
    receiver.respond((request) => (request.id.startsWith('m') ? { hang: true } : {}));
    const [one, two] = [await world.instance(receiver.url), await world.instance(receiver.url)];
    for (let n = 0; n < 9; n += 1) await world.put(one, 1, { id: `m${n}`, queue: 'mailbox', resource: 'mailbox' });
    const stop = new AbortController();
    const hanging = deliverInstance(world.ctx, one, { signal: stop.signal });
    await receiver.waitFor((requests) => requests.length === 8);
    await world.put(two, 2);
    expect(await deliverInstance(world.ctx, two)).toMatchObject({ delivered: 2, pending: 0 });
    stop.abort();
    await receiver.close();
    await hanging;
  });

  it('wait for none, also when they come while many events are being delivered', async () => {
    receiver.respond({ delayMs: 30 });
    const id = await world.instance(receiver.url);
    await world.put(id, 5);
    const delivering = deliverInstance(world.ctx, id);
    await receiver.waitFor((requests) => requests.length === 1);
    await world.put(id, 1, { id: 'm', queue: 'mailbox', resource: 'mailbox' });
    await delivering;
    const place = receiver.requests.map((request) => request.id).indexOf('m');
    expect(place).toBeGreaterThan(0);
    expect(place).toBeLessThan(4);
  });

  it('wait for none, hold none back, and count in nothing', async () => {
    receiver.respond((request) => ({ status: request.id === 'm' ? 500 : 200 }));
    const id = await world.instance(receiver.url);
    await world.put(id, 1, { id: 'm', queue: 'mailbox', resource: 'mailbox' });
    const ids = await world.put(id, 2);
    expect(await deliver(id, 1)).toMatchObject({ attempted: 2, delivered: 2, failed: 0, pending: 0, dead: 0 });
    expect(await deliver(id, 10)).toMatchObject({ attempted: 0, stopped: false, resting: false, dead: 0 });
    expect(await world.row('m')).toMatchObject({ state: 'dead', attempts: 2 });
    expect(receiver.requests.map((request) => request.id).filter((each) => each !== 'm')).toEqual(ids);
    expect(await world.ctx.store.outbox.endpoint(`${receiver.url}/`)).toBeNull();
  });

  it('are delivered while the head of the events fails', async () => {
    receiver.respond((request) => ({ status: request.id === 'm' ? 200 : 500 }));
    const id = await world.instance(receiver.url);
    await world.put(id);
    await deliver(id);
    await world.put(id, 1, { id: 'm', queue: 'mailbox', resource: 'mailbox' });
    await deliver(id);
    expect(await world.row('m')).toMatchObject({ state: 'delivered' });
    expect((await world.ctx.store.instances.get(id))?.lastSuccessAt).toBeNull();
  });

  it('are killed by a 410, each alone', async () => {
    receiver.respond((request) => ({ status: request.id === 'm' ? 410 : 200 }));
    const id = await world.instance(receiver.url);
    await world.put(id, 1, { id: 'm', queue: 'mailbox', resource: 'mailbox' });
    await world.put(id);
    expect(await deliver(id)).toMatchObject({ delivered: 1, stopped: false });
    expect(await world.row('m')).toMatchObject({ state: 'dead', attempts: 1 });
  });
});

describe("an endpoint's rest", () => {
  it('begins with the fifth failure in a row, across instances, and uses up no attempt', async () => {
    await world.settings({ 'delivery.retryWaits': [1, 1, 1, 1, 1, 1] });
    const one = await world.instance(`${receiver.url}/hook?a=1`);
    const two = await world.instance(`${receiver.url}/hook?a=2`);
    await world.put(one);
    await world.put(two);
    await deliver(one, 3);
    await deliver(two, 2);
    const restUntil = world.clock.time + 30_000;
    expect(await world.ctx.store.outbox.endpoint(`${receiver.url}/hook`)).toMatchObject({ failures: 5, restUntil });
    expect(await deliver(one, 29)).toMatchObject({ attempted: 0, resting: true });
    expect(receiver.requests).toHaveLength(5);
    expect((await world.row('n1')).attempts).toBe(3);

    world.clock.time = restUntil;
    expect(await deliver(one)).toMatchObject({ attempted: 1, failed: 1, resting: true });
    expect(await world.ctx.store.outbox.endpoint(`${receiver.url}/hook`)).toMatchObject({
      failures: 6,
      restUntil: restUntil + 60_000,
    });
    world.clock.time = restUntil + 60_000;
    receiver.respond({});
    expect(await deliver(two)).toMatchObject({ delivered: 1, resting: false });
    expect(await deliver(one)).toMatchObject({ delivered: 1 });
  });

  it('is not brought about by an instance that may not call it', async () => {
    await world.settings({ 'delivery.retryWaits': [1, 1, 1, 1, 1, 1] });
    receiver.respond({});
    const closed = await world.instance(receiver.url, SILENT, { allowPrivate: false });
    const open = await world.instance(receiver.url, SILENT);
    await world.put(closed);
    expect(await deliver(closed, 6)).toMatchObject({ attempted: 1, failed: 1, resting: false });
    expect((await world.row('n1')).attempts).toBe(6);
    await world.put(open);
    expect(await deliver(open)).toMatchObject({ delivered: 1 });
  });

  it('is decided by one attempt: the others wait for it and are not used up', async () => {
    const id = await world.instance(receiver.url, { ...PARALLEL, ...SILENT });
    await world.settings({ 'delivery.retryWaits': [1, 1, 1, 1, 1, 1] });
    await world.put(id, 5);
    await deliver(id);
    expect(receiver.requests).toHaveLength(5);
    world.clock.time = START + 30_000;
    expect(await deliver(id)).toMatchObject({ attempted: 1, resting: true });
    world.clock.time += 60_000;
    receiver.respond({});
    expect(await deliver(id)).toMatchObject({ delivered: 5 });
  });
});

describe('resendEvents', () => {
  it('attempts what it names even while stopped and resting; its first success lifts the stop', async () => {
    const id = await world.instance(receiver.url, SILENT);
    await world.put(id, 3);
    await deliver(id, 2);
    expect(await world.stop(id)).not.toBeNull();
    await resendEvents(world.ctx, { ids: ['n1'] });
    await resendEvents(world.ctx, { ids: ['n1'] });
    expect(await world.ctx.store.outbox.endpoint(`${receiver.url}/`)).toMatchObject({ failures: 5 });
    expect(await world.stop(id)).not.toBeNull();
    receiver.respond({});
    const { rows, refused } = await resendEvents(world.ctx, { ids: ['n1'] });
    expect(rows).toMatchObject([{ id: 'n1', state: 'delivered', attempts: 1 }]);
    expect(refused).toEqual([]);
    expect(await world.stop(id)).toBeNull();
    world.clock.time += 1000;
    await deliver(id);
    expect(receiver.requests.slice(-3).map((request) => request.id)).toEqual(['n1', 'n2', 'n3']);
  });
});
