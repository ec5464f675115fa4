import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { GmailError } from '../../src/gmail/errors.js';
import { createTransport, type HttpRequest, TransportFailure } from '../../src/gmail/transport.js';
import { VERSION } from '../../src/version.js';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

afterEach(async () => {
  const closing = servers.splice(0).map(
    (server) =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  );
  await Promise.all(closing);
});

const get = (url: URL, more: Partial<HttpRequest> = {}): HttpRequest => ({ method: 'GET', url, headers: {}, ...more });
const transport = createTransport({}, { headers: 200, body: 200, whole: 1000, bytes: 1_000_000 });

describe('the transport', () => {
  it('asks for gzip, says who it is, and unpacks', async () => {
    let headers = {};
    const url = await serve((request, response) => {
      headers = request.headers;
      response.writeHead(200, {
        'Content-Encoding': 'gzip',
        Date: 'Tue, 24 Nov 2026 03:00:00 GMT',
        'Retry-After': '7',
      });
      response.end(gzipSync('{"a":"ä"}'));
    });
    expect(await transport(get(url))).toEqual({
      status: 200,
      retryAfter: '7',
      date: 'Tue, 24 Nov 2026 03:00:00 GMT',
      text: '{"a":"ä"}',
    });
    expect(headers).toMatchObject({ 'user-agent': `gmail-events/${VERSION} (gzip)`, 'accept-encoding': 'gzip' });
  });

  it('keeps the connection for the next request', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    for (let count = 0; count < 20; count += 1) await transport(get(url));
    expect(ports.size).toBeLessThan(5);
  });

  it('sends a form', async () => {
    const url = await serve((request, response) => {
      request.pipe(response);
    });
    expect(await transport(get(url, { method: 'POST', body: 'a=1' }))).toMatchObject({ status: 200, text: 'a=1' });
  });

  it('passes 50 MB', async () => {
    const body = Buffer.alloc(50_000_000, 'x');
    const url = await serve((_, response) => void response.end(body));
    expect((await createTransport({})(get(url))).text.length).toBe(50_000_000);
  });

  it('refuses what grows beyond the limit, packed or not', async () => {
    const bomb = gzipSync(Buffer.alloc(150_000_000), { level: 1 });
    const packed = await serve((_, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);
    });
    await expect(transport(get(packed))).rejects.toMatchObject({ kind: 'size' });
    const piece = Buffer.alloc(100_000);
    const endless = await serve((_, response) => {
      const more = () => {
        while (response.write(piece));
      };
      response.on('drain', more);
      more();
    });
    await expect(transport(get(endless))).rejects.toMatchObject({ kind: 'size' });
  });

  it.each<[string, RequestListener, TransportFailure['kind']]>([
    ['never answers', () => {}, 'timeout'],
    [
      'stops in the middle',
      (_, response) => void response.writeHead(200, { 'Content-Length': '10' }).write('1'),
      'timeout',
    ],
    [
      'drips for ever',
      (_, response) => {
        const drip = setInterval(() => response.write('x'), 50);
        response.on('close', () => clearInterval(drip));
      },
      'timeout',
    ],
    ['resets', (request) => void request.socket.destroy(), 'network'],
    [
      'breaks off',
      (request, response) => {
        response.writeHead(200, { 'Content-Length': '10' });
        response.write('1', () => request.socket.destroy());
      },
      'network',
    ],
    [
      'packs badly',
      (_, response) =>
        void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('{"a":1}').subarray(0, 15)),
      'encoding',
    ],
    [
      'packs as nobody asked',
      (_, response) => void response.writeHead(200, { 'Content-Encoding': 'br' }).end('x'),
      'encoding',
    ],
  ])('fails when the server %s', async (_, listener, kind) => {
    const url = await serve(listener);
    const failure = await transport(get(url)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TransportFailure);
    expect(failure).toMatchObject({ kind });
  });

  it('names a port that nobody listens on', async () => {
    const url = await serve(() => {});
    servers.splice(0)[0]?.close();
    await expect(transport(get(url))).rejects.toMatchObject({ kind: 'network', message: 'ECONNREFUSED' });
  });

  it('follows no redirect', async () => {
    const url = await serve((_, response) => void response.writeHead(302, { Location: '/elsewhere' }).end());
    expect(await transport(get(url))).toMatchObject({ status: 302 });
  });

  it('throws the signal’s reason when aborted, before and during the request', async () => {
    const url = await serve(() => {});
    const stop = new AbortController();
    const hanging = transport(get(url, { signal: stop.signal }));
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(hanging).rejects.toThrow('enough');
    await expect(transport(get(url, { signal: stop.signal }))).rejects.toThrow('enough');
  });

  describe('with a proxy', () => {
    it('reaches this machine itself without it', async () => {
      const url = await serve((_, response) => void response.end('direct'));
      const proxied = createTransport({ HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' });
      expect(await proxied(get(url))).toMatchObject({ text: 'direct' });
    });

    it('goes through it to everyone else, except where NO_PROXY says', async () => {
      const connects: string[] = [];
      const proxy = await serve(() => {});
      servers[0]?.on('connect', (request, socket) => {
        connects.push(request.url ?? '');
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      });
      const env = { https_proxy: proxy.href, no_proxy: 'other.invalid' };
      const proxied = createTransport(env, { headers: 2000, body: 2000, whole: 5000, bytes: 1000 });
      await expect(proxied(get(new URL('https://gmail.invalid/')))).rejects.toBeInstanceOf(TransportFailure);
      expect(connects).toEqual(['gmail.invalid:443']);
      await expect(proxied(get(new URL('https://other.invalid/')))).rejects.toBeInstanceOf(TransportFailure);
      expect(connects).toHaveLength(1);
    });

    it('refuses a proxy that is no URL without repeating it', async () => {
      const proxied = createTransport({ HTTPS_PROXY: 'user:password@[' });
      const failure = await proxied(get(new URL('https://gmail.invalid/'))).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(GmailError);
      expect(failure).toMatchObject({ class: 'permanent', code: 'usage' });
      expect(String(failure)).not.toContain('password');
    });
  });
});
