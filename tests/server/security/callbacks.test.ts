import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pollInstance } from '../../../src/core/polling/index.js';
import { startReceiver } from '../../support/receiver.js';
import { type CreatedObject, startServer, type TestServer } from '../../support/server.js';

const KEY = 'event.notification.callback.url';
/** Public, and never dialled: nothing is polled while it stands. */
const PUBLIC = 'https://example.com/events';

let server: TestServer;
/** On every address of this machine; counts connections. */
let trap: Server;
let dialled = 0;
let port: number;
let made: CreatedObject;
let entry: number;

beforeAll(async () => {
  server = await startServer({ allowPrivate: false });
  trap = createServer((_request, response) => response.end('{}'));
  trap.on('connection', () => {
    dialled += 1;
  });
  await new Promise<void>((resolve) => {
    trap.listen(0, resolve);
  });
  port = (trap.address() as AddressInfo).port;
  made = await server.create({ configuration: { [KEY]: PUBLIC } });
  const { json } = await server.call('GET', `/instances/${made.id}/configuration`);
  entry = (json as { id: number; key: string }[]).find(({ key }) => key === KEY)?.id ?? 0;
});
afterAll(async () => {
  await new Promise((resolve) => {
    trap.close(resolve);
    trap.closeAllConnections();
  });
  await server.close();
});

const poll = (id: number) => pollInstance(server.ctx, id, { deliver: true, scheduled: false });

const hosts = [
  '127.0.0.1',
  '127.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0x7f.1',
  '0.0.0.0',
  '0',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'some.localhost',
  '\uff4cocalhost',
  '\u2460\u2461\u2466.0.0.1',
  '127\u30020\u30020\u30021',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '3232235777',
  '[fd00::1]',
  '[fe80::1]',
  '169.254.169.254',
  '2852039166',
  '[::ffff:a9fe:a9fe]',
  '100.100.100.200',
  '168.63.129.16',
  '[fd00:ec2::254]',
  '224.0.0.1',
  '255.255.255.255',
];

describe.each(hosts)('a callback to %s', (host) => {
  const url = () => `http://${host}:${port}/hook`;
  const ways: [string, () => ReturnType<TestServer['call']>][] = [
    ['POST', () => server.call('POST', '/instances', { body: server.body({ configuration: { [KEY]: url() } }) })],
    ['PUT', () => server.call('PUT', `/instances/${made.id}`, { body: { configuration: { [KEY]: url() } } })],
    ['PATCH', () => server.call('PATCH', `/instances/${made.id}`, { body: { configuration: { [KEY]: url() } } })],
    [
      'PATCH of the one entry',
      () => server.call('PATCH', `/instances/${made.id}/configuration/${entry}`, { body: { propertyValue: url() } }),
    ],
    [
      'PATCH by the Element token',
      () =>
        server.call('PATCH', '/instances', {
          authorization: server.hub(made.token),
          body: { configuration: { [KEY]: url() } },
        }),
    ],
  ];
  test.each(ways)('is refused by %s', async (_, send) => {
    const answer = await send();
    expect([answer.status, answer.json]).toEqual([
      400,
      { message: expect.stringContaining(KEY), requestId: expect.any(String) },
    ]);
  });
});

describe('a callback that is no plain address of the web', () => {
  test.each([
    'file:///etc/passwd',
    'gopher://example.com/',
    'ftp://example.com/',
    'javascript:alert(1)',
    '//example.com/x',
    '/x',
    'http://',
    'http://user:S3CRET@example.com/',
    'http://example.com:99999/',
    ['https://example.com/'],
    { url: 'https://example.com/' },
    17,
  ])('%j is refused', async (url) => {
    const answer = await server.call('PATCH', `/instances/${made.id}`, { body: { configuration: { [KEY]: url } } });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain('S3CRET');
  });
});

test('after all that nothing was stored and nobody dialled', async () => {
  expect((await server.ctx.store.instances.list()).map(({ id }) => id)).toEqual([made.id]);
  const { json } = await server.call('GET', `/instances/${made.id}`);
  expect((json as CreatedObject).configuration[KEY]).toBe(PUBLIC);
  expect(dialled).toBe(0);
});

test('a name that leads to this machine is found out when it is dialled', async () => {
  const own = await server.create({ name: 'Own', configuration: { [KEY]: `http://${hostname()}:${port}/` } });
  server.sandbox.mailbox().receive();
  const { pending, delivered } = await poll(own.id);
  expect([pending, delivered, dialled]).toEqual([1, 0, 0]);
});

test('an instance of a server that allowed private addresses loses none of it; a redirect leads nowhere', async () => {
  const open = await startServer({ allowPrivate: true });
  const inside = await startReceiver();
  try {
    const { id } = await open.create();
    open.receiver.respond({ redirect: inside.url, status: 307 });
    open.sandbox.mailbox().receive();
    const summary = await pollInstance(open.ctx, id, { deliver: true, scheduled: false });
    expect([summary.delivered, summary.pending]).toEqual([0, 1]);
    expect(open.receiver.requests).toHaveLength(1);
    expect(inside.requests).toEqual([]);
    const metadata = await open.call('PATCH', `/instances/${id}`, {
      body: { configuration: { [KEY]: 'http://169.254.169.254/latest/meta-data' } },
    });
    expect(metadata.status).toBe(400);
  } finally {
    await inside.close();
    await open.close();
  }
});
