import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setEnabled } from '../../../src/core/instances/index.js';
import { withLease } from '../../../src/core/lease.js';
import type { PollSummary } from '../../../src/core/polling/index.js';
import { pollTurn } from '../../../src/core/watch/poll-turn.js';
import { MINUTE, startWorld, type World } from '../polling/world.js';

describe('pollTurn', () => {
  let world: World;
  let told: PollSummary[];
  beforeEach(async () => {
    world = await startWorld();
    told = [];
  });
  afterEach(() => world.close());

  function turn(id: number): Promise<number> {
    const { signal } = new AbortController();
    const onPolled = (summary: PollSummary) => told.push(summary);
    return pollTurn(world.ctx, id, { signal, force: signal, onNotification: () => {}, onPolled });
  }

  it('needs no rest after a poll, for the next one has its time', async () => {
    const id = await world.create();
    world.clock.offset = MINUTE;
    expect(await turn(id)).toBe(0);
    expect(told).toMatchObject([{ id, status: 'ok' }]);
  });

  it('leaves alone for a while whoever cannot be polled: its time stays come', async () => {
    const broken = await world.create();
    const disabled = await world.create();
    const busy = await world.create();
    world.clock.offset = MINUTE;
    writeFileSync(join(world.home, 'instances', `${broken}.json`), '{"half');
    await setEnabled(world.ctx, disabled, false);
    expect(await turn(broken)).toBeGreaterThanOrEqual(30);
    expect(await turn(disabled)).toBeGreaterThan(0);
    const other = await world.open();
    const held = await withLease(other, `poll:${busy}`, () => turn(busy));
    expect(held?.value).toBeGreaterThan(0);
    expect(told).toMatchObject([{ id: broken, status: 'failed', error: { code: 'store' } }]);
  });
});
