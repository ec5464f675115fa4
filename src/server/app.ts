import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Context } from '../core/context.js';
import { MAX_BODY_BYTES } from '../core/instances/index.js';
import { Access, FAILURES_A_MINUTE } from './api/access.js';
import { answerUnrouted, registerErrors } from './api/errors.js';
import { registerApi } from './api/index.js';
import { answerBrokenRequest } from './broken-request.js';
import { Metrics, Pulse, registerOperations } from './operations/index.js';
import { registerPage } from './page/index.js';
import type { ServerWorld } from './world.js';

/** The old service's base path. */
export const API_PATH = '/elements/api-v2';

/** Of a whole request, its headers included: a slow client holds nothing up but itself, and not for ever. */
const REQUEST_MS = 30_000;
/** A request is late by at most this part of its time when its connection is cut. */
const LOOKS_A_REQUEST = 6;

export interface AppOptions {
  allowPrivate: boolean;
  /** A proxy before the server tells the caller's address and protocol. */
  behindProxy: boolean;
  /** PEM. */
  tls?: { cert: string; key: string } | undefined;
  /** Where log lines go; it hides secrets. */
  logger: FastifyBaseLogger;
  /** Milliseconds for a request to come whole; 30 s by default. */
  requestMs?: number;
  /** Of the process; without it nothing polls here. */
  pulse?: Pulse;
  /** Where whoever polls here counts as well. */
  metrics?: Metrics;
}

/** The API, the page and what operators ask for, ready to listen. */
export async function buildApp(ctx: Context, options: AppOptions): Promise<FastifyInstance> {
  const packages = await import('./packages.js');
  const { allowPrivate, behindProxy, tls, logger, requestMs = REQUEST_MS, pulse = new Pulse(false) } = options;
  // Node takes the longer one for the whole request, whichever it is: its own headersTimeout is a minute.
  const listener = {
    headersTimeout: requestMs,
    connectionsCheckingInterval: Math.ceil(requestMs / LOOKS_A_REQUEST),
  };
  const app = packages.fastify({
    loggerInstance: logger,
    bodyLimit: MAX_BODY_BYTES,
    // One proxy: what came before it in X-Forwarded-For is whatever the caller wrote there.
    trustProxy: behindProxy ? (_address, hop) => hop === 0 : false,
    logController: new packages.LogController({ disableRequestLogging: true }),
    requestTimeout: requestMs,
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, ctx.random.uuid()),
    genReqId: () => ctx.random.uuid(),
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    frameworkErrors: answerUnrouted,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    ...(tls === undefined ? { http: listener } : { https: { ...listener, ...tls } }),
  }) as unknown as FastifyInstance;
  const failures = new packages.RateLimiterMemory({ points: FAILURES_A_MINUTE, duration: 60 });
  const { metrics = new Metrics(ctx, packages) } = options;
  const world: ServerWorld = { ctx, allowPrivate, access: new Access(ctx, failures), metrics, pulse, packages };
  // What a body may hold is the core's to judge, all faults at once; and an answer is sent as it is.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('elements-request-id', request.id);
    reply.header('cache-control', 'no-store');
  });
  registerErrors(app);
  await registerOperations(app, world);
  await app.register((scope) => registerApi(scope, world), { prefix: API_PATH });
  await app.register((scope) => registerPage(scope, world));
  return app;
}
