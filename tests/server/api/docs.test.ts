import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { fastify, type RouteOptions } from 'fastify';
import { Access, FAILURES_A_MINUTE } from '../../../src/server/api/access.js';
import { registerErrors } from '../../../src/server/api/errors.js';
import { registerApi } from '../../../src/server/api/index.js';
import { API_PATH } from '../../../src/server/app.js';
import { Metrics, Pulse } from '../../../src/server/operations/index.js';
import * as packages from '../../../src/server/packages.js';
import type { ServerWorld } from '../../../src/server/world.js';
import { startServer, type TestServer } from '../../support/server.js';

interface Described {
  summary?: string;
  tags?: string[];
  security?: object[];
  parameters?: { in: string; name: string; description?: string }[];
  responses: Record<string, { description: string }>;
}

interface Document {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}

let server: TestServer;
let document: Document;
beforeAll(async () => {
  server = await startServer();
  document = (await server.call('GET', '/docs', { authorization: null })).json as Document;
});
afterAll(() => server.close());

/** Every route of the API that does something, as `get /instances/{id}`. */
async function registered(): Promise<string[]> {
  const routes: string[] = [];
  const app = fastify();
  app.addHook('onRoute', ({ method, url, schema }: RouteOptions & { schema?: { hide?: boolean } }) => {
    if (schema?.hide === true) return;
    const path = url
      .slice(API_PATH.length)
      .replace(/:(\w+)/g, '{$1}')
      .replace('*', '{*}');
    routes.push(...[method].flat().map((verb) => `${verb.toLowerCase()} ${path}`));
  });
  registerErrors(app);
  const failures = new packages.RateLimiterMemory({ points: FAILURES_A_MINUTE, duration: 60 });
  const { ctx } = server;
  const world: ServerWorld = {
    ctx,
    allowPrivate: false,
    access: new Access(ctx, failures),
    metrics: new Metrics(ctx, packages),
    pulse: new Pulse(false),
    packages,
  };
  await app.register((scope) => registerApi(scope, world), { prefix: API_PATH });
  await app.ready();
  await app.close();
  // A HEAD is its GET without the body.
  return routes.filter((route) => !route.startsWith('head '));
}

function operations(): [name: string, operation: Described][] {
  return Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, described]): [string, Described] => [`${verb} ${path}`, described]),
  );
}

describe('GET /docs', () => {
  it('is a legal OpenAPI 3.1 document, for anyone', async () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.servers).toEqual([{ url: API_PATH }]);
    const { valid, errors } = await new Validator().validate(document as never);
    expect([valid, errors]).toEqual([true, undefined]);
  });

  it('describes the routes that there are, and no others', async () => {
    const described = operations().map(([name]) => name);
    expect(described.sort()).toEqual((await registered()).sort());
    expect(described.length).toBeGreaterThan(30);
  });

  it('says of each what it does, who may call it, what its path means and what it answers', () => {
    for (const [name, { summary, tags, security, parameters = [], responses }] of operations()) {
      expect([name, summary, tags, security]).toEqual([
        name,
        expect.any(String),
        [expect.any(String)],
        expect.any(Array),
      ]);
      expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining(['200', 'default'])]);
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect([name, inPath.map((parameter) => parameter.name).sort()]).toEqual([name, namesOf(name)]);
      for (const { description } of inPath) expect([name, description]).toEqual([name, expect.stringMatching(/../)]);
    }
  });

  it('refers to shapes by their names, and only to those that there are', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
    const names = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(names).toContain('#/components/schemas/Instance');
    expect(references.filter((reference) => !names.includes(reference ?? ''))).toEqual([]);
  });

  it('names the secrets that a call needs, and none of them where none is needed', () => {
    expect(Object.keys(document.components.securitySchemes)).toEqual(['platform', 'element']);
    const open = operations().filter(([, { security }]) => security?.length === 0);
    expect(open.map(([name]) => name)).toEqual(
      expect.arrayContaining(['get /docs', 'get /elements/{keyOrId}/oauth/url', 'post /elements/{keyOrId}/oauth/url']),
    );
  });
});

function namesOf(route: string): string[] {
  return [...route.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '').sort();
}
