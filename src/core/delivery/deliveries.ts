import type { OutboxRow } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import { readInstances } from '../instances/find.js';
import { readSettings } from '../instances/settings.js';
import type { InstanceDocument } from '../types.js';
import { resumeInstance } from './resume.js';
import { endpointRests } from './summary.js';

/**
 * How a notification stands, in the old service's words. `queued`: nothing more comes of it by itself, and a release sends
 * it: what is pending while the instance is stopped or its endpoint rests, and what died since the last success. `created`
 * and `retry`: to be sent, for the first time or again.
 */
export type DeliveryStatus = 'created' | 'retry' | 'queued' | 'delivered';

export interface Delivery {
  instance: InstanceDocument;
  callbackUrl: string;
  status: DeliveryStatus;
  row: OutboxRow;
}

/** Instances in order of their ids, each with its queue; a place names the delivery before. */
export interface DeliveryPlace {
  instanceId: number;
  seq: number;
}

export interface DeliveryFilter {
  status: DeliveryStatus;
  /** The instance's own, to the letter. */
  callbackUrl?: string | undefined;
}

/** Rows looked at in one go. */
const BATCH = 500;

/** At most `limit` deliveries behind a place (null: from the start). */
export async function listDeliveries(
  ctx: Context,
  filter: DeliveryFilter,
  { after, limit }: { after: DeliveryPlace | null; limit: number },
): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for (const target of await targets(ctx, filter)) {
    const { id } = target.instance;
    if (after !== null && id < after.instanceId) continue;
    const seq = id === after?.instanceId ? after.seq : 0;
    const rows = await rowsOf(ctx, target, filter.status, { after: seq, limit: limit - found.length });
    found.push(
      ...rows.map((row) => ({
        instance: target.instance,
        callbackUrl: target.callbackUrl,
        status: filter.status,
        row,
      })),
    );
    if (found.length >= limit) break;
  }
  return found;
}

/**
 * Lifts the stop or rest of every instance with queued deliveries, as `instances resume` does, and returns their ids.
 * Nothing is sent here. CoreError `retry_later` when another process does not yield; those before it are released.
 */
export async function releaseQueued(ctx: Context, callbackUrl?: string): Promise<number[]> {
  const released: number[] = [];
  for (const target of await targets(ctx, { callbackUrl })) {
    const queued = await rowsOf(ctx, target, 'queued', { after: 0, limit: 1 });
    if (queued.length === 0) continue;
    await resumeInstance(ctx, target.instance.id);
    released.push(target.instance.id);
  }
  return released;
}

interface Target {
  instance: InstanceDocument;
  callbackUrl: string;
}

async function targets(ctx: Context, { callbackUrl }: { callbackUrl?: string | undefined }): Promise<Target[]> {
  const { documents } = await readInstances(ctx);
  return documents.flatMap((instance) => {
    const url = readSettings(instance).callbackUrl;
    return url === null || (callbackUrl !== undefined && callbackUrl !== url) ? [] : [{ instance, callbackUrl: url }];
  });
}

async function rowsOf(
  ctx: Context,
  { instance: { id }, callbackUrl }: Target,
  status: DeliveryStatus,
  { after, limit }: { after: number; limit: number },
): Promise<OutboxRow[]> {
  const { outbox } = ctx.store;
  if (status === 'delivered') return outbox.list({ instanceId: id, state: 'delivered', after, limit });
  const stop = (await ctx.store.instances.get(id))?.stop ?? null;
  const held = stop !== null || (await endpointRests(ctx, callbackUrl));
  if (status === 'queued') return outbox.resumable(id, { pending: held, after, limit });
  const found: OutboxRow[] = [];
  for (let place = after; !held && found.length < limit; ) {
    const rows = await outbox.list({ instanceId: id, state: 'pending', after: place, limit: BATCH });
    found.push(...rows.filter(({ attempts }) => attempts > 0 === (status === 'retry')));
    if (rows.length < BATCH) break;
    place = rows.at(-1)?.seq ?? place;
  }
  return found.slice(0, limit);
}
