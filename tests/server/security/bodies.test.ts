import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pollInstance } from '../../../src/core/polling/index.js';
import { startServer, type TestServer } from '../../support/server.js';
import { exchange, statusesOf } from './raw.js';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

async function refusedAndAlive(body: string): Promise<void> {
  const answer = await server.call('POST', '/instances', { body });
  expect([answer.status, answer.json]).toEqual([400, { message: expect.any(String), requestId: expect.any(String) }]);
  expect(answer.text.length).toBeLessThan(5000);
  expect(await server.ctx.store.instances.list()).toEqual([]);
  expect((await server.call('GET', '/elements/gmail/metadata')).status).toBe(200);
}

/** JSON text with names that JSON.stringify would not write. */
const text = (fields: string) => `{"element":{"key":"gmail"},"name":"x",${fields}}`;

describe('nesting', () => {
  const deep = (levels: number, open: string, end: string) => open.repeat(levels) + end.repeat(levels);
  test.each([
    ['arrays', deep(500_000, '[', ']')],
    ['objects', `${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`],
    ['never closed', '['.repeat(1_000_000)],
    ['in the configuration', text(`"configuration":${deep(400_000, '[', ']')}`)],
    ['in a value', text(`"configuration":{"x":${deep(100_000, '[', ']')}}`)],
    ['in the poller’s text', text(`"configuration":{"event.poller.configuration":"${deep(400_000, '[', ']')}"}`)],
    ['in the tags', text(`"tags":${deep(100_000, '[', ']')}`)],
  ])('%s: refused, and the server lives', async (_, body) => {
    await refusedAndAlive(body);
  });

  test('in a patch', async () => {
    const { id } = await server.create();
    for (const path of [`/instances/${id}`, `/instances/${id}/configuration/1`]) {
      const answer = await server.call('PATCH', path, { body: `{"propertyValue":${deep(300_000, '[', ']')}}` });
      expect(answer.status).toBeLessThan(500);
      expect((await server.call('GET', `/instances/${id}`)).status).toBe(200);
    }
  });
});

describe('names that every object knows', () => {
  const polluted = (): unknown[] => [
    Reflect.get({}, 'polluted'),
    Reflect.get(Object.prototype, 'polluted'),
    Reflect.get([], 'polluted'),
  ];
  const evil = '"__proto__":{"polluted":1,"allowPrivate":true},"constructor":{"prototype":{"polluted":1}}';

  test('reach no prototype, wherever they stand, and are no way to a value', async () => {
    const right = server.body();
    const configuration = JSON.stringify(right['configuration']).slice(1, -1);
    const rest = JSON.stringify({ ...right, configuration: undefined }).slice(1, -1);
    const bodies = [
      `{${rest},${evil},"configuration":{${configuration}}}`,
      `{${rest},"configuration":{${configuration},${evil}}}`,
      `{${rest},"configuration":{${configuration},"event.notification.callback.headers":{${evil}}}}`,
      `{${rest},"configuration":{"event.poller.configuration":{${evil}}}}`,
      `{${evil}}`,
      `{"__proto__":${JSON.stringify(right)}}`,
    ];
    for (const body of bodies) {
      const answer = await server.call('POST', '/instances', { body });
      expect(answer.status).toBeLessThan(500);
      expect(polluted()).toEqual([undefined, undefined, undefined]);
    }
    expect((await server.call('POST', '/instances', { body: bodies.at(-1) })).status).toBe(400);
  });

  test('in patches and in queries', async () => {
    const { id } = await server.create();
    for (const path of [`/instances/${id}`, `/instances/${id}/configuration/1`]) {
      const answer = await server.call('PATCH', path, { body: `{${evil},"configuration":{${evil}}}` });
      expect(answer.status).toBeLessThan(500);
    }
    for (const query of [
      '__proto__[polluted]=1',
      '__proto__=1',
      'constructor.prototype.polluted=1',
      'tags[__proto__]=1',
    ]) {
      expect((await server.call('GET', `/instances?${query}`)).status).toBeLessThan(500);
    }
    expect(polluted()).toEqual([undefined, undefined, undefined]);
    expect((await server.call('GET', `/instances/${id}`)).status).toBe(200);
  });
});

