import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startServer, type TestServer } from '../../support/server.js';
import { exchange, statusesOf } from './raw.js';

let server: TestServer;
let id: number;

beforeAll(async () => {
  server = await startServer();
  ({ id } = await server.create());
});
afterAll(() => server.close());

const deletion = () =>
  `DELETE /elements/api-v2/instances/${id} HTTP/1.1\r\nHost: x\r\nAuthorization: ${server.platform}\r\n\r\n`;

async function stillThere(): Promise<boolean> {
  return (await server.call('GET', `/instances/${id}`)).status === 200;
}

describe('a request that two readers could cut in two ways', () => {
  const smuggling: [string, string[], string][] = [
    ['both lengths', ['Content-Length: 6', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    ['both, the other way round', ['Transfer-Encoding: chunked', 'Content-Length: 6'], '0\r\n\r\n'],
    ['two different lengths', ['Content-Length: 0', 'Content-Length: 6'], ''],
    ['two equal lengths', ['Content-Length: 2', 'Content-Length: 2'], '{}'],
    ['a list of lengths', ['Content-Length: 2, 2'], '{}'],
    ['a signed length', ['Content-Length: +2'], '{}'],
    ['a hexadecimal length', ['Content-Length: 0x2'], '{}'],
    ['a negative length', ['Content-Length: -2'], '{}'],
    ['chunked, but not last', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
    ['another coding', ['Transfer-Encoding: xchunked'], '0\r\n\r\n'],
    ['a blank before the colon', ['Transfer-Encoding : chunked'], '0\r\n\r\n'],
    ['a folded header', ['Transfer-Encoding:\r\n chunked', 'Content-Length: 6'], '0\r\n\r\n'],
    ['a chunk size that is none', ['Transfer-Encoding: chunked'], 'zz\r\n\r\n'],
    ['a signed chunk size', ['Transfer-Encoding: chunked'], '-1\r\n\r\n'],
  ];
  test.each(smuggling)('%s: refused, the connection ends, what follows is not read', async (_, headers, body) => {
    const lines = [
      'PATCH /elements/api-v2/instances/1 HTTP/1.1',
      'Host: x',
      'Content-Type: application/json',
      `Authorization: ${server.platform}`,
      ...headers,
    ];
    const answered = await exchange(server.url, `${lines.join('\r\n')}\r\n\r\n${body}${deletion()}`);
    expect(statusesOf(answered)).toEqual([400]);
    expect(await stillThere()).toBe(true);
  });

  test('a broken request is answered as every other error', async () => {
    const answered = await exchange(server.url, 'nonsense\r\n\r\n');
    const [head = '', body = ''] = answered.split('\r\n\r\n');
    const { message, requestId } = JSON.parse(body) as { message: string; requestId: string };
    expect(message).not.toBe('');
    expect(head.toLowerCase()).toContain(`elements-request-id: ${requestId}`);
  });

  test('headers of megabytes: 431', async () => {
    const answered = await exchange(server.url, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`);
    expect(statusesOf(answered)).toEqual([431]);
  });
});

describe('verbs beside those of the API', () => {
  test('HEAD needs the same secrets as GET, and has no body', async () => {
    expect((await server.call('HEAD', '/instances', { authorization: null })).status).toBe(401);
    const answer = await server.call('HEAD', '/instances');
    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  test('OPTIONS opens nothing to the pages of other origins', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'GET' };
    for (const method of ['OPTIONS', 'GET']) {
      const answer = await server.call(method, '/instances', { headers });
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  test.each(['TRACE', 'CONNECT', 'PROPFIND', 'PURGE', 'BREW'])(
    '%s does nothing and gives nothing back',
    async (verb) => {
      const target = verb === 'CONNECT' ? 'x:80' : '/elements/api-v2/instances';
      const head = `${verb} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Mark: S3CRET\r\n\r\n`;
      const answered = await exchange(server.url, head);
      expect(answered).not.toContain('S3CRET');
      for (const status of statusesOf(answered)) expect(status).toBeGreaterThanOrEqual(400);
      expect(await stillThere()).toBe(true);
    },
  );

  test('an Upgrade is no way past the secrets', async () => {
    const head =
      'GET /elements/api-v2/instances HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n';
    expect(statusesOf(await exchange(server.url, head))).toEqual([401]);
  });

  test('a whole address in the request line, and another Host, lead nowhere else', async () => {
    const head = (target: string) =>
      `GET ${target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nAuthorization: ${server.platform}\r\n\r\n`;
    for (const target of ['/elements/api-v2/instances', 'http://evil.example/elements/api-v2/instances']) {
      const answered = await exchange(server.url, head(target));
      expect([200, 400, 404]).toContain(statusesOf(answered)[0]);
      expect(answered).not.toContain('evil.example');
    }
  });
});
