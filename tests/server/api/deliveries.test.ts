import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pollInstance } from '../../../src/core/polling/index.js';
import { startReceiver } from '../../support/receiver.js';
import { type Answered, type CreatedObject, startServer, type TestServer } from '../../support/server.js';

interface Delivery {
  notificationId: string;
  subscriptionId: number;
  status: string;
  createdDate: string;
  updatedDate: string;
  notification?: { id: string; message: { eventId: string } };
  subscription?: object;
}

const PATH = '/notifications/subscriptions/deliveries';
const QUEUED = "channel='webhook' and status='queued'";

let server: TestServer;
let instance: CreatedObject;

beforeEach(async () => {
  server = await startServer();
  instance = await server.create();
});
afterEach(() => server.close());

function deliveries(where: string, more: Record<string, string> = {}, method = 'GET'): Promise<Answered> {
  return server.call(method, `${PATH}?${new URLSearchParams({ where, ...more })}`);
}
const listed = async (where: string, more: Record<string, string> = {}) =>
  (await deliveries(where, more)).json as Delivery[];
const poll = (id = instance.id) => pollInstance(server.ctx, id, { deliver: true, scheduled: false });

/** The receiver says that it is gone: deliveries stop, and three notifications wait. */
async function stop(): Promise<void> {
  server.receiver.respond({ status: 410 });
  server.sandbox.mailbox().receiveMany(25);
  await poll();
}

describe('the queue', () => {
  it('holds what a stop holds back, in order, until it is released', async () => {
    expect(await listed(QUEUED)).toEqual([]);
    await stop();
    const sent = server.receiver.requests.length;
    const queued = await listed(QUEUED);
    const rows = await server.ctx.store.outbox.list({});
    expect(queued).toEqual(
      rows.map(({ id }) => ({
        notificationId: id,
        subscriptionId: instance.id,
        status: 'queued',
        createdDate: expect.stringMatching(/Z$/),
        updatedDate: expect.stringMatching(/Z$/),
      })),
    );
    expect(queued).toHaveLength(3);

    const released = await deliveries(QUEUED, {}, 'PUT');
    expect([released.status, released.text]).toEqual([200, '']);
    expect(await listed(QUEUED)).toEqual([]);
    // Nothing is sent by the release itself, but by whoever delivers.
    expect(server.receiver.requests).toHaveLength(sent);
    server.receiver.respond({});
    await poll();
    expect(server.receiver.requests.slice(sent).map((request) => request.id)).toEqual(rows.map(({ id }) => id));
    expect(await listed("channel='webhook' and status='delivered'")).toHaveLength(3);
  });

  it('is hydrated with the notification and its subscription', async () => {
    await stop();
    const [delivery] = (await listed(QUEUED, { hydrate: 'true' })) as [Delivery];
    expect(delivery.notification).toMatchObject({
      id: delivery.notificationId,
      topic: `instance-${instance.id}-gmail-events`,
      message: { eventId: delivery.notificationId, instance_id: instance.id },
      acknowledged: false,
    });
    expect(delivery.subscription).toEqual({
      id: instance.id,
      channel: 'webhook',
      topics: [`instance-${instance.id}-gmail-events`],
      config: { url: server.receiver.url },
      active: false,
    });
    const subscriptions = (await server.call('GET', '/notifications/subscriptions')).json;
    expect(subscriptions).toEqual([delivery.subscription]);
  });

  it('is told, and released, callback URL by callback URL', async () => {
    const other = await startReceiver({ answer: { status: 410 } });
    const second = await server.create({ configuration: { 'event.notification.callback.url': other.url } });
    await stop();
    await poll(second.id);
    const at = (url: string) => `${QUEUED} and config.url='${url}'`;
    expect(await listed(at(server.receiver.url))).toHaveLength(3);
    expect(await listed(at(other.url))).toHaveLength(3);
    expect(await listed(at('http://nobody.example/'))).toEqual([]);
    await deliveries(at(other.url), {}, 'PUT');
    expect((await listed(QUEUED)).map(({ subscriptionId }) => subscriptionId)).toEqual(Array(3).fill(instance.id));
    await other.close();
  });

  it('comes page by page', async () => {
    await stop();
    const first = await deliveries(QUEUED, { pageSize: '2' });
    const next = first.headers.get('elements-next-page-token');
    expect([(first.json as Delivery[]).length, typeof next]).toEqual([2, 'string']);
    const second = await deliveries(QUEUED, { pageSize: '2', nextPage: String(next) });
    expect(second.json).toHaveLength(1);
    expect(second.headers.get('elements-next-page-token')).toBeNull();
  });

  it('knows what is still being tried from what waits for a person', async () => {
    server.receiver.respond({ status: 502 });
    server.sandbox.mailbox().receiveMany(15);
    await poll();
    const statuses = async (status: string) =>
      (await listed(`channel='webhook' and status='${status}'`)).map((delivery) => delivery.status);
    expect([await statuses('queued'), await statuses('retry'), await statuses('created')]).toEqual([
      [],
      ['retry'],
      ['created'],
    ]);
  });
});

describe('a query of deliveries', () => {
  it.each([
    ['', /needs a status/],
    ["status='queued'", /channel='webhook'/],
    ["channel='email' and status='queued'", /channel='webhook'/],
    ["channel='webhook' and status='lost'", /needs a status/],
    ["channel='webhook' and status='queued' and topic='x'", /has "topic='x'"/],
    ["channel='webhook' and status='queued' and status='queued'", /status twice/],
    ["channel='webhook' or status='queued'", /where has/],
  ])('is refused as %j', async (where, why) => {
    const answer = await deliveries(where);
    expect([answer.status, answer.json]).toMatchObject([400, { message: expect.stringMatching(why) }]);
    expect((await deliveries(where, {}, 'PUT')).status).toBe(400);
  });

  it('releases nothing but what is queued, and is for User and Organization alone', async () => {
    expect((await deliveries("channel='webhook' and status='retry'", {}, 'PUT')).status).toBe(400);
    expect((await deliveries(QUEUED, { nextPage: 'Zm9v' })).status).toBe(400);
    const path = `${PATH}?${new URLSearchParams({ where: QUEUED })}`;
    for (const authorization of [server.hub(instance.token), null]) {
      expect((await server.call('GET', path, { authorization })).status).toBe(401);
      expect((await server.call('PUT', path, { authorization })).status).toBe(401);
    }
  });
});
