import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** One request as it came: the raw bytes, and the headers with their names in lower case. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Date.now() when the whole body had come. */
  at: number;
  /** The body parsed; throws when it is not JSON. */
  json(): unknown;
  /** Elements-Webhook-Id, or webhook-id. */
  id: string;
}

/** What the receiver does with a request. Without `status` it answers 200. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Milliseconds before the answer. */
  delayMs?: number;
  /** Never answers; the connection stays open. */
  hang?: true;
  /** Sends headers, then this many bytes, one every `everyMs` (1000). */
  drip?: { bytes: number; everyMs?: number };
  /** Cuts the connection instead of answering; `after`: once headers and half of `body` are out. */
  reset?: true | 'after';
  redirect?: string;
  /** A body of this many bytes, as fast as the other side reads it. */
  hugeBytes?: number;
}

export type Respond = (request: ReceivedRequest, index: number) => Answer | Promise<Answer>;

/** A real HTTP receiver on 127.0.0.1. */
export interface Receiver {
  url: string;
  port: number;
  /** In order of arrival, those still unanswered included. */
  requests: ReceivedRequest[];
  /** Requests in progress now, and the most that were at once. */
  inFlight: number;
  mostInFlight: number;
  /** Connections that are open now. */
  connections(): number;
  /** Answers from now on; one answer for all, or a function of the request and its index. */
  respond(answer: Answer | Respond): void;
  /** Resolves when the predicate holds (checked at every arrival and every 10 ms); rejects after 10 s. */
  waitFor(predicate: (requests: ReceivedRequest[]) => boolean, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

export interface ReceiverOptions {
  /** 0 (default): any free port. */
  port?: number;
  answer?: Answer | Respond;
}

/** Starts a receiver that answers 200 `{}` until it is told otherwise. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  let respond: Respond = () => ({});
  const sockets = new Set<Socket>();
  const set = (answer: Answer | Respond): void => {
    respond = typeof answer === 'function' ? answer : () => answer;
  };
  if (options.answer !== undefined) set(options.answer);

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const received = receivedRequest(request, Buffer.concat(chunks));
    const index = receiver.requests.push(received) - 1;
    receiver.inFlight += 1;
    receiver.mostInFlight = Math.max(receiver.mostInFlight, receiver.inFlight);
    response.once('close', () => {
      receiver.inFlight -= 1;
    });
    await answerWith(await respond(received, index), request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: [],
    inFlight: 0,
    mostInFlight: 0,
    connections: () => sockets.size,
    respond: set,
    async waitFor(predicate, timeoutMs = 10_000) {
      const deadline = Date.now() + timeoutMs;
      while (!predicate(receiver.requests)) {
        if (Date.now() > deadline)
          throw new Error(`not within ${timeoutMs} ms; ${receiver.requests.length} requests came`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
  return receiver;
}

function receivedRequest(request: IncomingMessage, body: Buffer): ReceivedRequest {
  const id = request.headers['elements-webhook-id'] ?? request.headers['webhook-id'] ?? '';
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body,
    at: Date.now(),
    json: () => JSON.parse(body.toString('utf8')),
    id: String(id),
  };
}

async function answerWith(answer: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (answer.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, answer.delayMs));
  if (answer.hang) return;
  if (answer.reset === true) {
    request.socket.resetAndDestroy();
    return;
  }
  const headers = { ...answer.headers, ...(answer.redirect === undefined ? {} : { location: answer.redirect }) };
  response.writeHead(answer.status ?? (answer.redirect === undefined ? 200 : 302), headers);
  if (answer.reset === 'after') {
    response.write(answer.body ?? '{"half":', () => request.socket.resetAndDestroy());
  } else if (answer.drip !== undefined) {
    drip(response, answer.drip.bytes, answer.drip.everyMs ?? 1000);
  } else if (answer.hugeBytes !== undefined) {
    await pour(response, answer.hugeBytes);
  } else {
    response.end(answer.body ?? '{}');
  }
}

function drip(response: ServerResponse, bytes: number, everyMs: number): void {
  let left = bytes;
  response.flushHeaders();
  const timer = setInterval(() => {
    response.write('.');
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.once('close', () => clearInterval(timer));
}

async function pour(response: ServerResponse, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(16_384, 'x');
  let wake = (): void => {};
  response.on('drain', () => wake());
  response.on('close', () => wake());
  for (let sent = 0; sent < bytes && !response.destroyed; sent += chunk.length) {
    const more = response.write(chunk.subarray(0, Math.min(chunk.length, bytes - sent)));
    if (!more && !response.destroyed) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  response.end();
}

/** Whether Elements-Webhook-Signature is right: sha256= and the base64 HMAC-SHA256 of the raw body. Written apart from the product. */
export function elementsSignatureHolds(request: ReceivedRequest, key: string): boolean {
  const expected = createHmac('sha256', Buffer.from(key, 'utf8')).update(request.body).digest().toString('base64');
  return request.headers['elements-webhook-signature'] === `sha256=${expected}`;
}

/** Whether the Standard Webhooks headers verify under this secret, by the independent library. */
export function standardSignatureHolds(request: ReceivedRequest, secret: string): boolean {
  try {
    new Webhook(secret).verify(request.body.toString('utf8'), {
      'webhook-id': String(request.headers['webhook-id']),
      'webhook-timestamp': String(request.headers['webhook-timestamp']),
      'webhook-signature': String(request.headers['webhook-signature']),
    });
    return true;
  } catch {
    return false;
  }
}
