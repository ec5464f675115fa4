import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startServer, type TestServer } from '../../support/server.js';
import { openRaw, type RawConnection, statusesOf } from './raw.js';

const REQUEST_MS = 2000;
const SLOW_CLIENTS = 100;

let server: TestServer;
beforeEach(async () => {
  server = await startServer({ requestMs: REQUEST_MS });
  await server.create();
});
afterEach(() => server.close());

/** Writes `text` byte by byte until the server has had enough. */
function drip(connection: RawConnection, text: string, everyMs: number): void {
  let at = 0;
  const timer = setInterval(() => connection.write(text[at++ % text.length] ?? ''), everyMs);
  connection.socket.once('close', () => clearInterval(timer));
}

async function quickly(): Promise<number> {
  const start = performance.now();
  expect((await server.call('GET', '/instances/1')).status).toBe(200);
  return performance.now() - start;
}

test.each([
  ['headers byte by byte', () => 'GET /elements/api-v2/instances HTTP/1.1\r\nHost: x\r\nX-Slow: ', 'xxxxxxxx'],
  [
    'a body byte by byte',
    () =>
      `POST /elements/api-v2/instances HTTP/1.1\r\nHost: x\r\nAuthorization: ${server.platform}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"name":"',
    'y',
  ],
  [
    'chunk by chunk',
    () =>
      `POST /elements/api-v2/instances HTTP/1.1\r\nHost: x\r\nAuthorization: ${server.platform}\r\n` +
      'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    '1\r\nz\r\n',
  ],
  ['a first line that never ends', () => 'GET /', 'a'],
  ['nothing at all', () => '', ''],
])('%s: a hundred such clients hold up nobody, and are cut off', async (_, head, body) => {
  const slow = Array.from({ length: SLOW_CLIENTS }, () => openRaw(server.url));
  for (const connection of slow) {
    connection.write(head());
    drip(connection, body, 100);
  }
  for (let calls = 0; calls < 10; calls += 1) expect(await quickly()).toBeLessThan(REQUEST_MS);
  for (const text of await Promise.all(slow.map((connection) => connection.closed))) {
    expect([[], [408]]).toContainEqual(statusesOf(text));
  }
  await quickly();
  const connections = await new Promise((resolve, reject) =>
    server.app.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );
  // Those that fetch keeps.
  expect(connections).toBeLessThan(SLOW_CLIENTS / 10);
});
