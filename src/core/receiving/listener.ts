import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CoreError } from '../errors.js';
import { type AnswerRules, plannedStatus } from './answer-plan.js';
import { attemptCounter } from './attempt-counter.js';
import { type ReadNotification, readNotification } from './read-notification.js';
import { readBody } from './request-body.js';
import { shownHeaders } from './shown-headers.js';
import { type ReceiverSecrets, TOLERANCE_SECONDS, type Verdict, verify } from './verify.js';

/** Ten records of 4 MB in all, or one raw message of Gmail's largest (50 MB), as JSON. */
const MAX_BODY_BYTES = 100 * 1024 ** 2;

/** One request that held a notification. */
export interface Received {
  id: string;
  /** How often this id has come: 1 the first time. */
  attempt: number;
  /** Milliseconds. */
  at: number;
  headers: Record<string, string>;
  notification: ReadNotification;
  verdict: Verdict;
  /** The status it is answered with; null: none, the connection hangs. */
  status: number | null;
}

export interface ListenerOptions {
  host: string;
  /** 0: a free one. */
  port: number;
  secrets: ReceiverSecrets;
  answers: AnswerRules;
  /** Before an answer. */
  delayMs: number;
  /** After so many notifications, repeats included, `full` resolves. */
  max?: number;
  maxBodyBytes?: number;
  now(): number;
  onReceived(received: Received): void;
  /** A request that is no notification, in one sentence. */
  onOther(sentence: string): void;
}

export interface Listener {
  url: string;
  /** Resolves once the last of `max` notifications is answered, or its sender has given up. */
  full: Promise<void>;
  /** Closes every connection, those that hang included. */
  close(): Promise<void>;
}

/** A receiver for looking at notifications: verifies, tells of each, answers as asked. CoreError `failed` when it cannot listen. */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const { host, port, max = Number.POSITIVE_INFINITY } = options;
  const count = attemptCounter();
  let taken = 0;
  let settled = 0;
  let fill = () => {};
  const full = new Promise<void>((resolve) => {
    fill = resolve;
  });
  const server = createServer((request, response) => {
    void receive(request, response);
  });

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') {
      refuse(response, 405, `${request.method} is no notification: those are POSTed`);
      return;
    }
    const limit = options.maxBodyBytes ?? MAX_BODY_BYTES;
    const body = await readBody(request, limit).catch(() => undefined);
    if (body === undefined) {
      options.onOther('a request was cut before its body was complete');
      return;
    }
    if (body === null) {
      refuse(response, 413, `a body is larger than ${limit} bytes, the most that is read`);
      return;
    }
    const notification = readNotification(body);
    if ('fault' in notification) {
      refuse(response, 400, `a body is no notification: ${notification.fault}`);
      return;
    }
    if (taken === max) {
      response.writeHead(503, { Connection: 'close' }).end();
      return;
    }
    take(request, response, body, notification);
  }

  function take(request: IncomingMessage, response: ServerResponse, body: Buffer, notification: ReadNotification) {
    const { headers } = request;
    const at = options.now();
    const verdict = verify({
      headers,
      body,
      secrets: options.secrets,
      now: at,
      toleranceSeconds: TOLERANCE_SECONDS,
    });
    const id = String(headers['elements-webhook-id'] ?? headers['webhook-id'] ?? notification.id ?? '');
    taken += 1;
    const status = plannedStatus(options.answers, taken, verdict.verified);
    const timer = status === null ? undefined : setTimeout(() => answer(response, status), options.delayMs);
    response.once('close', () => {
      clearTimeout(timer);
      settled += 1;
      if (settled === max) fill();
    });
    options.onReceived({
      id,
      attempt: count(id),
      at,
      headers: shownHeaders(headers),
      notification,
      verdict,
      status,
    });
  }

  function refuse(response: ServerResponse, status: number, sentence: string): void {
    options.onOther(`${sentence}; answered ${status}`);
    response.writeHead(status, { 'Content-Type': 'text/plain', Connection: 'close' }).end(`${sentence}\n`);
  }

  await listen(server, host, port);
  return {
    url: urlOf(server),
    full,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, status: number): void {
  if ([204, 205, 304].includes(status)) response.writeHead(status).end();
  else response.writeHead(status, { 'Content-Type': 'application/json' }).end('{}');
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(notListening(host, port, error.code)));
    server.listen(port, host, listening);
  });
}

function notListening(host: string, port: number, code = ''): CoreError {
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} on ${host} is in use`,
    EACCES: `port ${port} on ${host} may not be opened by this user`,
    EADDRNOTAVAIL: `${host} is no address of this machine`,
    ENOTFOUND: `${host} is no address of this machine`,
  };
  return new CoreError('failed', `the receiver cannot listen: ${reasons[code] ?? code}`, {
    hint: 'Choose another port with --port (0 takes a free one), or another address with --host.',
  });
}
