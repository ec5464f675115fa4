import type { FastifyInstance } from 'fastify';
import { VERSION } from '../../version.js';
import type { ServerWorld } from '../world.js';
import { operation } from './operation.js';

const SECRETS = 'The parts may stand in any order. `gmail-events serve keys create` makes the secrets.';

/** Collects the routes registered after it. */
export async function collectOperations(app: FastifyInstance, { packages }: ServerWorld): Promise<void> {
  await app.register(packages.swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'gmail-events',
        version: VERSION,
        description: 'Gmail Events as Cloud Elements had them: instances that poll mailboxes and POST events.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: app.prefix }],
      components: {
        securitySchemes: {
          platform: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description: `\`User <secret>, Organization <secret>\`. ${SECRETS}`,
          },
          element: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description: `\`User <secret>, Element <instance token>\`. ${SECRETS}`,
          },
        },
      },
    },
    // Names of their own rather than def-0, def-1.
    refResolver: { buildLocalReference: (json, _base, _fragment, at) => String(json['$id'] ?? `def-${at}`) },
  });
}

export function registerDocs(app: FastifyInstance): void {
  const schema = operation({
    tag: 'docs',
    caller: 'anyone',
    summary: 'This document: OpenAPI 3.1',
    answer: { type: 'object' },
  });
  app.get('/docs', { schema }, async () => app.swagger());
}
