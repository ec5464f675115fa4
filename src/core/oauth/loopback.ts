import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CoreError } from '../errors.js';
import { page } from './loopback-page.js';
import { type Redirect, readRedirect } from './redirect.js';

export interface LoopbackAddress {
  /** 127.0.0.1, ::1, or localhost (then 127.0.0.1 is listened on). */
  host: string;
  /** 0: a free one. */
  port: number;
  path: string;
}

export interface Loopback {
  /** The port that is listened on. */
  port: number;
  /** The first redirect with the right state. It does not settle before one comes. */
  redirect: Promise<Exclude<Redirect, { kind: 'stray' }>>;
  /** Answers the browser that brought the redirect, then stops listening. */
  finish(title: string, sentence: string): Promise<void>;
  close(): Promise<void>;
}

const SECURITY = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
  'Referrer-Policy': 'no-referrer',
  Connection: 'close',
};

/**
 * Listens on this machine for the browser to come back from the consent page (RFC 8252). What is not that redirect, a wrong
 * state included, is answered 400, and the wait goes on. CoreError failed when the port is not to be had.
 */
export async function listenForRedirect(address: LoopbackAddress, state: string): Promise<Loopback> {
  let waiting: ServerResponse | null = null;
  let arrived: (redirect: Exclude<Redirect, { kind: 'stray' }>) => void = () => {};
  const redirect = new Promise<Exclude<Redirect, { kind: 'stray' }>>((resolve) => {
    arrived = resolve;
  });
  const server = createServer((request, response) => {
    const found = waiting === null ? read(request, address.path, state) : stray('this sign-in is already finished');
    if (found.kind === 'stray') {
      send(response, 400, 'Not the sign-in', `This request is not what was waited for: ${found.sentence}.`);
      return;
    }
    waiting = response;
    arrived(found);
  });
  await listen(server, address);
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return {
    port: (server.address() as AddressInfo).port,
    redirect,
    finish: async (title, sentence) => {
      if (waiting !== null) await send(waiting, 200, title, sentence);
      await close();
    },
    close,
  };
}

function read(request: IncomingMessage, path: string, state: string): Redirect {
  const target = `http://127.0.0.1${request.url ?? ''}`;
  if (request.method !== 'GET' || !URL.canParse(target)) return stray('it is no redirect');
  const url = new URL(target);
  return url.pathname === path ? readRedirect(url.searchParams, state) : stray('its path is another one');
}

function stray(sentence: string): Redirect {
  return { kind: 'stray', sentence };
}

function send(response: ServerResponse, status: number, title: string, sentence: string): Promise<void> {
  return new Promise((sent) => {
    // A browser that has gone away gets no page, and that is all.
    response.once('close', sent);
    response.writeHead(status, SECURITY).end(page(title, sentence));
  });
}

function listen(server: Server, { host, port }: LoopbackAddress): Promise<void> {
  return new Promise((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(notListening(host, port, error.code)));
    server.listen(port, host === 'localhost' ? '127.0.0.1' : host, listening);
  });
}

function notListening(host: string, port: number, code = ''): CoreError {
  const why = { EADDRINUSE: 'another program uses it', EACCES: 'this user may not' }[code] ?? code;
  return new CoreError('failed', `port ${port} of ${host} cannot be listened on: ${why}`, {
    hint: 'Free the port, register another loopback URI for the client, or use --manual.',
  });
}
