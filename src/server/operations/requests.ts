import type { FastifyInstance } from 'fastify';
import { pathOf } from '../api/errors.js';
import type { ServerWorld } from '../world.js';

/** Every answer is timed and has its log line: the path without its query, no headers, no body. */
export function registerRequestLog(app: FastifyInstance, { metrics, pulse }: ServerWorld): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, url } = request;
    const status = reply.statusCode;
    const ms = Math.round(reply.elapsedTime);
    metrics.answered(method, request.routeOptions.url ?? 'none', status, reply.elapsedTime);
    request.log.info({ method, path: pathOf(url), status, ms }, 'request');
  });

  // A connection that was answered would be kept for the next request, and hold up the end.
  app.addHook('onSend', async (_request, reply) => {
    if (pulse.draining) reply.header('connection', 'close');
  });
}
