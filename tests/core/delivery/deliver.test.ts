import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Libsql from 'libsql';
import { deliverInstance, discardEvents } from '../../../src/core/delivery/index.js';
import { elementsSignatureHolds, standardSignatureHolds } from '../../support/receiver.js';
import { START, TestClock, World } from './world.js';

let world: World;

beforeEach(async () => {
  world = await World.open();
});

afterEach(() => world.close());

const received = (receiver: { requests: { id: string }[] }) => receiver.requests.map((request) => request.id);

describe('deliverInstance', () => {
  it('delivers what is pending in order, under its id, with its bytes', async () => {
    const receiver = await world.receiver();
    const id = await world.instance(`${receiver.url}/hook?x=1`);
    const ids = await world.put(id, 20);
    expect(await deliverInstance(world.ctx, id)).toEqual({
      busy: false,
      attempted: 20,
      delivered: 20,
      failed: 0,
      died: 0,
      pending: 0,
      dead: 0,
      stopped: false,
      resting: false,
    });
    expect(received(receiver)).toEqual(ids);
    expect(receiver.mostInFlight).toBe(1);
    expect(receiver.requests[0]).toMatchObject({ method: 'POST', path: '/hook?x=1' });
    expect(receiver.requests[0]?.json()).toEqual({ id: 'n1', message: { eventId: 'n1' } });
    expect(await world.row('n1')).toMatchObject({
      state: 'delivered',
      attempts: 1,
      lastStatus: 200,
      deliveredAt: START,
    });
  });

  it('signs with what the instance says at the time of the attempt', async () => {
    const real = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };
    const current = await World.open(real);
    const receiver = await current.receiver();
    const secret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
    const other = `whsec_${Buffer.alloc(24, 4).toString('base64')}`;
    const id = await current.instance(receiver.url, {
      'event.notification.signature.key': 'key one',
      'event.notification.signing.secret': `${other} ${secret}`,
      'event.notification.callback.headers': '{"X-Team":"mail"}',
      'event.notification.basic.username': 'ann',
      'event.notification.basic.password': 'pass',
    });
    await current.put(id);
    await deliverInstance(current.ctx, id);
    await current.change(id, (document) => ({
      ...document,
      configuration: { ...document.configuration, 'event.notification.signature.key': 'key two' },
    }));
    await current.put(id);
    await deliverInstance(current.ctx, id);
    const [first, second] = receiver.requests;
    if (first === undefined || second === undefined) throw new Error('two were to come');
    expect(elementsSignatureHolds(first, 'key one')).toBe(true);
    expect(elementsSignatureHolds(second, 'key one')).toBe(false);
    expect(elementsSignatureHolds(second, 'key two')).toBe(true);
    expect(standardSignatureHolds(first, secret)).toBe(true);
    expect(standardSignatureHolds(first, other)).toBe(true);
    expect(first.headers).toMatchObject({
      'content-type': 'application/json',
      'elements-webhook-id': 'n1',
      'webhook-id': 'n1',
      'x-team': 'mail',
      authorization: `Basic ${Buffer.from('ann:pass').toString('base64')}`,
      'user-agent': expect.stringMatching(/^gmail-events\/\d/),
    });
    await current.close();
  });

  it('signs each attempt anew, with the time of that attempt, over the same bytes', async () => {
    const clock = new TestClock();
    clock.time = Date.now();
    const current = await World.open(clock);
    const receiver = await current.receiver({ answer: () => ({ status: receiver.requests.length === 1 ? 500 : 200 }) });
    const secret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
    const id = await current.instance(receiver.url, { 'event.notification.signing.secret': secret });
    await current.put(id);
    await deliverInstance(current.ctx, id);
    clock.time += 7000;
    await deliverInstance(current.ctx, id);
    const [first, second] = receiver.requests;
    if (first === undefined || second === undefined) throw new Error('two were to come');
    const seconds = (request: typeof first) => Number(request.headers['webhook-timestamp']);
    expect(seconds(second) - seconds(first)).toBe(7);
    expect(second.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);
    expect([first, second].map((each) => standardSignatureHolds(each, secret))).toEqual([true, true]);
    expect([second.id, second.body]).toEqual([first.id, first.body]);
    await current.close();
  });

  it('holds back all behind a failing head, and attempts again when its time has come', async () => {
    const receiver = await world.receiver({ answer: (request) => ({ status: request.id === 'n2' ? 500 : 200 }) });
    const id = await world.instance(receiver.url);
    await world.put(id, 3);
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ attempted: 2, delivered: 1, failed: 1, pending: 2 });
    expect(await world.row('n2')).toMatchObject({ attempts: 1, nextAttemptAt: START + 5000, lastError: 'HTTP 500' });
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ attempted: 0, pending: 2 });
    world.clock.time += 5000;
    receiver.respond({});
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ attempted: 2, delivered: 2, pending: 0 });
    expect(received(receiver)).toEqual(['n1', 'n2', 'n2', 'n3']);
    expect(receiver.requests[1]?.body).toEqual(receiver.requests[2]?.body);
  });

  it('keeps a log of every attempt', async () => {
    const receiver = await world.receiver({
      answer: (_request, index) => (index === 0 ? { status: 503, body: 'later' } : {}),
    });
    const id = await world.instance(receiver.url);
    await world.put(id);
    await deliverInstance(world.ctx, id);
    world.clock.time += 6000;
    await deliverInstance(world.ctx, id);
    const log = await world.ctx.store.outbox.attempts('n1');
    expect(log).toMatchObject([
      { at: START, status: 503, error: 'HTTP 503', answer: 'later' },
      { at: START + 6000, status: 200, error: null, answer: '{}' },
    ]);
  });

  it('attempts up to 8 at once when parallel, and a failure holds up nothing', async () => {
    const receiver = await world.receiver({
      answer: (request) => ({ status: request.id === 'n1' ? 500 : 200, delayMs: 100 }),
    });
    const id = await world.instance(receiver.url, { 'event.notification.order': 'parallel' });
    await world.put(id, 30);
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ attempted: 30, delivered: 29, failed: 1, pending: 1 });
    expect(receiver.mostInFlight).toBe(8);
    expect(new Set(received(receiver)).size).toBe(30);
  });

  it.each([
    ['no callback URL', undefined, {}, {}],
    ['its events turned off', 'URL', { 'event.notification.enabled': 'false' }, {}],
    ['been disabled', 'URL', {}, { disabled: true }],
  ])('attempts nothing of an instance that has %s', async (_name, url, configuration, document) => {
    const receiver = await world.receiver();
    const id = await world.instance(url && receiver.url, configuration, document);
    await world.put(id);
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ attempted: 0, pending: 1 });
    expect(receiver.requests).toEqual([]);
    expect(await world.row('n1')).toMatchObject({ state: 'pending', attempts: 0 });
  });

  it('knows nothing to do for an instance that does not exist', async () => {
    expect(await deliverInstance(world.ctx, 99)).toMatchObject({ busy: false, attempted: 0, pending: 0 });
  });

  it('does not call a private address for an instance that may not', async () => {
    const receiver = await world.receiver();
    const id = await world.instance(receiver.url, {}, { allowPrivate: false });
    await world.put(id);
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ failed: 1 });
    expect(receiver.requests).toEqual([]);
    expect((await world.row('n1')).lastError).toContain('is a loopback address');
  });

  it('counts a callback URL that cannot be called as a failed attempt, without its credentials', async () => {
    const id = await world.instance('ftp://user:S3CRET@127.0.0.1/');
    await world.put(id);
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ failed: 1, pending: 1 });
    const row = await world.row('n1');
    expect(row.lastError).toBe('the callback URL is neither http nor https');
    expect(JSON.stringify([row, await world.ctx.store.outbox.attempts('n1')])).not.toContain('S3CRET');
  });

  it('takes a stored time as come when the clock was set back', async () => {
    const receiver = await world.receiver({ answer: { status: 500 } });
    const id = await world.instance(receiver.url);
    await world.put(id);
    await deliverInstance(world.ctx, id);
    world.clock.time -= 3_600_000;
    receiver.respond({});
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ delivered: 1 });
  });

  it('keeps its waits once the clock was set back: what is parallel is not attempted to death', async () => {
    const receiver = await world.receiver({ answer: { status: 500 } });
    const id = await world.instance(receiver.url, { 'event.notification.order': 'parallel' });
    await world.put(id);
    await deliverInstance(world.ctx, id);
    world.clock.time = START - 86_400_000;
    await deliverInstance(world.ctx, id);
    await deliverInstance(world.ctx, id);
    expect(receiver.requests).toHaveLength(2);
    expect(await world.row('n1')).toMatchObject({ state: 'pending', attempts: 2 });
  });

  it('ends with what to do about a notification whose body is lost; the others go once it is given up', async () => {
    const receiver = await world.receiver();
    const id = await world.instance(receiver.url);
    await world.put(id, 2);
    const database = new Libsql(join(world.home, 'events.db'));
    database.exec(`DELETE FROM body WHERE seq = (SELECT seq FROM outbox WHERE id = 'n1')`);
    database.close();
    await expect(deliverInstance(world.ctx, id)).rejects.toMatchObject({
      code: 'store',
      hint: expect.stringContaining('gmail-events events discard n1'),
    });
    await discardEvents(world.ctx, { ids: ['n1'] });
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ delivered: 1, pending: 0 });
  });

  it('tells of every attempt', async () => {
    const receiver = await world.receiver({ answer: { status: 500 } });
    const id = await world.instance(receiver.url);
    await world.put(id);
    const reports: unknown[] = [];
    await deliverInstance(world.ctx, id, { onAttempt: (report) => reports.push(report) });
    expect(reports).toMatchObject([
      { instanceId: id, notificationId: 'n1', state: 'pending', attempts: 1, status: 500, nextAttemptAt: START + 5000 },
    ]);
  });
});

describe('the signal', () => {
  it('lets the attempt in flight end and be recorded, and begins no other', async () => {
    const receiver = await world.receiver({ answer: { delayMs: 100 } });
    const id = await world.instance(receiver.url);
    await world.put(id, 5);
    const abort = new AbortController();
    const delivering = deliverInstance(world.ctx, id, { signal: abort.signal });
    await receiver.waitFor((requests) => requests.length === 1);
    abort.abort();
    expect(await delivering).toMatchObject({ attempted: 1, delivered: 1, pending: 4 });
    expect(receiver.requests).toHaveLength(1);
  });
});
