import type { FastifyInstance } from 'fastify';
import type { Context } from '../../core/context.js';
import { type Delivery, type DeliveryPlace, listDeliveries, releaseQueued } from '../../core/delivery/index.js';
import { readInstances, readSettings } from '../../core/instances/index.js';
import type { ServerWorld } from '../world.js';
import { guards } from './caller.js';
import {
  DELIVERY,
  type DeliveryObject,
  deliveryObject,
  notificationObject,
  SUBSCRIPTION,
  type SubscriptionObject,
  subscriptionObject,
} from './deliveries-object.js';
import { readWhere } from './deliveries-where.js';
import { withBodies } from './events-bodies.js';
import { operation } from './operation.js';
import { PAGE_HEADERS, PAGE_QUERY, pageHeaders, readBoundedPage } from './paging.js';
import { Query } from './query.js';

const SUBSCRIPTIONS = '/notifications/subscriptions';
const DELIVERIES = `${SUBSCRIPTIONS}/deliveries`;

const WHERE = {
  where: {
    type: 'string',
    description: "channel='webhook' and status='queued' [and config.url='...']; GET: also created, retry, delivered",
  },
};

/** What waits for a callback URL, in the old service's words, and its release. */
export function registerDeliveries(app: FastifyInstance, { ctx, access }: ServerWorld): void {
  const onRequest = guards(access).platform;
  const described = { tag: 'deliveries', caller: 'platform' } as const;

  const list = operation({
    ...described,
    summary: 'Deliveries by how they stand',
    description:
      'queued: pending while the instance is stopped or its endpoint rests, and what died since the last success.',
    query: {
      ...WHERE,
      hydrate: { type: 'boolean', default: false, description: 'true: with notification and subscription' },
      ...PAGE_QUERY,
    },
    answer: { type: 'array', items: DELIVERY },
    headers: PAGE_HEADERS,
  });
  app.get(DELIVERIES, { onRequest, schema: list }, async (request, reply) => {
    const query = new Query(request.query);
    const where = readWhere(query);
    const hydrate = query.truth('hydrate', false);
    const { size, after } = readBoundedPage(query);
    const place = readPlace(after, query);
    query.check();
    const found = await listDeliveries(ctx, where, { after: place, limit: size + 1 });
    const page = found.slice(0, size);
    const { objects, looked } = hydrate ? await hydrated(ctx, page) : await plain(ctx, page);
    const last = looked < found.length ? found[looked - 1] : undefined;
    const next = last === undefined ? null : `${last.instance.id}:${last.row.seq}`;
    pageHeaders(reply, { returned: objects.length, next });
    return objects;
  });

  const release = operation({
    ...described,
    summary: 'Release the queue',
    description: 'Lifts the stop or rest of every instance concerned and makes what is queued due at once, in order.',
    query: WHERE,
    answer: null,
  });
  app.put(DELIVERIES, { onRequest, schema: release }, async (request, reply) => {
    const query = new Query(request.query);
    const { status, callbackUrl } = readWhere(query);
    if (status !== 'queued') query.refuse('where', "needs status='queued': nothing else is to be released");
    query.check();
    const instances = await releaseQueued(ctx, callbackUrl);
    request.log.info({ instances }, 'queued deliveries were released');
    return reply.send();
  });

  const subscriptions = operation({
    ...described,
    summary: 'Who is told of events: every instance that has a callback URL',
    answer: { type: 'array', items: SUBSCRIPTION },
  });
  app.get(SUBSCRIPTIONS, { onRequest, schema: subscriptions }, async () => {
    const objects: SubscriptionObject[] = [];
    for (const instance of (await readInstances(ctx)).documents) {
      const { callbackUrl } = readSettings(instance);
      if (callbackUrl === null) continue;
      objects.push(subscriptionObject(instance, { callbackUrl, stopped: await isStopped(ctx, instance.id) }));
    }
    return objects;
  });
}

async function plain(ctx: Context, page: readonly Delivery[]): Promise<{ objects: DeliveryObject[]; looked: number }> {
  const objects: DeliveryObject[] = [];
  for (const delivery of page) objects.push(deliveryObject(delivery, await lastAttemptAt(ctx, delivery)));
  return { objects, looked: page.length };
}

async function hydrated(ctx: Context, page: readonly Delivery[]): ReturnType<typeof plain> {
  const byId = new Map(page.map((delivery) => [delivery.row.id, delivery]));
  const { bodied, looked } = await withBodies(
    ctx,
    page.map(({ row }) => row),
  );
  const objects: DeliveryObject[] = [];
  for (const { row, body } of bodied) {
    const delivery = byId.get(row.id);
    if (delivery === undefined) continue;
    const { instance, callbackUrl } = delivery;
    objects.push({
      ...deliveryObject(delivery, await lastAttemptAt(ctx, delivery)),
      notification: notificationObject(delivery, body),
      subscription: subscriptionObject(instance, { callbackUrl, stopped: await isStopped(ctx, instance.id) }),
    });
  }
  return { objects, looked };
}

async function lastAttemptAt(ctx: Context, { row }: Delivery): Promise<number | null> {
  if (row.attempts === 0) return null;
  return (await ctx.store.outbox.attempts(row.id)).at(-1)?.at ?? null;
}

async function isStopped(ctx: Context, id: number): Promise<boolean> {
  return (await ctx.store.instances.get(id))?.stop != null;
}

function readPlace(after: string | null, query: Query): DeliveryPlace | null {
  if (after === null) return null;
  const [, instanceId, seq] = /^(\d{1,15}):(\d{1,15})$/.exec(after) ?? [];
  if (instanceId === undefined) query.refuse('nextPage', 'is of another list');
  return { instanceId: Number(instanceId), seq: Number(seq) };
}
