import type { FastifyInstance } from 'fastify';
import { findInstance, pollerRecords } from '../../core/instances/index.js';
import type { ServerWorld } from '../world.js';
import { guards, targetId } from './caller.js';
import { checkElement } from './element.js';
import { isoTime } from './events-bodies.js';
import { operation } from './operation.js';
import { ONE_INSTANCE } from './places.js';

/** One record for each resource that is polled: a change of the configuration shows here at once. */
export function registerPollerRecords(app: FastifyInstance, { ctx, access }: ServerWorld): void {
  for (const { url, path, caller } of ONE_INSTANCE) {
    const onRequest = [guards(access)[caller], checkElement];
    const schema = operation({
      tag: 'instances',
      caller,
      path,
      summary: 'What an instance polls, and when it last did',
      answer: { type: 'array', items: { $ref: 'PollerRecord#' } },
    });
    app.get(`${url}/event-poller-records`, { onRequest, schema }, async (request) => {
      const id = targetId(request);
      const records = await pollerRecords(ctx, await findInstance(ctx, String(id)));
      return records.map(({ name, lastReadAt }, at) => ({
        id: at + 1,
        elementInstanceId: id,
        objectName: name,
        lastPolledDate: lastReadAt === null ? null : isoTime(lastReadAt),
      }));
    });
  }
}
