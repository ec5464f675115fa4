import type { FastifyInstance } from 'fastify';
import { createInstance, findInstance } from '../../core/instances/index.js';
import type { ServerWorld } from '../world.js';
import { guards, ownInstance, targetId } from './caller.js';
import { checkElement } from './element.js';
import { answerFor, createdAnswer } from './instance-answer.js';
import { operation } from './operation.js';
import { ALL_INSTANCES, BY_ID } from './places.js';
import { SEARCH_HEADERS, SEARCH_QUERY, searchInstances } from './search-instances.js';
import { INSTANCE, INSTANCE_BODY, INSTANCES } from './shapes.js';

/** Making instances, and reading them. */
export function registerInstances(app: FastifyInstance, { ctx, access, allowPrivate }: ServerWorld): void {
  const { platform, either } = guards(access);
  for (const { url, path } of ALL_INSTANCES) {
    const create = operation({
      tag: 'instances',
      caller: 'platform',
      path,
      summary: 'Make an instance',
      description:
        'The grant code is used once, last of all: nothing is stored when anything is refused. All faults come at once.',
      body: INSTANCE_BODY,
      answer: INSTANCE,
    });
    app.post(url, { onRequest: [platform, checkElement], schema: create }, async (request) => {
      const created = await createInstance(ctx, request.body, { allowPrivate });
      const { document, warnings } = created;
      if (warnings.length > 0) request.log.warn({ instanceId: document.id, warnings }, 'an instance was made');
      return createdAnswer(created);
    });

    const search = operation({
      tag: 'instances',
      caller: 'either',
      path,
      summary: 'The instances that match, or the one of the Element token',
      description:
        'With User and Organization: an array; 404 when nothing matches. With User and Element: that one instance.',
      query: SEARCH_QUERY,
      answer: INSTANCES,
      headers: SEARCH_HEADERS,
    });
    app.get(url, { onRequest: [either, checkElement], schema: search }, async (request, reply) => {
      const own = ownInstance(request);
      if (own !== null) return answerFor(ctx, own);
      return searchInstances(ctx, request.query, { reply, log: request.log });
    });
  }
  for (const { url, path } of BY_ID) {
    const read = operation({ tag: 'instances', caller: 'either', path, summary: 'An instance', answer: INSTANCE });
    app.get(url, { onRequest: [either, checkElement], schema: read }, async (request) =>
      answerFor(ctx, await findInstance(ctx, String(targetId(request)))),
    );
  }
}
