import type { FastifyInstance } from 'fastify';
import { reported } from '../../core/errors.js';
import type { ServerWorld } from '../world.js';

/** What an orchestrator, a load balancer and Prometheus ask, without secrets: nothing here is of mail or of a person. */
export function registerProbes(app: FastifyInstance, { ctx, pulse, metrics }: ServerWorld): void {
  app.get('/healthz', async () => ({ status: 'up' }));

  app.get('/readyz', async (request, reply) => {
    const reason = pulse.draining ? 'the server is stopping' : await whyNotReady();
    if (reason === null) return { status: 'ready' };
    request.log.warn({ reason }, 'not ready');
    return reply.code(503).send({ status: 'not ready', reason });
  });

  app.get('/metrics', async (_request, reply) => {
    const text = await metrics.text();
    return reply.type(metrics.contentType).send(text);
  });

  async function whyNotReady(): Promise<string | null> {
    if (!pulse.alive) return 'the polling loop does not look at what is due';
    try {
      // The database and the files, each by what costs least.
      await Promise.all([ctx.store.serverKeys.list(), ctx.store.settings.read()]);
      return null;
    } catch (error) {
      ctx.log.warn({ error: reported(error).message }, 'store');
      return 'the store cannot be read';
    }
  }
}
