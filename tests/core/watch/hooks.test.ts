import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AttemptReport } from '../../../src/core/delivery/index.js';
import { type WatchAction, watch } from '../../../src/core/watch/index.js';
import { until } from '../../support/cli.js';
import { MINUTE, startWorld, type World } from '../polling/world.js';

describe('whoever looks on at a watch', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    world.clock.speed = 50;
  });
  afterEach(() => world.close());

  it('hears of each look at what is due, of each attempt, and of how long a poll took', async () => {
    const id = await world.create();
    world.sandbox.mailbox().receive();
    world.clock.offset = MINUTE;
    const [stop, force] = [new AbortController(), new AbortController()];
    const actions: WatchAction[] = [];
    const attempts: AttemptReport[] = [];
    let ticks = 0;
    const done = watch(world.ctx, {
      names: [],
      signal: stop.signal,
      force: force.signal,
      onAction: (action) => actions.push(action),
      onAttempt: (report) => attempts.push(report),
      onTick: () => {
        ticks += 1;
      },
    });
    await until('the attempt to be told', () => attempts.length === 1);
    const before = ticks;
    await until('more looks', () => ticks > before + 1);
    stop.abort();
    await done;
    expect(attempts).toMatchObject([{ instanceId: id, state: 'delivered', attempts: 1, status: 200 }]);
    expect(attempts[0]?.durationMs).toBeGreaterThanOrEqual(0);
    const polls = actions.flatMap((action) => (action.kind === 'poll' ? [action] : []));
    expect(polls).toMatchObject([{ summary: { id, status: 'ok', events: 1 } }]);
    expect(polls[0]?.durationMs).toBeGreaterThan(0);
  });
});
