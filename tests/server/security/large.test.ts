import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startServer, type TestServer } from '../../support/server.js';
import { openRaw, statusesOf } from './raw.js';

const TEN_MB = 10 * 1024 * 1024;

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

async function nothingStored(): Promise<void> {
  expect(await server.ctx.store.instances.list()).toEqual([]);
  expect(await readdir(join(server.ctx.home, 'instances')).catch(() => [])).toEqual([]);
}

/** A body that is right but for its size. */
function largeBody(): string {
  return JSON.stringify(server.body({ padding: 'x'.repeat(TEN_MB) }));
}

test('10 MB by fetch: 413 in the form of every error, again and again', async () => {
  const body = largeBody();
  for (let times = 0; times < 5; times += 1) {
    const answer = await server.call('POST', '/instances', { body });
    expect([answer.status, answer.json]).toEqual([
      413,
      { message: expect.stringContaining('1 MB'), requestId: expect.any(String) },
    ]);
  }
  await nothingStored();
  expect((await server.create()).id).toBeGreaterThan(0);
});

test('10 MB in chunks, its length untold: the same', async () => {
  const part = new TextEncoder().encode('x'.repeat(64 * 1024));
  let left = TEN_MB / part.length;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(part);
      else controller.close();
    },
  });
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { authorization: server.platform, 'content-type': 'application/json' },
    body: stream,
    duplex: 'half',
  };
  const answer = await fetch(`${server.api}/instances`, init);
  expect(answer.status).toBe(413);
  await nothingStored();
});

test('nobody’s 10 MB are not read before it is known who sends them', async () => {
  const connection = openRaw(server.url);
  connection.write(
    'POST /elements/api-v2/instances HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
      `Content-Length: ${TEN_MB}\r\n\r\n{`,
  );
  expect(statusesOf(await connection.until(/requestId/))).toEqual([401]);
  connection.socket.destroy();
  await nothingStored();
});

test('a client that announces 10 MB and waits to be asked is told without sending them', async () => {
  const connection = openRaw(server.url);
  connection.write(
    `POST /elements/api-v2/instances HTTP/1.1\r\nHost: x\r\nAuthorization: ${server.platform}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${TEN_MB}\r\nExpect: 100-continue\r\n\r\n`,
  );
  const answered = await connection.until(/requestId/);
  expect(statusesOf(answered).filter((status) => status !== 100)).toEqual([413]);
  connection.socket.destroy();
});

test('a large body where none is wanted, and one that claims to be compressed', async () => {
  const { id } = await server.create();
  const refusals: Promise<{ status: number }>[] = [
    server.call('PATCH', `/instances/${id}`, { body: largeBody() }),
    server.call('PUT', `/instances/${id}/enabled`, { body: largeBody() }),
    server.call('DELETE', `/instances/${id}`, { body: largeBody() }),
    server.call('POST', '/elements/gmail/oauth/url', { body: largeBody(), authorization: null }),
  ];
  for (const { status } of await Promise.all(refusals)) expect(status).toBe(413);
  const zipped = await server.call('POST', '/instances', { body: '{}', headers: { 'content-encoding': 'gzip' } });
  expect([400, 415]).toContain(zipped.status);
  expect((await server.call('GET', `/instances/${id}`)).status).toBe(200);
});
