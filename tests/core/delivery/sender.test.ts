import { once } from 'node:events';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer, type LookupFunction, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../src/core/delivery/answer.js';
import { createSender, type Sender } from '../../../src/core/delivery/sender.js';
import { type Receiver, startReceiver } from '../../support/receiver.js';
import { SELF_SIGNED } from './self-signed.js';

const BODY = new TextEncoder().encode('{"id":"n1"}');
const NOW = Date.parse('2026-11-24T03:00:00Z');

let receiver: Receiver;
let senders: Sender[];
let servers: Server[];

beforeEach(async () => {
  receiver = await startReceiver();
  senders = [];
  servers = [];
});

afterEach(async () => {
  for (const sender of senders) await sender.close();
  for (const server of servers) server.close();
  await receiver.close();
});

function sender(options: { allowPrivate?: boolean; timeoutSeconds?: number; lookup?: LookupFunction } = {}): Sender {
  const made = createSender({ allowPrivate: true, timeoutSeconds: 5, ...options });
  senders.push(made);
  return made;
}

function post(by: Sender, url = receiver.url, headers: Record<string, string> = {}): Promise<Answer> {
  const confidential = Object.values(headers).flatMap((value) => value.split(' '));
  return by.send({ url, headers: { 'Content-Type': 'application/json', ...headers }, body: BODY, confidential }, NOW);
}

