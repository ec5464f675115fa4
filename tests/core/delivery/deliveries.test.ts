import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type DeliveryPlace,
  type DeliveryStatus,
  deliverInstance,
  listDeliveries,
  releaseQueued,
} from '../../../src/core/delivery/index.js';
import type { Receiver } from '../../support/receiver.js';
import { World } from './world.js';

let world: World;
let receiver: Receiver;

beforeEach(async () => {
  world = await World.open();
  receiver = await world.receiver();
  await world.settings({ 'delivery.retryWaits': [1, 1] });
});
afterEach(() => world.close());

const SILENT = { 'event.notification.system.enabled': 'false' };

async function ids(status: DeliveryStatus, callbackUrl?: string): Promise<string[]> {
  const found = await listDeliveries(world.ctx, { status, callbackUrl }, { after: null, limit: 99 });
  return found.map(({ row }) => row.id);
}

describe('deliveries by how they stand', () => {
  it('are created, then retried or delivered', async () => {
    const id = await world.instance(receiver.url, SILENT);
    await world.put(id, 2);
    expect(await ids('created')).toEqual(['n1', 'n2']);
    receiver.respond({ status: 500 });
    await deliverInstance(world.ctx, id);
    expect([await ids('retry'), await ids('created'), await ids('queued')]).toEqual([['n1'], ['n2'], []]);
    receiver.respond({});
    world.clock.time += 1000;
    await deliverInstance(world.ctx, id);
    expect([await ids('delivered'), await ids('retry')]).toEqual([['n1', 'n2'], []]);
  });

  it('of a stopped instance are queued until they are released', async () => {
    const id = await world.instance(receiver.url, SILENT);
    const other = await world.instance((await world.receiver()).url, SILENT);
    await world.put(id, 3);
    await world.put(other, 1);
    receiver.respond({ status: 410 });
    await deliverInstance(world.ctx, id);
    expect([await ids('queued'), await ids('retry'), await ids('created')]).toEqual([['n1', 'n2', 'n3'], [], ['n4']]);
    expect(await releaseQueued(world.ctx, 'http://other.example/')).toEqual([]);
    expect(await releaseQueued(world.ctx, receiver.url)).toEqual([id]);
    expect([await ids('queued'), await ids('created', receiver.url)]).toEqual([[], ['n1', 'n2', 'n3']]);
    expect(await releaseQueued(world.ctx)).toEqual([]);
  });

  it('are queued while the endpoint rests, and when they died since the last success', async () => {
    receiver.respond({ status: 500 });
    const id = await world.instance(receiver.url, { ...SILENT, 'event.notification.order': 'parallel' });
    await world.put(id, 5);
    await deliverInstance(world.ctx, id);
    expect(await ids('queued')).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);

    const lonely = await world.instance((await world.receiver({ answer: { status: 500 } })).url, SILENT);
    await world.put(lonely, 1);
    for (let attempt = 0; attempt < 3; attempt++) {
      await deliverInstance(world.ctx, lonely);
      world.clock.time += 1000;
    }
    expect((await world.row('n6')).state).toBe('dead');
    expect(await ids('queued')).toContain('n6');
    expect(await releaseQueued(world.ctx)).toEqual([id, lonely]);
    expect((await world.row('n6')).state).toBe('pending');
  });

  it('come page by page, instance by instance', async () => {
    const [one, two] = [await world.instance(receiver.url), await world.instance(receiver.url)];
    await world.put(two, 2);
    await world.put(one, 2);
    const pages: string[][] = [];
    for (let after: DeliveryPlace | null = null, more = true; more; ) {
      const page = await listDeliveries(world.ctx, { status: 'created' }, { after, limit: 3 });
      pages.push(page.map(({ row }) => row.id));
      const last = page.at(-1);
      if (last !== undefined) after = { instanceId: last.instance.id, seq: last.row.seq };
      more = page.length === 3;
    }
    expect(pages).toEqual([['n3', 'n4', 'n1'], ['n2']]);
  });

  it('leave out instances without a callback URL', async () => {
    const id = await world.instance(undefined);
    await world.put(id, 1, { state: 'stored' });
    expect(await ids('created')).toEqual([]);
  });
});
