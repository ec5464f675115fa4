import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PollResult, runPolls } from '../../../src/core/polling/index.js';
import { START, World } from '../delivery/world.js';

let world: World;

beforeEach(async () => {
  world = await World.open();
});

afterEach(() => world.close());

/** The deliveries of a run that polls none of these instances. */
async function deliver(ids: readonly number[], signal?: AbortSignal): Promise<Map<number, PollResult>> {
  const results = await runPolls(world.ctx, ids, { deliver: true, scheduled: true, signal }, new Set(ids));
  return new Map(results.map((result) => [result.summary.id, result]));
}

describe('the deliveries of a run', () => {
  it('are those of every instance with something pending', async () => {
    const receiver = await world.receiver();
    const [one, two, idle] = [
      await world.instance(`${receiver.url}/1`),
      await world.instance(`${receiver.url}/2`),
      await world.instance(`${receiver.url}/3`),
    ];
    await world.put(one, 2);
    await world.put(two);
    const results = await deliver([one, two, idle]);
    expect(results.get(one)?.summary).toMatchObject({ delivered: 2, pending: 0 });
    expect(results.get(two)?.summary).toMatchObject({ delivered: 1, pending: 0 });
    expect(results.get(idle)?.delivery).toBeNull();
  });

  it('tell how an instance stands of which nothing is due', async () => {
    const receiver = await world.receiver({ answer: { status: 500 } });
    const id = await world.instance(receiver.url);
    await world.put(id, 3);
    expect((await deliver([id])).get(id)?.delivery).toMatchObject({ attempted: 1, pending: 3 });
    expect((await deliver([id])).get(id)?.delivery).toMatchObject({ attempted: 0, pending: 3, busy: false });
    expect(receiver.requests).toHaveLength(1);
  });

  it('are not held up by one hanging receiver among many', async () => {
    const hanging = await world.receiver({ answer: { hang: true } });
    const receiver = await world.receiver();
    const stuck = await world.instance(hanging.url);
    await world.put(stuck);
    const ids: number[] = [];
    for (let index = 0; index < 40; index += 1) {
      const id = await world.instance(`${receiver.url}/${index}`);
      ids.push(id);
      await world.put(id, 2);
    }
    const delivering = deliver([stuck, ...ids]);
    await receiver.waitFor((requests) => requests.length === 80);
    await hanging.waitFor((requests) => requests.length === 1);
    expect(hanging.inFlight).toBe(1);
    await hanging.close();
    const results = await delivering;
    expect(ids.map((id) => results.get(id)?.summary.delivered)).toEqual(ids.map(() => 2));
    expect(results.get(stuck)?.delivery).toMatchObject({ failed: 1, pending: 1 });
  });

  it('are not held up by many instances of one hanging endpoint, of which only some are called before it rests', async () => {
    await world.settings({ 'delivery.timeoutSeconds': 0.5 });
    const hanging = await world.receiver({ answer: { hang: true } });
    const receiver = await world.receiver();
    const stuck: number[] = [];
    for (let index = 0; index < 70; index += 1) {
      const id = await world.instance(`${hanging.url}?${index}`);
      stuck.push(id);
      await world.put(id);
    }
    const free = await world.instance(receiver.url);
    await world.put(free);
    const delivering = deliver([...stuck, free]);
    await receiver.waitFor((requests) => requests.length === 1);
    expect(hanging.inFlight).toBeGreaterThan(0);
    expect(hanging.mostInFlight).toBeLessThanOrEqual(8);
    const results = await delivering;
    expect(results.get(free)?.summary).toMatchObject({ delivered: 1 });
    expect(hanging.requests.length).toBeLessThanOrEqual(16);
    const attempts = await Promise.all(stuck.map(async (_id, index) => (await world.row(`n${index + 1}`)).attempts));
    expect(attempts.reduce((sum, each) => sum + each, 0)).toBe(hanging.requests.length);
  });

  it('go on for the others when the file of one instance is broken', async () => {
    const receiver = await world.receiver();
    const broken = await world.instance(receiver.url);
    const sound = await world.instance(receiver.url);
    await world.put(broken);
    await world.put(sound);
    await writeFile(join(world.home, 'instances', `${broken}.json`), '{"half');
    const results = await deliver([broken, sound]);
    expect(results.get(broken)?.summary).toMatchObject({ status: 'failed', error: { code: 'store' } });
    expect(receiver.requests.map((request) => request.id)).toEqual(['n2']);
  });

  it('are not begun after the signal', async () => {
    const receiver = await world.receiver();
    const id = await world.instance(receiver.url);
    await world.put(id);
    expect((await deliver([id], AbortSignal.abort())).get(id)?.summary).toMatchObject({ delivered: 0, pending: 1 });
    expect(receiver.requests).toEqual([]);
  });

  it('take times as come that the clock was set back behind', async () => {
    const receiver = await world.receiver({ answer: { status: 500 } });
    const ordered = await world.instance(`${receiver.url}/1`);
    const parallel = await world.instance(`${receiver.url}/2`, { 'event.notification.order': 'parallel' });
    const fresh = await world.instance(`${receiver.url}/3`);
    const ids = [ordered, parallel, fresh];
    await world.put(ordered);
    await world.put(parallel);
    await deliver(ids);
    await world.put(fresh);
    receiver.respond({});
    world.clock.time = START - 3_600_000;
    expect((await world.ctx.store.outbox.instancesDue(world.clock.time)).sort()).toEqual(ids);
    const results = await deliver(ids);
    expect(ids.map((id) => results.get(id)?.summary.delivered)).toEqual([1, 1, 1]);
  });
});
