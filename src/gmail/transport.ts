import { EventEmitter } from 'node:events';
import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { VERSION } from '../version.js';
import { dispatcherOf } from './dispatcher.js';
import { GmailError } from './errors.js';

/** Google compresses only for a User-Agent that says "gzip". */
const HEADERS = { 'user-agent': `gmail-events/${VERSION} (gzip)`, 'accept-encoding': 'gzip' };

export interface HttpRequest {
  method: 'GET' | 'POST';
  url: URL;
  headers: Record<string, string>;
  body?: string;
  signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  status: number;
  retryAfter: string | null;
  date: string | null;
  text: string;
}

export interface Limits {
  /** Milliseconds: until the answer begins, between two pieces of its body, and for all of it. */
  headers: number;
  body: number;
  whole: number;
  /** Of the answer, unpacked: messages of 50 MB and more pass; what is larger than this is no answer of Gmail's. */
  bytes: number;
}

/** So little is unpacked sooner than a thread is asked to: most answers are of a mailbox without news. */
const AT_ONCE_BYTES = 4096;

const LIMITS: Limits = { headers: 30_000, body: 30_000, whole: 600_000, bytes: 150_000_000 };

/** No whole answer came. Holds nothing of the request. */
export class TransportFailure extends Error {
  readonly kind: 'timeout' | 'network' | 'size' | 'encoding';

  constructor(kind: TransportFailure['kind'], message: string) {
    super(message);
    this.name = 'TransportFailure';
    this.kind = kind;
  }
}

/** Sends one request and reads its whole answer. Throws TransportFailure, or the signal's reason when it was aborted. */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

/** `env` names the proxies. Redirects are not followed: Google sends none. */
export function createTransport(env: Readonly<Record<string, string | undefined>>, limits: Limits = LIMITS): Transport {
  const dispatcherTo = dispatcherOf(env);
  return async ({ method, url, headers, body, signal }) => {
    const dispatcher = await dispatcherTo(url);
    signal?.throwIfAborted();
    // Cheaper than an AbortController, of which each request would make one.
    const stop = new EventEmitter();
    let stopped = false;
    const abort = () => {
      stopped = true;
      stop.emit('abort');
    };
    signal?.addEventListener('abort', abort, { once: true });
    const deadline = setTimeout(abort, limits.whole);
    try {
      const answer = await dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: { ...HEADERS, ...headers },
        ...(body === undefined ? {} : { body }),
        headersTimeout: limits.headers,
        bodyTimeout: limits.body,
        signal: stop,
      });
      return await read(answer, limits.bytes);
    } catch (error) {
      signal?.throwIfAborted();
      throw failure(error, stopped);
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
    }
  };
}

async function read(answer: Dispatcher.ResponseData, largest: number): Promise<HttpAnswer> {
  const packed = await whole(answer.body, largest);
  const bytes = await decoded(packed, single(answer.headers['content-encoding']), largest);
  return {
    status: answer.statusCode,
    retryAfter: single(answer.headers['retry-after']),
    date: single(answer.headers['date']),
    text: bytes.toString('utf8'),
  };
}

function whole(body: Dispatcher.ResponseData['body'], largest: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > largest) body.destroy(tooLarge(largest));
    });
    body.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    body.on('error', reject);
  });
}

async function decoded(bytes: Buffer, encoding: string | null, largest: number): Promise<Buffer> {
  if (encoding === null || encoding === 'identity' || bytes.length === 0) return bytes;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new TransportFailure('encoding', 'the answer is compressed in a way nobody asked for');
  }
  try {
    const limits = { maxOutputLength: largest };
    return bytes.length <= AT_ONCE_BYTES ? gunzipSync(bytes, limits) : await promisify(gunzip)(bytes, limits);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(largest);
    throw new TransportFailure('encoding', 'the compressed answer is damaged or cut off');
  }
}

function tooLarge(largest: number): TransportFailure {
  return new TransportFailure('size', `the answer is larger than ${largest / 1_000_000} MB`);
}

function single(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

/** Only the code of the library's error is kept: its other fields may hold the request. */
function failure(error: unknown, tooLong: boolean): Error {
  if (error instanceof TransportFailure || error instanceof GmailError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (tooLong || /TIMEOUT|ETIMEDOUT/.test(code ?? '')) {
    return new TransportFailure('timeout', 'no whole answer came in time');
  }
  const named = code !== undefined && !code.startsWith('UND_ERR');
  return new TransportFailure('network', named ? code : 'the connection broke');
}
