import type { LookupFunction } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Agent, type Dispatcher } from 'undici';
import type { Answer } from './answer.js';
import type { CallbackRequest } from './callback-request.js';
import { guardedConnector, RefusedAddressError } from './connect.js';
import { failureSentence, statusSentence } from './failure.js';
import { retryAfterMs } from './retry-after.js';

/** Of an answer this much is read; then the connection is dropped. */
const READ_BYTES = 64 * 1024;
const KEPT_CHARACTERS = 1024;
/** More than is kept, so that no secret is cut in two before it is looked for. */
const LOOKED_AT_BYTES = 8192;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface Sender {
  /** Never rejects: whatever happens is an answer. `now` is the time of the attempt in milliseconds. */
  send(request: CallbackRequest, now: number): Promise<Answer>;
  close(): Promise<void>;
}

/** Sends to callbacks: no proxy, no redirects, no address that is refused, and no longer than `timeoutSeconds` in all. */
export function createSender(options: {
  allowPrivate: boolean;
  timeoutSeconds: number;
  lookup?: LookupFunction;
}): Sender {
  const timeoutMs = Math.min(Math.ceil(options.timeoutSeconds * 1000), LONGEST_TIMER_MS);
  const agent = new Agent({
    connect: guardedConnector({ ...options, timeoutMs }),
    // The one time limit is the signal's: these count anew with every byte of a slow drip.
    headersTimeout: 0,
    bodyTimeout: 0,
    // A receiver that closes idle connections early must not cost an attempt.
    keepAliveTimeout: 1000,
    keepAliveMaxTimeout: 1000,
  });
  return {
    send: (callback, now) => send(agent, callback, now, timeoutMs),
    close: () => agent.destroy(),
  };
}

async function send(agent: Agent, callback: CallbackRequest, now: number, timeoutMs: number): Promise<Answer> {
  const began = performance.now();
  const duration = () => Math.round(performance.now() - began);
  const signal = AbortSignal.timeout(timeoutMs);
  const { headers, body } = callback;
  const url = new URL(callback.url);
  let response: Dispatcher.ResponseData;
  try {
    response = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      headers,
      body,
      signal,
    });
  } catch (error) {
    return {
      ok: false,
      dialled: !(error instanceof RefusedAddressError),
      status: null,
      error: failureSentence(error, timeoutMs / 1000),
      text: null,
      retryAfterMs: null,
      durationMs: duration(),
    };
  }
  const status = response.statusCode;
  const read = await readAnswer(response.body);
  const success = status >= 200 && status < 300;
  let error = success ? null : statusSentence(status);
  if (success && read.error !== null) error = `HTTP ${status}, but ${failureSentence(read.error, timeoutMs / 1000)}`;
  return {
    ok: error === null,
    dialled: true,
    status,
    error,
    text: readable(read.kept, callback.confidential),
    retryAfterMs: retryAfterMs(header(response, 'retry-after'), header(response, 'date'), now),
    durationMs: duration(),
  };
}

async function readAnswer(body: Dispatcher.ResponseData['body']): Promise<{ kept: Buffer; error: unknown }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let error: unknown = null;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (bytes < LOOKED_AT_BYTES) chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= READ_BYTES) break;
    }
  } catch (caught) {
    error = caught;
  }
  return { kept: Buffer.concat(chunks).subarray(0, LOOKED_AT_BYTES), error };
}

function header(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** As text that a terminal can be shown: without control characters, and without what we had sent in confidence. */
function readable(bytes: Buffer, secrets: readonly string[]): string | null {
  if (bytes.length === 0) return null;
  let text = bytes.toString('utf8');
  for (const secret of secrets) if (secret.length >= 8) text = text.replaceAll(secret, '********');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.slice(0, KEPT_CHARACTERS).replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '\uFFFD');
}