/** A raw server that says `text` to whoever connects. */
async function saying(text: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(text));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('an answer', () => {
  it.each([200, 201, 204, 299])('of %i is a success', async (status) => {
    receiver.respond({ status, body: '' });
    expect(await post(sender())).toMatchObject({ ok: true, status, error: null, retryAfterMs: null });
    expect(receiver.requests[0]?.body).toEqual(Buffer.from(BODY));
    expect(receiver.requests[0]?.method).toBe('POST');
  });

  it.each([400, 401, 404, 408, 410, 429, 500, 502, 503])('of %i is a failure', async (status) => {
    receiver.respond({ status, body: 'no' });
    const answer = await post(sender());
    expect(answer).toMatchObject({ ok: false, status, text: 'no' });
    expect(answer.error).toContain(`HTTP ${status}`);
  });

  it.each([301, 302, 303, 307, 308])('of %i is a failure: redirects are not followed', async (status) => {
    const other = await startReceiver();
    receiver.respond({ status, redirect: other.url });
    expect(await post(sender())).toMatchObject({
      ok: false,
      status,
      error: `HTTP ${status}: redirects are not followed`,
    });
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it('is kept to its first 1 kB, as text without control characters', async () => {
    receiver.respond({ body: `\u001b[31mred\u0000 äöü ${'x'.repeat(5000)}` });
    const { text } = await post(sender());
    expect(text).toHaveLength(1024);
    expect(text?.startsWith('\uFFFD[31mred\uFFFD äöü x')).toBe(true);
  });

  it('does not bring into the log what was sent in confidence', async () => {
    receiver.respond((request) => ({ status: 500, body: JSON.stringify(request.headers) }));
    const { text } = await post(sender(), receiver.url, {
      Authorization: 'Basic dXNlcjpTM0NSRVQ=',
      'X-Key': 'S3CRET-key',
    });
    expect(text).toContain('application/json');
    expect(text).not.toContain('dXNlcjpTM0NSRVQ=');
    expect(text).not.toContain('S3CRET');
  });

  it('gives its Retry-After by its own Date', async () => {
    const headers = { Date: 'Tue, 24 Nov 2026 09:00:00 GMT', 'Retry-After': 'Tue, 24 Nov 2026 09:02:00 GMT' };
    receiver.respond({ status: 503, headers });
    expect((await post(sender())).retryAfterMs).toBe(120_000);
  });
});

describe('a receiver that misbehaves', () => {
  it('hangs: a failure after the time allowed', async () => {
    receiver.respond({ hang: true });
    const answer = await post(sender({ timeoutSeconds: 0.2 }));
    expect(answer).toMatchObject({ ok: false, status: null, error: 'no complete answer within 0.2 s' });
    expect(answer.durationMs).toBeGreaterThanOrEqual(190);
  });

  it('drips: the time is for the whole answer, not for each byte', async () => {
    receiver.respond({ drip: { bytes: 100, everyMs: 20 } });
    const answer = await post(sender({ timeoutSeconds: 0.3 }));
    expect(answer).toMatchObject({ ok: false, status: 200, error: 'HTTP 200, but no complete answer within 0.3 s' });
    await receiver.waitFor(() => receiver.connections() === 0);
  });

  it('drips a failure: the status counts', async () => {
    receiver.respond({ status: 410, drip: { bytes: 100, everyMs: 20 } });
    expect(await post(sender({ timeoutSeconds: 0.2 }))).toMatchObject({ ok: false, status: 410 });
  });

  it('drips, but is done in time: a success', async () => {
    receiver.respond({ drip: { bytes: 3, everyMs: 10 } });
    expect(await post(sender())).toMatchObject({ ok: true, text: '...' });
  });

  it('answers 100 MB: a success after 64 kB, and the connection is dropped', async () => {
    receiver.respond({ hugeBytes: 100 * 1024 * 1024 });
    const answer = await post(sender());
    expect(answer).toMatchObject({ ok: true, status: 200 });
    expect(answer.text).toHaveLength(1024);
    await receiver.waitFor(() => receiver.connections() === 0);
  });

  it('answers exactly 64 kB: a success', async () => {
    receiver.respond({ hugeBytes: 64 * 1024 });
    expect(await post(sender())).toMatchObject({ ok: true });
  });

  it('answers 100 MB of an error: a failure', async () => {
    receiver.respond({ status: 500, hugeBytes: 100 * 1024 * 1024 });
    expect(await post(sender())).toMatchObject({ ok: false, status: 500 });
  });

  it('resets before its answer', async () => {
    receiver.respond({ reset: true });
    expect(await post(sender())).toMatchObject({
      ok: false,
      status: null,
      error: expect.stringMatching(/reset|closed/),
    });
  });

  it('resets within its answer: a 2xx that is not complete is a failure', async () => {
    receiver.respond({ reset: 'after', headers: { 'content-length': '1000' } });
    const answer = await post(sender());
    expect(answer).toMatchObject({
      ok: false,
      status: 200,
      error: expect.stringMatching(/^HTTP 200, but the connection was/),
    });
  });

  it.each([
    ['is no HTTP server', 'SSH-2.0-OpenSSH_9.2\r\n', 'the answer is not HTTP'],
    ['closes at once', '', 'the connection was closed before the answer was complete'],
    [
      'cuts its body',
      'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc',
      'HTTP 200, but the connection was closed before the answer was complete',
    ],
    [
      'has endless headers',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`,
      'the headers of the answer are too long',
    ],
  ])('%s', async (_name, text, error) => {
    expect(await post(sender(), await saying(text))).toMatchObject({ ok: false, error });
  });

  it('is not there', async () => {
    const { url } = receiver;
    await receiver.close();
    expect(await post(sender(), url)).toMatchObject({ ok: false, status: null, error: 'the connection was refused' });
  });

  it('has a name that does not exist', async () => {
    const lookup: LookupFunction = (_name, _options, callback) => {
      callback(Object.assign(new Error('x'), { code: 'ENOTFOUND' }), '', 0);
    };
    const answer = await post(sender({ lookup }), 'http://nowhere.example/?token=S3CRET');
    expect(answer).toMatchObject({ ok: false, status: null, error: 'the host name does not exist' });
  });
});

describe('the address dialled', () => {
  const bound = (...addresses: string[]): LookupFunction => {
    return (_name, options, callback) => {
      expect(options.all).toBe(true);
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
  };

  it.each([
    ['a metadata address', ['169.254.169.254'], true],
    ['a mapped metadata address', ['::ffff:169.254.169.254'], true],
    ['a link-local IPv6 address', ['fe80::1'], true],
    ['loopback, when private ones are not allowed', ['127.0.0.1'], false],
    ['private ones alone', ['10.0.0.1', 'fd00::1'], false],
  ])('is refused for a name that is bound to %s', async (_name, addresses, allowPrivate) => {
    const answer = await post(
      sender({ allowPrivate, lookup: bound(...addresses) }),
      `http://a.example:${receiver.port}/`,
    );
    expect(answer).toMatchObject({ ok: false, status: null, error: expect.stringMatching(/^a\.example: .* is a /) });
    expect(receiver.requests).toEqual([]);
  });

  it('is looked up anew at every connection: a name bound to another address gains nothing', async () => {
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    const lookup: LookupFunction = (name, options, callback) => {
      bound(...(answers.shift() ?? []))(name, options, callback);
    };
    const by = sender({ lookup });
    receiver.respond({ headers: { Connection: 'close' } });
    const url = `http://a.example:${receiver.port}/`;
    expect(await post(by, url)).toMatchObject({ ok: true });
    expect(await post(by, url)).toMatchObject({ ok: false, error: expect.stringContaining('cloud-metadata') });
    expect(receiver.requests).toHaveLength(1);
  });

  it('is one of the allowed ones when a name has both', async () => {
    const by = sender({ lookup: bound('169.254.169.254', '127.0.0.1') });
    expect(await post(by, `http://a.example:${receiver.port}/`)).toMatchObject({ ok: true });
  });

  it.each([
    ['http://169.254.169.254/', true],
    ['http://[::ffff:169.254.169.254]/', true],
    ['http://[fe80::1]/', true],
    ['http://2852039166/', true],
    ['http://127.0.0.1:PORT/', false],
    ['http://[::1]:PORT/', false],
    ['http://localhost:PORT/', false],
  ])('is refused for %s (private allowed: %s)', async (url, allowPrivate) => {
    const answer = await post(sender({ allowPrivate }), url.replace('PORT', String(receiver.port)));
    expect(answer).toMatchObject({ ok: false, status: null, error: expect.stringContaining(' is a ') });
    expect(receiver.requests).toEqual([]);
  });

  it('is not reached through a proxy', async () => {
    const proxy = await startReceiver();
    process.env['HTTP_PROXY'] = proxy.url;
    process.env['http_proxy'] = proxy.url;
    try {
      expect(await post(sender())).toMatchObject({ ok: true });
    } finally {
      delete process.env['HTTP_PROXY'];
      delete process.env['http_proxy'];
      await proxy.close();
    }
    expect(proxy.requests).toEqual([]);
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('https', () => {
  it('is verified, whatever the environment says', async () => {
    const server = createSecureServer(SELF_SIGNED, (_request, response) => response.end('{}'));
    server.on('tlsClientError', () => {});
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const answer = await post(sender(), `https://localhost:${(server.address() as AddressInfo).port}/`);
      expect(answer).toMatchObject({ ok: false, status: null, error: 'the TLS certificate is self-signed' });
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });

  it('against a server that speaks http only is a failure that says so', async () => {
    const answer = await post(sender(), `https://127.0.0.1:${receiver.port}/`);
    expect(answer).toMatchObject({ ok: false, status: null, error: expect.stringMatching(/^TLS failed|closed/) });
  });
});

it('uses its connections again for a row of attempts', async () => {
  const by = sender();
  for (let attempt = 0; attempt < 5; attempt += 1) expect(await post(by)).toMatchObject({ ok: true });
  expect(receiver.connections()).toBeLessThanOrEqual(2);
});
