import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setEnabled } from '../../src/core/instances/index.js';
import { readMeasures } from '../../src/core/measures.js';
import { pollInstance } from '../../src/core/polling/index.js';
import { MINUTE, startWorld, type World } from './polling/world.js';

describe('readMeasures', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  it('is about nothing in an empty store', async () => {
    expect(await readMeasures(world.ctx)).toEqual({
      outbox: { pending: 0, delivered: 0, dead: 0, stored: 0 },
      oldestPendingSeconds: 0,
      cursors: [],
      unitsToday: [],
    });
  });

  it('tells the outbox by state, its age, the age of cursors, and the units of each account once', async () => {
    const id = await world.create();
    const [sibling, resting] = [await world.create(), await world.create()];
    await setEnabled(world.ctx, resting, false);
    world.sandbox.mailbox().receive();
    await pollInstance(world.ctx, id, { deliver: true, scheduled: false });
    world.sandbox.mailbox().receive();
    await pollInstance(world.ctx, id, { deliver: false, scheduled: false });
    world.clock.offset = MINUTE;
    const { outbox, oldestPendingSeconds, cursors, unitsToday } = await readMeasures(world.ctx);
    expect(outbox).toEqual({ pending: 1, delivered: 1, dead: 0, stored: 0 });
    expect(oldestPendingSeconds).toBeGreaterThanOrEqual(60);
    expect(oldestPendingSeconds).toBeLessThan(90);
    expect(cursors.map(({ instanceId }) => instanceId)).toEqual([id, sibling]);
    for (const { seconds } of cursors) expect(seconds).toBeGreaterThanOrEqual(60);
    expect(unitsToday).toEqual([{ instanceId: id, units: expect.any(Number) }]);
    expect(unitsToday[0]?.units).toBeGreaterThan(0);
  });

  it('counts no age below nothing when the clock was set back', async () => {
    const id = await world.create();
    world.sandbox.mailbox().receive();
    await pollInstance(world.ctx, id, { deliver: false, scheduled: false });
    world.clock.offset = -MINUTE;
    expect(await readMeasures(world.ctx)).toMatchObject({
      oldestPendingSeconds: 0,
      cursors: [{ instanceId: id, seconds: 0 }],
    });
  });
});
