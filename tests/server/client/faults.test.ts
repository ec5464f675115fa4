import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pollInstance } from '../../../src/core/polling/index.js';
import { startServer, type TestServer } from '../../support/server.js';
import { type CallbackBody, OldClient, type QueuedDelivery } from './old-client.js';

let server: TestServer;
let client: OldClient;

beforeEach(async () => {
  server = await startServer();
  client = new OldClient(server.api, server.key.user, server.key.organization);
});
afterEach(() => server.close());

const poll = (id: number) => pollInstance(server.ctx, id, { deliver: true, scheduled: false });

describe('a receiver that fails', () => {
  test('its notifications wait in the queue, in order, until they are released', async () => {
    const made = await server.create();
    const url = server.receiver.url;
    expect(await client.queuedDeliveries()).toEqual([]);

    server.receiver.respond({ status: 410 });
    const mail = server.sandbox.mailbox().receiveMany(25);
    await poll(made.id);
    const queued = await client.queuedDeliveries(url);
    expect(queued).toHaveLength(3);
    for (const delivery of queued) {
      expect(delivery.status).toBe('queued');
      expect(delivery.notification).toEqual(expect.any(Object));
      expect(delivery.subscription).toMatchObject({
        channel: 'webhook',
        topics: [`instance-${made.id}-gmail-events`],
        config: { url },
        active: false,
      });
    }
    expect(await client.queuedDeliveries('http://other.example/')).toEqual([]);
    const told = server.receiver.requests.length;
    await poll(made.id);
    expect(server.receiver.requests).toHaveLength(told);
    expect((await client.events(made.token)).map((event) => event.status)).not.toContain('NOTIFIED');

    server.receiver.respond({});
    await client.releaseDeliveries('http://other.example/');
    expect(await client.queuedDeliveries()).toHaveLength(3);
    await client.releaseDeliveries(url);
    await poll(made.id);
    const after = server.receiver.requests.slice(told).map((received) => received.json() as CallbackBody);
    expect(after.flatMap((body) => body.message.events.map((event) => event.objectId))).toEqual(mail);
    expect(await client.queuedDeliveries()).toEqual([]);
    expect((await client.events(made.token)).map((event) => event.status)).toEqual(Array(3).fill('NOTIFIED'));
  });

  test('a 502 is tried again later: such a delivery is not queued', async () => {
    const made = await server.create();
    server.receiver.respond({ status: 502 });
    server.sandbox.mailbox().receive();
    await poll(made.id);
    expect(await client.queuedDeliveries()).toEqual([]);
    const where = "channel='webhook' and status='retry'";
    const path = '/notifications/subscriptions/deliveries';
    const trying = await client.platform<QueuedDelivery[]>('GET', path, { query: { where } });
    expect(trying.body.map((delivery) => delivery.status)).toEqual(['retry']);
  });
});

