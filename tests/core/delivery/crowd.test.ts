import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEndpointTurns, deliverInstance } from '../../../src/core/delivery/index.js';
import { withLease } from '../../../src/core/lease.js';
import { watch } from '../../../src/core/watch/index.js';
import { until } from '../../support/cli.js';
import { World } from './world.js';

let world: World;

beforeEach(async () => {
  world = await World.open();
});

afterEach(() => world.close());

async function instances(count: number, url: (at: number) => string, notifications: number): Promise<number[]> {
  const ids: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const id = await world.instance(url(at));
    await world.put(id, notifications);
    ids.push(id);
  }
  return ids;
}

/** Delivers each in its turn; how long it took all of them. */
async function drain(ids: readonly number[]): Promise<number> {
  const turn = createEndpointTurns(world.ctx);
  const begun = performance.now();
  await Promise.all(ids.map((id) => turn(id, () => deliverInstance(world.ctx, id))));
  return performance.now() - begun;
}

describe('a crowd of receivers', () => {
  it('of which one hangs: the other 99 are served at full speed', async () => {
    const hanging = await world.receiver({ answer: { hang: true } });
    const receiver = await world.receiver({ answer: { delayMs: 5 } });
    const calm = await instances(99, (at) => `${receiver.url}/calm/${at}`, 2);
    const alone = await drain(calm);
    const [stuck = 0] = await instances(1, () => hanging.url, 2);
    const others = await instances(99, (at) => `${receiver.url}/beside/${at}`, 2);
    const held = drain([stuck]);
    await hanging.waitFor((requests) => requests.length === 1);
    const beside = await drain(others);
    expect(hanging.inFlight).toBe(1);
    expect(receiver.requests).toHaveLength(4 * 99);
    expect(beside).toBeLessThan(2 * alone + 500);
    await hanging.close();
    await held;
  });

  it('of which more hang than there are places for quick ones: the others are served all the same', async () => {
    const hanging = await world.receiver({ answer: { hang: true } });
    const receiver = await world.receiver();
    const stuck = await instances(70, (at) => `${hanging.url}/${at}`, 1);
    const sound = await instances(10, (at) => `${receiver.url}/${at}`, 3);
    const draining = drain([...stuck, ...sound]);
    await receiver.waitFor((requests) => requests.length === 30);
    await hanging.waitFor((requests) => requests.length === 70);
    expect(hanging.inFlight).toBe(70);
    await hanging.close();
    await draining;
    expect((await world.ctx.store.outbox.counts()).map(({ instanceId, pending }) => [instanceId, pending])).toEqual(
      stuck.map((id) => [id, 1]),
    );
  });

  it('with long queues takes turns: each gets its first before any has got its last', async () => {
    const receiver = await world.receiver();
    const ids = await instances(60, (at) => `${receiver.url}/${at}`, 20);
    const far = world.clock.time + 86_400_000;
    for (const id of ids) {
      await withLease(world.ctx, `poll:${id}`, (lease) =>
        world.ctx.store.instances.update(lease, id, { nextPollAt: far, plannedAt: world.clock.time }),
      );
    }
    const stop = new AbortController();
    const watching = watch(world.ctx, { names: [], signal: stop.signal, force: new AbortController().signal });
    await until('everything to be delivered', () => receiver.requests.length === 1200);
    stop.abort();
    await watching;
    const paths = receiver.requests.map(({ path }) => path);
    const firsts = [...new Set(paths)].map((path) => paths.indexOf(path));
    const lasts = [...new Set(paths)].map((path) => paths.lastIndexOf(path));
    expect(firsts).toHaveLength(60);
    expect(Math.max(...firsts)).toBeLessThan(Math.min(...lasts));
    expect(new Set(receiver.requests.map(({ id }) => id)).size).toBe(1200);
  });
});

describe('a turn', () => {
  it('ends for others once it has made its attempts, with the rest still due', async () => {
    const receiver = await world.receiver();
    const id = await world.instance(receiver.url);
    await world.put(id, 5);
    const enough = (begun: number) => begun >= 3;
    expect(await deliverInstance(world.ctx, id, { enough })).toMatchObject({ passed: true, delivered: 3, pending: 2 });
    const last = await deliverInstance(world.ctx, id, { enough });
    expect(last).toMatchObject({ delivered: 2, pending: 0 });
    expect(last.passed).toBeUndefined();
    expect(receiver.requests.map((request) => request.id)).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
  });
});
