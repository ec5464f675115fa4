import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/commands/instances-resume.js';
import { deliverInstance } from '../../src/core/delivery/index.js';
import { World } from '../core/delivery/world.js';
import { terminal } from './terminal.js';

let world: World;

beforeEach(async () => {
  world = await World.open();
});

afterEach(() => world.close());

describe('instances resume', () => {
  it('lifts the stop and prints the instance; the next delivery sends what is pending', async () => {
    const receiver = await world.receiver({ answer: { status: 410 } });
    const id = await world.instance(receiver.url);
    await world.put(id, 2);
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ stopped: true });
    receiver.respond({});
    const screen = terminal({ json: true });
    expect(await run({ instance: `instance ${id}` }, world.ctx, screen.ui)).toBe('ok');
    expect(screen.json()).toMatchObject([{ id, name: `instance ${id}`, token: '********' }]);
    expect(receiver.requests).toHaveLength(1);
    expect(await deliverInstance(world.ctx, id)).toMatchObject({ delivered: 2, stopped: false });
  });

  it('tells a person how much is due and what sends it', async () => {
    const id = await world.instance('http://127.0.0.1:9/');
    await world.put(id, 2);
    const screen = terminal();
    await run({ instance: String(id) }, world.ctx, screen.ui);
    expect(screen.stdout).toContain('with 2 pending and due now');
    expect(screen.stderr).toContain(`gmail-events poll ${id}`);
  });

  it('refuses an unknown instance', async () => {
    await expect(run({ instance: '99' }, world.ctx, terminal().ui)).rejects.toMatchObject({ code: 'usage' });
  });
});
