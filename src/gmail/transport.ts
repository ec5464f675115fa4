import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { VERSION } from '../version.js';
import { dispatcherFor } from './dispatcher.js';

/** Messages of 50 MB and more pass; what is larger than this is no answer of Gmail's. */
const LARGEST_BYTES = 150_000_000;

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

/** Milliseconds: until the answer begins, between two pieces of its body, and for all of it. */
export interface TimeOuts {
  headers: number;
  body: number;
  whole: number;
}

const TIME_OUTS: TimeOuts = { headers: 30_000, body: 30_000, whole: 600_000 };

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
export function createTransport(
  env: Readonly<Record<string, string | undefined>>,
  timeOuts: TimeOuts = TIME_OUTS,
): Transport {
  return async ({ method, url, headers, body, signal }) => {
    signal?.throwIfAborted();
    const { request } = await import('undici');
    const dispatcher = await dispatcherFor(url, env);
    const stop = new AbortController();
    const abort = () => stop.abort();
    signal?.addEventListener('abort', abort, { once: true });
    const deadline = setTimeout(abort, timeOuts.whole);
    try {
      const answer = await request(url, {
        dispatcher,
        method,
        headers: { ...HEADERS, ...headers },
        ...(body === undefined ? {} : { body }),
        headersTimeout: timeOuts.headers,
        bodyTimeout: timeOuts.body,
        signal: stop.signal,
      });
      return await read(answer);
    } catch (error) {
      signal?.throwIfAborted();
      throw failure(error, stop.signal.aborted);
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
    }
  };
}

async function read(answer: Dispatcher.ResponseData): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BYTES) throw new TransportFailure('size', 'the answer is larger than 150 MB');
    chunks.push(chunk);
  }
  const bytes = await decoded(Buffer.concat(chunks), single(answer.headers['content-encoding']));
  return {
    status: answer.statusCode,
    retryAfter: single(answer.headers['retry-after']),
    date: single(answer.headers['date']),
    text: bytes.toString('utf8'),
  };
}

async function decoded(bytes: Buffer, encoding: string | null): Promise<Buffer> {
  if (encoding === null || encoding === 'identity' || bytes.length === 0) return bytes;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new TransportFailure('encoding', 'the answer is compressed in a way nobody asked for');
  }
  return promisify(gunzip)(bytes, { maxOutputLength: LARGEST_BYTES }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new TransportFailure('size', 'the answer is larger than 150 MB');
    }
    throw new TransportFailure('encoding', 'the compressed answer is damaged or cut off');
  });
}

function single(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

/** Only the code of the library's error is kept: its other fields may hold the request. */
function failure(error: unknown, tooLong: boolean): Error {
  if (error instanceof TransportFailure || (error instanceof Error && 'hint' in error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (tooLong || /TIMEOUT|ETIMEDOUT/.test(code)) return new TransportFailure('timeout', 'no whole answer came in time');
  return new TransportFailure('network', code === '' || code.startsWith('UND_ERR') ? 'the connection broke' : code);
}
