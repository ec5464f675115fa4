import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Context } from '../../src/core/context.js';
import { openContext, systemClock } from '../../src/core/open.js';
import type { Clock } from '../../src/core/ports.js';
import { createServerKey, type ServerKey } from '../../src/core/server-keys/index.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import { API_PATH, type AppOptions, buildApp } from '../../src/server/app.js';
import { temporaryFolder } from './cli.js';
import { type Receiver, startReceiver } from './receiver.js';
import { type BodyChanges, seedBody } from './seed-body.js';

export { REDIRECT } from './seed-body.js';

/** An answer of the server, its body read. */
export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  /** The body parsed; null when it is empty. Throws when it is no JSON. */
  json: unknown;
}

export interface Call {
  /** Default: the platform's. null: no Authorization header. */
  authorization?: string | null;
  headers?: Record<string, string>;
  /** An object is sent as JSON, a text as it is (its content type: application/json unless `headers` says otherwise). */
  body?: unknown;
}

/** The app listening on the loopback interface, with a double of Google, a receiver and an empty home. */
export interface TestServer {
  /** The server's address, no slash at its end. */
  url: string;
  /** The address of the API: url/elements/api-v2. */
  api: string;
  app: FastifyInstance;
  ctx: Context;
  sandbox: Sandbox;
  receiver: Receiver;
  key: ServerKey;
  /** The Authorization header of a platform call. */
  platform: string;
  /** The Authorization header of a call with an instance's token. */
  hub(token: string): string;
  /** Sends a request to `path` below the API's address. */
  call(method: string, path: string, options?: Call): Promise<Answered>;
  /** The seed's body with its placeholders filled in; its callback is the receiver. */
  body(changes?: BodyChanges): Record<string, unknown>;
  /** Makes an instance by that body through the API. */
  create(changes?: BodyChanges): Promise<CreatedObject>;
  close(): Promise<void>;
}

export interface CreatedObject {
  id: number;
  token: string;
  name: string;
  tags: string[];
  configuration: Record<string, string>;
  [field: string]: unknown;
}

export interface ServerOptions {
  /** Default true: the receiver is on the loopback interface. */
  allowPrivate?: boolean;
  behindProxy?: boolean;
  tls?: AppOptions['tls'];
  logger?: FastifyBaseLogger;
  requestMs?: number;
  sandbox?: SandboxOptions;
  clock?: Clock;
}

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const {
    allowPrivate = true,
    behindProxy = false,
    tls,
    logger = silentLogger(),
    clock = systemClock,
    requestMs,
  } = options;
  const sandbox = await startSandbox({ email: 'ann@example.com', messages: 0, autoConsent: true, ...options.sandbox });
  const receiver = await startReceiver();
  const home = temporaryFolder();
  const ctx = await openContext({ home: home.path, env: sandbox.env, log: logger, clock });
  const key = await createServerKey(ctx);
  const app = await buildApp(ctx, {
    allowPrivate,
    behindProxy,
    tls,
    logger,
    ...(requestMs === undefined ? {} : { requestMs }),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const platform = `User ${key.user}, Organization ${key.organization}`;
  const server: TestServer = {
    url,
    api: `${url}${API_PATH}`,
    app,
    ctx,
    sandbox,
    receiver,
    key,
    platform,
    hub: (token) => `User ${key.user}, Element ${token}`,
    call: (method, path, call = {}) => send(`${url}${API_PATH}${path}`, method, { authorization: platform, ...call }),
    body: (changes) => seedBody(sandbox, receiver.url, changes),
    async create(changes) {
      const made = await server.call('POST', '/instances', { body: server.body(changes) });
      if (made.status !== 200) throw new Error(`POST /instances answered ${made.status}: ${made.text}`);
      return made.json as CreatedObject;
    },
    async close() {
      await app.close();
      await ctx.store.close();
      await Promise.all([sandbox.close(), receiver.close()]);
      home.remove();
    },
  };
  return server;
}

async function send(url: string, method: string, { authorization, headers, body }: Call): Promise<Answered> {
  const typed = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...typed, ...(authorization == null ? {} : { authorization }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return text === '' ? null : JSON.parse(text);
    },
  };
}

/** As pino's, but says nothing. */
export function silentLogger(): FastifyBaseLogger {
  const ignore = () => {};
  const logger: FastifyBaseLogger = {
    level: 'silent',
    fatal: ignore,
    error: ignore,
    warn: ignore,
    info: ignore,
    debug: ignore,
    trace: ignore,
    silent: ignore,
    child: () => logger,
  };
  return logger;
}