describe('line breaks', () => {
  const broken = 'x\r\nX-Injected: 1\r\n\r\n<html>';

  test('in name and tags reach no header, of an answer or of a notification', async () => {
    const made = await server.create({ name: broken, tags: [broken, 'ok\nX-Injected: 2'] });
    const own = await server.call('GET', `/instances/${made.id}`);
    const found = await server.call('GET', `/instances?searchText=${encodeURIComponent('X-Injected')}`);
    server.sandbox.mailbox().receive();
    await pollInstance(server.ctx, made.id, { deliver: true, scheduled: false });
    expect(server.receiver.requests).toHaveLength(1);
    for (const { headers } of [own, found]) expect(headers.has('x-injected')).toBe(false);
    for (const { headers } of server.receiver.requests) expect(headers).not.toHaveProperty('x-injected');
  });

  test.each([
    { 'X-Own': broken },
    { 'X-Own\r\nX-Injected': '1' },
    { 'X-Own: 1\r\nX-Injected': '1' },
    { 'X Own': '1' },
    { '': '1' },
    { 'Transfer-Encoding': 'chunked' },
    { 'Content-Length': '0' },
    { Host: 'evil.example' },
  ])('and no callback header is made of %j', async (headers) => {
    const configuration = { 'event.notification.callback.headers': headers };
    const answer = await server.call('POST', '/instances', { body: server.body({ configuration }) });
    expect([answer.status, answer.text.includes('X-Injected: 1')]).toEqual([400, false]);
  });

  test('nor any header of a request or of an answer of what a query holds', async () => {
    for (const name of ['nextPage', 'state', 'searchText']) {
      const answer = await server.call('GET', `/instances?${name}=${encodeURIComponent(broken)}`);
      expect([answer.headers.has('x-injected'), answer.status < 500]).toEqual([false, true]);
    }
  });
});

describe('ids that are paths', () => {
  const ids = [
    '..%2f..%2fconfig.json',
    '%2e%2e%2fconfig',
    '..%5c..%5cconfig.json',
    '%2fetc%2fpasswd',
    '1%00',
    '1%2f..%2f1',
    '1.json',
    '1%0d%0aX-Injected:%201',
    '-1',
    '1e0',
    '0x1',
    '1;2',
    '*',
    '%25',
    'NaN',
    '9007199254740993',
    '9'.repeat(400),
    '\u0661',
    "1'%20or%20'1'='1",
  ];
  test.each(ids)('%s: 404, and nothing of a file', async (id) => {
    await server.create();
    for (const path of [`/instances/${id}`, `/instances/${id}/events`, `/instances/1/events/${id}`]) {
      for (const method of ['GET', ...(path.endsWith(id) && !path.includes('events') ? ['DELETE', 'PATCH'] : [])]) {
        const answer = await server.call(method, path, method === 'PATCH' ? { body: {} } : {});
        expect([method, path, answer.status]).toEqual([method, path, 404]);
        expect(answer.headers.has('x-injected')).toBe(false);
      }
    }
    expect((await server.call('GET', '/instances/1')).status).toBe(200);
  });

  test.each([
    '/../../etc/passwd',
    '/elements/api-v2/../../config.json',
    '/elements/api-v2/instances/../../x',
    '//etc/passwd',
    '/..%2f..%2fevents.db',
  ])('written as it is: %s', async (target) => {
    const head = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${server.platform}\r\n\r\n`;
    const answered = await exchange(server.url, head);
    expect(statusesOf(answered)).toEqual([404]);
    expect(answered).not.toMatch(/root:|SQLite|clientSecret/);
  });
});