describe('headers and errors', () => {
  /** Writes the header's name as it is given; fetch would put it in lower case. */
  function raw(path: string, name: string, value: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(server.api + path, { headers: { [name]: value } }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      });
      sent.once('error', reject).end();
    });
  }

  test('the parts of Authorization in any order, its name in any case', async () => {
    const { token } = await server.create();
    const { user, organization } = server.key;
    for (const name of ['authorization', 'Authorization', 'AUTHORIZATION']) {
      expect(await raw('/instances', name, `User ${user}, Organization ${organization}`)).toBe(200);
      expect(await raw('/instances', name, `Organization ${organization}, User ${user}`)).toBe(200);
      expect(await raw('/hubs/general/ping', name, `User ${user}, Element ${token}`)).toBe(200);
      expect(await raw('/hubs/general/ping', name, `Element ${token}, User ${user}`)).toBe(200);
      expect(await raw('/hubs/general/ping', name, `Element ${token},User ${user}`)).toBe(200);
    }
    const { clientId, clientSecret } = server.sandbox.client;
    const asked = new URLSearchParams({
      apiKey: clientId,
      apiSecret: clientSecret,
      callbackUrl: 'http://127.0.0.1:9/o',
    });
    const path = `/elements/gmail/oauth/url?${asked}`;
    expect((await server.call('GET', path)).status).toBe(200);
    expect((await server.call('GET', path, { authorization: null })).status).toBe(200);
  });

  interface Wrong {
    what: string;
    status: number;
    method: string;
    path: string;
    authorization?: string;
    headers?: Record<string, string>;
    body?: unknown;
  }
  const wrong: Wrong[] = [
    { what: 'a wrong secret', status: 401, method: 'GET', path: '/instances', authorization: 'User x, Organization y' },
    {
      what: 'a wrong token',
      status: 401,
      method: 'GET',
      path: '/hubs/general/ping',
      authorization: 'User x, Element y',
    },
    { what: 'an unknown instance', status: 404, method: 'GET', path: '/instances/999999' },
    { what: 'an unknown path', status: 404, method: 'GET', path: '/no/such/path' },
    { what: 'a wrong verb', status: 405, method: 'PATCH', path: '/elements/gmail/oauth/url' },
    { what: 'a body that is no JSON', status: 400, method: 'POST', path: '/instances', body: '{"element":' },
    {
      what: 'another content type',
      status: 415,
      method: 'POST',
      path: '/instances',
      headers: { 'content-type': 'application/xml' },
      body: '<a/>',
    },
    { what: 'an Accept without JSON', status: 406, method: 'GET', path: '/instances', headers: { accept: 'text/xml' } },
    {
      what: 'another element',
      status: 400,
      method: 'POST',
      path: '/instances',
      body: { element: { key: 'slack' }, name: 'x' },
    },
  ];
  test.each(wrong)('$what is a $status with message and requestId', async ({ status, method, path, ...options }) => {
    const answer = await server.call(method, path, options);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ message: expect.stringMatching(/./), requestId: expect.stringMatching(/./) });
    const { requestId } = answer.json as { requestId: string };
    expect(answer.headers.get('elements-request-id')).toBe(requestId);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  test('a missing configuration is named, all entries at once, and nothing is stored', async () => {
    const refusal = async (configuration: Record<string, unknown>) => {
      const body = { element: { key: 'gmail' }, providerData: { code: 'x' }, configuration };
      const answer = await server.call('POST', '/instances', { body });
      expect(answer.status).toBe(400);
      return (answer.json as { message: string }).message;
    };
    const nothing = await refusal({});
    for (const name of ['name', 'oauth.api.key', 'oauth.callback.url']) expect(nothing).toContain(name);
    const half = await refusal({ 'oauth.api.key': 'x' });
    for (const name of ['name', 'oauth.api.secret', 'oauth.callback.url']) expect(half).toContain(name);
    expect(await server.ctx.store.instances.list()).toEqual([]);
  });

  test('a code that Google refuses is a 400 with what Google said', async () => {
    const answer = await server.call('POST', '/instances', {
      body: server.body({ providerData: { code: '4/used-up' } }),
    });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ message: expect.stringMatching(/./), requestId: expect.stringMatching(/./) });
  });

  test('what the element is: its polling and its configuration', async () => {
    const metadata = await client.platform('GET', '/elements/gmail/metadata');
    expect(metadata.body).toMatchObject({ events: { supported: true, methods: ['polling'] } });
    const definitions = await client.platform<{ key: string; defaultValue?: string | null }[]>(
      'GET',
      '/elements/gmail/configuration',
    );
    const interval = definitions.body.find((definition) => definition.key === 'event.poller.refresh_interval');
    expect(interval?.defaultValue).toBe('15');
  });

  test('a record for each polled resource, and the subscription of the callback URL', async () => {
    const { token } = await server.create();
    expect((await client.hub<unknown[]>('GET', '/instances/event-poller-records', token)).body).toHaveLength(1);
    const subscriptions = await client.platform<unknown[]>('GET', '/notifications/subscriptions');
    expect(subscriptions.body).toEqual([expect.objectContaining({ channel: 'webhook', active: true })]);
  });
});
