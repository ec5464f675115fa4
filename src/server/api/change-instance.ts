import type { FastifyInstance, FastifyRequest } from 'fastify';
import { deleteInstance, updateInstance } from '../../core/instances/index.js';
import type { ServerWorld } from '../world.js';
import { guards, targetId } from './caller.js';
import { checkElement } from './element.js';
import { answerFor, type InstanceAnswer } from './instance-answer.js';
import { operation } from './operation.js';
import { ONE_INSTANCE } from './places.js';
import { INSTANCE, INSTANCE_CHANGES } from './shapes.js';

/**
 * Changing an instance and deleting it. The old service's PUT replaced the whole, but its own examples sent a name and tags
 * alone and meant the rest to stay: so here PUT changes what is named, as PATCH does, and nothing is lost by either.
 */
export function registerChanges(app: FastifyInstance, { ctx, access, allowPrivate }: ServerWorld): void {
  const change = async (request: FastifyRequest): Promise<InstanceAnswer> => {
    const { document, warnings } = await updateInstance(ctx, targetId(request), request.body, { allowPrivate });
    if (warnings.length > 0) request.log.warn({ instanceId: document.id, warnings }, 'an instance was changed');
    return answerFor(ctx, document);
  };
  for (const { url, path, caller } of ONE_INSTANCE) {
    const onRequest = [guards(access)[caller], checkElement];
    const described = { tag: 'instances', caller, path } as const;
    const schema = operation({
      ...described,
      summary: 'Change an instance',
      description:
        'PUT and PATCH do the same: only what is named changes, the configuration key by key, tags as a whole. A new ' +
        'providerData.code of the same mailbox authenticates anew; the id stays.',
      body: INSTANCE_CHANGES,
      answer: INSTANCE,
    });
    app.put(url, { onRequest, schema }, change);
    app.patch(url, { onRequest, schema }, change);

    const remove = operation({
      ...described,
      summary: 'Delete an instance, and what it still had to deliver',
      answer: null,
    });
    app.delete(url, { onRequest, schema: remove }, async (request, reply) => {
      const { id, droppedPending } = await deleteInstance(ctx, targetId(request));
      request.log.info({ instanceId: id, droppedPending }, 'an instance was deleted');
      return reply.send();
    });
  }
}
