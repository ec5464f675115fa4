import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptsJson } from '../../../src/server/api/json-answer.js';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await server.create();
});
afterAll(() => server.close());

const refusal = (message: string) => ({ message: expect.stringContaining(message), requestId: expect.any(String) });

describe('a path', () => {
  it.each(['/nothing', '/instances/1/nothing', '/elements', '/elements/gmail/nothing'])(
    'that is none: 404 %s',
    async (path) => {
      const answer = await server.call('GET', path);
      expect([answer.status, answer.json]).toEqual([404, refusal(`no GET /elements/api-v2${path}`)]);
    },
  );

  it.each<[string, string, string]>([
    ['POST', '/instances/1', 'GET'],
    ['PATCH', '/instances/1/enabled', 'PUT, DELETE'],
    ['GET', '/instances/enabled', 'PUT, DELETE'],
    ['DELETE', '/instances/1/configuration', 'GET'],
    ['PUT', '/elements/gmail/oauth/url', 'GET'],
    ['POST', '/docs', 'GET'],
    ['OPTIONS', '/instances', 'GET'],
  ])('called by a verb that it has not: 405 %s %s', async (method, path, allowed) => {
    const answer = await server.call(method, path);
    expect([answer.status, answer.json]).toEqual([405, refusal(`not ${method}`)]);
    expect(answer.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(allowed.split(', ')));
    expect(answer.headers.get('allow')?.split(', ')).not.toContain(method);
  });

  it.each<[string, number]>([
    ['/instances/%zz', 400],
    [`/instances/${'S3CRET'.repeat(100)}`, 414],
  ])('that no route can be looked up for: %s', async (path, status) => {
    const answer = await server.call('GET', path);
    expect([answer.status, answer.json]).toEqual([status, refusal('the path')]);
    expect(answer.headers.get('elements-request-id')).toBe((answer.json as { requestId: string }).requestId);
    expect(answer.text).not.toContain('S3CRET');
  });

  it('may end in a slash', async () => {
    expect((await server.call('GET', '/instances/1/')).status).toBe(200);
  });

  it('answers HEAD as GET, without the body', async () => {
    const answer = await server.call('HEAD', '/instances/1');
    expect([answer.status, answer.text]).toEqual([200, '']);
  });
});

describe('Accept', () => {
  it.each<[string | undefined, boolean]>([
    [undefined, true],
    ['', true],
    ['*/*', true],
    ['application/json', true],
    ['Application/JSON; charset=utf-8', true],
    ['text/html, application/*;q=0.2', true],
    ['text/html', false],
    ['application/xml, text/*', false],
    ['application/json;q=0', false],
    ['application/json; q=0.000, text/html', false],
  ])('%j: %j', async (accept, accepted) => {
    expect(acceptsJson(accept)).toBe(accepted);
    const answer = await server.call('GET', '/instances/1', accept === undefined ? {} : { headers: { accept } });
    expect(answer.status).toBe(accepted ? 200 : 406);
    if (!accepted) expect(answer.json).toEqual(refusal('application/json'));
  });
});

describe('a body', () => {
  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'nonsense',
  ])('of type %s: 415', async (type) => {
    const answer = await server.call('POST', '/instances', { body: '{"a":1}', headers: { 'content-type': type } });
    expect([answer.status, answer.json]).toEqual([415, { message: expect.any(String), requestId: expect.any(String) }]);
  });

  it.each<[string, string]>([
    ['{"name": "x",}', 'line 1, column 14'],
    ['{"name": "S3CRET', 'ends too early'],
    ['', 'one JSON object'],
    ['{"a":1} {"b":2}', 'nothing more is expected'],
    ['{"name": \'S3CRET\'}', 'line 1, column 10'],
  ])('that is no JSON: 400 %j', async (body, told) => {
    const answer = await server.call('POST', '/instances', { body });
    expect([answer.status, answer.json]).toEqual([400, refusal(told)]);
    expect(answer.text).not.toContain('S3CRET');
  });

  it('that is not UTF-8: 400', async () => {
    const answer = await raw('POST', '/instances', Buffer.from([0x22, 0xff, 0x22]));
    expect(answer).toEqual([400, refusal('not UTF-8')]);
  });

  it('may begin with a byte order mark and say its charset', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const body = `\uFEFF${JSON.stringify({ name: 'marked' })}`;
    expect((await server.call('PATCH', '/instances/1', { headers, body })).json).toMatchObject({ name: 'marked' });
  });

  it('with __proto__ changes nothing but itself', async () => {
    const body = '{"name":"own","configuration":{"__proto__":{"polluted":"yes"},"constructor":"c"}}';
    const answer = await server.call('PATCH', '/instances/1', { body });
    expect(answer.status).toBe(200);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    await server.call('PATCH', '/instances/1', { body: { configuration: { constructor: null } } });
  });

  it.each([1024 * 1024 + 1, 10 * 1024 * 1024])('of %i bytes: 413', async (size) => {
    const answer = await raw('POST', '/instances', Buffer.alloc(size, ' '));
    expect(answer).toEqual([413, refusal('1 MB')]);
  });
});

/** A caller who reads the answer while it is still sending, as curl does. */
function raw(method: string, path: string, body: Buffer): Promise<[number, unknown]> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: server.platform,
      'content-type': 'application/json',
      'content-length': body.length,
    };
    let answered = false;
    const request = httpRequest(`${server.api}${path}`, { method, headers }, (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve([response.statusCode ?? 0, JSON.parse(Buffer.concat(chunks).toString())]));
    });
    request.on('error', (error) => {
      if (!answered) reject(error);
    });
    request.end(body);
  });
}
