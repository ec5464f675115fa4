import type { FastifyInstance } from 'fastify';
import { listEvents } from '../../core/delivery/index.js';
import { findInstance } from '../../core/instances/index.js';
import type { ServerWorld } from '../world.js';
import { guards, targetId } from './caller.js';
import { checkElement } from './element.js';
import { ApiError } from './errors.js';
import { withBodies } from './events-bodies.js';
import { EVENT, eventObject } from './events-object.js';
import { operation } from './operation.js';
import { PAGE_HEADERS, PAGE_QUERY, pageHeaders, readBoundedPage } from './paging.js';
import { ONE_INSTANCE } from './places.js';
import { Query } from './query.js';

/** The notifications of an instance, under the name of events, the newest first. */
export function registerEvents(app: FastifyInstance, { ctx, access }: ServerWorld): void {
  for (const { url, path, caller } of ONE_INSTANCE) {
    const onRequest = [guards(access)[caller], checkElement];
    const described = { tag: 'events', caller } as const;
    const list = operation({
      ...described,
      path,
      summary: 'The events of an instance, the newest first',
      description: 'An event is one notification: NOTIFIED once the callback URL has accepted it.',
      query: PAGE_QUERY,
      answer: { type: 'array', items: EVENT },
      headers: PAGE_HEADERS,
    });
    app.get(`${url}/events`, { onRequest, schema: list }, async (request, reply) => {
      const query = new Query(request.query);
      const { size, after } = readBoundedPage(query);
      if (after !== null && !/^\d{1,15}$/.test(after)) query.refuse('nextPage', 'is of another list');
      query.check();
      const { id } = await findInstance(ctx, String(targetId(request)));
      const before = after === null ? {} : { before: Number(after) };
      const rows = await listEvents(ctx, { instanceId: id, newestFirst: true, limit: size + 1, ...before });
      const { bodied, looked } = await withBodies(ctx, rows.slice(0, size));
      const last = looked < rows.length ? rows[looked - 1] : undefined;
      pageHeaders(reply, { returned: bodied.length, next: last === undefined ? null : String(last.seq) });
      return bodied.map(eventObject);
    });

    const show = operation({
      ...described,
      path: { ...path, eventId: 'message.eventId of the notification' },
      summary: 'One event',
      answer: EVENT,
    });
    app.get(`${url}/events/:eventId`, { onRequest, schema: show }, async (request) => {
      const { id } = await findInstance(ctx, String(targetId(request)));
      const { eventId } = request.params as { eventId: string };
      const row = await ctx.store.outbox.get(eventId);
      const own = row !== null && row.instanceId === id ? (await withBodies(ctx, [row])).bodied : [];
      for (const each of own) return eventObject(each);
      throw new ApiError(404, `instance ${id} has no event "${eventId}"`);
    });
  }
}
