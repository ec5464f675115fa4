import type { FastifyInstance, HTTPMethods } from 'fastify';
import { ApiError } from './errors.js';

const VERBS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * 405 for a path that exists, called by a verb it has not; without it the router answers 404. Call it before the routes,
 * and what it returns after them.
 */
export function collectVerbs(app: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ routePath, method }) => {
    const verbs = known.get(routePath) ?? new Set();
    for (const verb of [method].flat()) verbs.add(verb);
    known.set(routePath, verbs);
  });
  return () => {
    for (const [url, verbs] of [...known]) {
      const others = VERBS.filter((verb) => !verbs.has(verb));
      const allowed = [...verbs].join(', ');
      app.route({
        method: others,
        url,
        schema: { hide: true },
        async onRequest(request, reply) {
          reply.header('allow', allowed);
          throw new ApiError(405, `this path takes ${allowed}, not ${request.method}`);
        },
        handler: async () => undefined,
      });
    }
  };
}
