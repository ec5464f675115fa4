import { Agent, type Dispatcher } from 'undici';

export interface WireRequest {
  origin: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** The connection breaks once this has come. */
  cut?: Error;
}

/** The connection broke: `afterMs` later, for one that hung (milliseconds). */
export interface WireFailure {
  error: Error;
  afterMs: number;
}

/** Hears once what came of it. */
export type WireReply = (outcome: WireAnswer | Pick<WireFailure, 'error'>) => void;

/** Where the requests to simulated hosts go. */
export type WireEnd = (request: WireRequest, reply: WireReply) => void;

/** What undici gives to a dispatcher (lib/api/api-request.js). */
interface Handler {
  onConnect(abort: (reason?: Error) => void): void;
  onHeaders(status: number, headers: Buffer[], resume: () => void, statusText: string): boolean;
  onData(chunk: Buffer): boolean;
  onComplete(trailers: Buffer[]): void;
  onError(error: Error): void;
}

/** Reserved for tests (RFC 6761), so no request is ever lost to a real host. */
export const SIMULATED = '.simulated.test';

const dispatch = Agent.prototype.dispatch;

/**
 * Takes the sockets away and nothing else: requests of the product's own HTTP clients (Gmail's, the token endpoint's, the
 * callbacks' sender) to simulated hosts go to `end`. Returns what puts the sockets back.
 */
export function cutWire(end: WireEnd): () => void {
  Agent.prototype.dispatch = function (this: Agent, options, handlers) {
    const origin = String(options.origin ?? '');
    if (!origin.endsWith(SIMULATED)) return dispatch.call(this, options, handlers);
    exchange(end, readRequest(origin, options), handlers as unknown as Handler);
    return true;
  };
  return () => {
    Agent.prototype.dispatch = dispatch;
  };
}

function exchange(end: WireEnd, request: WireRequest, handler: Handler): void {
  let over = false;
  const fail = (error: Error = connectionError('UND_ERR_ABORTED')) => {
    if (over) return;
    over = true;
    handler.onError(error);
  };
  handler.onConnect(fail);
  if (over) return;
  end(request, (outcome) => {
    if ('error' in outcome) return fail(outcome.error);
    if (over) return;
    const raw = Object.entries(outcome.headers).flatMap((header) => header.map((text) => Buffer.from(text, 'latin1')));
    handler.onHeaders(outcome.status, raw, () => {}, '');
    // Who has read enough drops the connection: then nothing more is said.
    if (!over) handler.onData(outcome.body);
    if (over) return;
    if (outcome.cut !== undefined) return fail(outcome.cut);
    over = true;
    handler.onComplete([]);
  });
}

function readRequest(origin: string, options: Dispatcher.DispatchOptions): WireRequest {
  const { path, method, headers, body } = options;
  return {
    origin,
    path,
    method,
    headers: lowerCased((headers ?? {}) as Record<string, string>),
    body: typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body as Uint8Array) : Buffer.alloc(0),
  };
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** An error of the connection as undici reports it. */
export function connectionError(code: string): Error {
  return Object.assign(new Error(`simulated ${code}`), { code });
}
