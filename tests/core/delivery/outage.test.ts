import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deliverInstance, pruneOutbox, resumeInstance } from '../../../src/core/delivery/index.js';
import type { Receiver } from '../../support/receiver.js';
import { START, World } from './world.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: World;
let receiver: Receiver;

beforeEach(async () => {
  world = await World.open();
  receiver = await world.receiver({ answer: { status: 503 } });
});

afterEach(() => world.close());

/** Delivers at every moment something becomes due, as a watch would, up to `until`. */
async function watch(id: number, until: number): Promise<void> {
  for (;;) {
    await deliverInstance(world.ctx, id);
    const [head] = await world.ctx.store.outbox.pending(id, 'events', { limit: 1 });
    const rest = (await world.ctx.store.outbox.endpoint(`${receiver.url}/`))?.restUntil ?? 0;
    const next = Math.max(head?.nextAttemptAt ?? until, rest);
    if (next >= until || (await world.stop(id)) !== null) break;
    world.clock.time = Math.max(next, world.clock.time + 1);
  }
  world.clock.time = until;
}

const delivered = () => receiver.requests.filter((request) => answered.has(request)).map((request) => request.id);
const answered = new Set<unknown>();

function recover(): void {
  receiver.respond((request) => {
    answered.add(request);
    return {};
  });
}

describe('a receiver that is down', () => {
  it('for 3 days gets everything, in order, without a person', async () => {
    const id = await world.instance(receiver.url);
    const ids = await world.put(id, 3);
    await watch(id, START + DAY);
    ids.push(...(await world.put(id, 2)));
    await watch(id, START + 3 * DAY);
    expect(await world.stop(id)).toBeNull();
    recover();
    ids.push(...(await world.put(id)));
    await watch(id, START + 5 * DAY);
    expect(delivered()).toEqual(ids);
    expect((await world.row('n1')).attempts).toBe(10);
  });

  it('is attempted ten times by the schedule, then the notification is dead', async () => {
    world.chance = 0.5;
    const id = await world.instance(receiver.url);
    await world.put(id);
    await watch(id, START + 10 * DAY);
    const log = await world.ctx.store.outbox.attempts('n1');
    const waits = log.slice(1).map(({ at }, index) => at - (log[index]?.at ?? 0));
    expect(waits).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].map((wait) => wait * 1100));
    expect(await world.row('n1')).toMatchObject({ state: 'dead', attempts: 10, nextAttemptAt: null });
  });

  it('for 10 days gets everything, in order, after one resume', async () => {
    const id = await world.instance(receiver.url);
    const ids: string[] = [];
    for (let day = 0; day < 10; day += 1) {
      ids.push(...(await world.put(id, 2)));
      await watch(id, START + (day + 1) * DAY);
      await pruneOutbox(world.ctx);
    }
    expect(await world.row('n1')).toMatchObject({ state: 'dead' });
    expect(await world.row('n2')).toMatchObject({ state: 'pending', attempts: 1 });
    expect(await world.stop(id)).toContain('the first attempt of the next failed too');
    recover();
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ attempted: 0, stopped: true, pending: 19, dead: 1 });
    expect(await resumeInstance(world.ctx, id)).toBe(20);
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ delivered: 20, stopped: false, pending: 0, dead: 0 });
    expect(delivered().filter((each) => each.startsWith('n'))).toEqual(ids);
  });
});
