import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deliverDue } from '../../../src/core/delivery/index.js';
import { START, World } from './world.js';

let world: World;

beforeEach(async () => {
  world = await World.open();
});

afterEach(() => world.close());

describe('deliverDue', () => {
  it('delivers of every instance with something due, and only tells of those', async () => {
    const receiver = await world.receiver();
    const [one, two, idle] = [
      await world.instance(`${receiver.url}/1`),
      await world.instance(`${receiver.url}/2`),
      await world.instance(`${receiver.url}/3`),
    ];
    await world.put(one, 2);
    await world.put(two);
    const summaries = await deliverDue(world.ctx);
    expect([...summaries.keys()].sort()).toEqual([one, two].sort());
    expect(summaries.get(one)).toMatchObject({ delivered: 2 });
    expect(summaries.has(idle)).toBe(false);
  });

  it('does not take a lease for rows behind a head whose time is to come', async () => {
    const receiver = await world.receiver({ answer: { status: 500 } });
    const id = await world.instance(receiver.url);
    await world.put(id, 3);
    expect((await deliverDue(world.ctx)).get(id)).toMatchObject({ attempted: 1 });
    expect((await deliverDue(world.ctx)).size).toBe(0);
    world.clock.time += 5000;
    expect((await deliverDue(world.ctx)).get(id)).toMatchObject({ attempted: 1 });
  });

  it('is not held up by one hanging receiver among many', async () => {
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
    const delivering = deliverDue(world.ctx);
    await receiver.waitFor((requests) => requests.length === 80);
    await hanging.waitFor((requests) => requests.length === 1);
    expect(hanging.inFlight).toBe(1);
    await hanging.close();
    const summaries = await delivering;
    expect(ids.map((id) => summaries.get(id)?.delivered)).toEqual(ids.map(() => 2));
    expect(summaries.get(stuck)).toMatchObject({ failed: 1, pending: 1 });
  });

  it('is not held up by many instances of one hanging endpoint, of which only some are called before it rests', async () => {
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
    const delivering = deliverDue(world.ctx);
    await receiver.waitFor((requests) => requests.length === 1);
    expect(hanging.mostInFlight).toBeLessThanOrEqual(8);
    const summaries = await delivering;
    expect(summaries.get(free)).toMatchObject({ delivered: 1 });
    expect(hanging.requests.length).toBeLessThanOrEqual(16);
    const attempts = await Promise.all(stuck.map(async (_id, index) => (await world.row(`n${index + 1}`)).attempts));
    expect(attempts.reduce((sum, each) => sum + each, 0)).toBe(hanging.requests.length);
  });

  it('delivers of the others when the file of one instance is broken, and says so at the end', async () => {
    const receiver = await world.receiver();
    const broken = await world.instance(receiver.url);
    const sound = await world.instance(receiver.url);
    await world.put(broken);
    await world.put(sound);
    await writeFile(join(world.home, 'instances', `${broken}.json`), '{"half');
    await expect(deliverDue(world.ctx)).rejects.toMatchObject({ code: 'store' });
    expect(receiver.requests.map((request) => request.id)).toEqual(['n2']);
  });

  it('begins nothing after the signal', async () => {
    const receiver = await world.receiver();
    await world.put(await world.instance(receiver.url));
    expect((await deliverDue(world.ctx, { signal: AbortSignal.abort() })).size).toBe(0);
    expect(receiver.requests).toEqual([]);
  });

  it('takes times as come that the clock was set back behind', async () => {
    const receiver = await world.receiver({ answer: { status: 500 } });
    const ordered = await world.instance(`${receiver.url}/1`);
    const parallel = await world.instance(`${receiver.url}/2`, { 'event.notification.order': 'parallel' });
    const fresh = await world.instance(`${receiver.url}/3`);
    await world.put(ordered);
    await world.put(parallel);
    await deliverDue(world.ctx);
    await world.put(fresh);
    receiver.respond({});
    world.clock.time = START - 3_600_000;
    const summaries = await deliverDue(world.ctx);
    expect([ordered, parallel, fresh].map((id) => summaries.get(id)?.delivered)).toEqual([1, 1, 1]);
  });
});
