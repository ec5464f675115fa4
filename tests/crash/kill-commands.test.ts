import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resumeInstance } from '../../src/core/delivery/index.js';
import { createInstance, listInstances, updateInstance } from '../../src/core/instances/index.js';
import { changedRepeats, notifications, told } from '../support/notifications.js';
import { killedEverywhere } from './everywhere.js';
import { instanceRows, remains } from './remains.js';
import { inHome, settle } from './settle.js';
import { type Stage, startStage, type Trial } from './stage.js';

/** Commands that change what is kept, killed after each of their commits and files and around each of their requests. */
describe('a command killed anywhere', () => {
  let stage: Stage;
  /** Homes: without an instance; with two pending notifications; both delivered; both pending and stopped by a 410. */
  const from = { empty: '', pending: '', delivered: '', stopped: '' };
  let arrived: string[];

  beforeAll(async () => {
    stage = await startStage();
    const { world } = stage;
    from.empty = stage.base();
    await world.create();
    arrived = world.sandbox.mailbox().receiveMany(11);
    await world.cli(['poll', '--no-deliver']);
    from.pending = stage.base();
    world.receiver.respond({ status: 410 });
    await world.cli(['poll']);
    from.stopped = stage.base();
    world.receiver.respond({});
    await world.cli(['events', 'resend', '--state', 'pending']);
    from.delivered = stage.base();
  }, 60_000);
  afterAll(() => stage.close());

  function states(trial: Trial): string[] {
    return remains(trial).outbox.map(({ state }) => state);
  }

  function expectSound(trial: Trial): void {
    const { integrity, strays } = remains(trial);
    expect([integrity, strays]).toEqual(['ok', {}]);
    expect(changedRepeats(trial.received())).toEqual([]);
  }

  const files = (trial: Trial) => inHome(trial, listInstances);

  it('create-instance: what is there works, nothing is half there, and the next one is made', async () => {
    const body = ({ callback }: Trial) =>
      stage.world.body({ configuration: { 'event.notification.callback.url': callback } });
    const points = await killedEverywhere(
      stage,
      { from: from.empty, args: ['create-instance', '--body', '-'], stdin: (trial) => JSON.stringify(body(trial)) },
      async (trial, { signal }) => {
        const made = (await files(trial)).length;
        expect(made).toBeLessThanOrEqual(1);
        if (signal === null) expect(made).toBe(1);
        await inHome(trial, (ctx) => createInstance(ctx, body(trial), { allowPrivate: true }));
        await settle(trial);
        // A lost cursor would be told as a gap.
        expect(trial.received()).toEqual([]);
        const ids = (await files(trial)).map(({ id }) => id);
        expect(ids).toHaveLength(made + 1);
        expect(instanceRows(trial)).toEqual(expect.arrayContaining(ids));
        expectSound(trial);
      },
    );
    expect(points.length).toBeGreaterThan(10);
  }, 120_000);

  it('instances update without the callback URL: pending ones are stored, or it has not happened', async () => {
    const body = JSON.stringify({ configuration: { 'event.notification.callback.url': null } });
    const ends = new Set<string>();
    await killedEverywhere(
      stage,
      { from: from.pending, args: ['instances', 'update', '1', '--body', '-'], stdin: () => body },
      async (trial) => {
        await settle(trial);
        const [instance] = await files(trial);
        const removed = instance?.configuration['event.notification.callback.url'] === undefined;
        expect(states(trial)).toEqual(removed ? ['stored', 'stored'] : ['delivered', 'delivered']);
        expect(notifications(trial.received())).toHaveLength(removed ? 0 : 2);
        expectSound(trial);
        ends.add(`removed: ${removed}`);
      },
    );
    expect(ends.size).toBe(2);
  }, 120_000);

  it('instances update with another callback URL: all that waited goes out, in order', async () => {
    await killedEverywhere(
      stage,
      {
        from: from.stopped,
        args: ({ callback }) => ['instances', 'update', '1', '--callback-url', `${callback}?new`],
      },
      async (trial) => {
        // What was not changed is still stopped; the same update makes up for it.
        const configuration = { 'event.notification.callback.url': `${trial.callback}?new` };
        await inHome(trial, (ctx) => updateInstance(ctx, 1, { configuration }, { allowPrivate: true }));
        await settle(trial);
        expect(states(trial)).toEqual(['delivered', 'delivered']);
        expect(told(trial.received())).toEqual(arrived.map((id) => `CREATED ${id}`));
        expectSound(trial);
      },
    );
  }, 120_000);

  it('instances delete: nothing is left of it, or it lives on', async () => {
    const ends = new Set<string>();
    await killedEverywhere(
      stage,
      { from: from.pending, args: ['instances', 'delete', '1', '--yes'] },
      async (trial) => {
        await settle(trial);
        const left = await files(trial);
        expect(instanceRows(trial)).toEqual(left.map(({ id }) => id));
        expect(states(trial)).toEqual(left.length === 0 ? [] : ['delivered', 'delivered']);
        expect(notifications(trial.received())).toHaveLength(left.length === 0 ? 0 : 2);
        expectSound(trial);
        ends.add(`left: ${left.length}`);
      },
    );
    expect(ends.size).toBe(2);
  }, 120_000);

  it('events resend: what it began is sent, under the same id and with the same bytes', async () => {
    const points = await killedEverywhere(
      stage,
      { from: from.delivered, args: ['events', 'resend', '--state', 'delivered'] },
      async (trial, { signal }) => {
        await settle(trial);
        expect(states(trial)).toEqual(['delivered', 'delivered']);
        if (signal === null) expect(told(trial.received())).toEqual(arrived.map((id) => `CREATED ${id}`));
        const sentFirst = new Map(
          stage.world.receiver.requests.map((request) => [request.id, request.body.toString()]),
        );
        for (const { id, body } of trial.received()) expect(body.toString()).toBe(sentFirst.get(id));
        expectSound(trial);
      },
    );
    expect(points.length).toBeGreaterThan(10);
  }, 120_000);

  it('events discard: one is given up or delivered, and those behind it are delivered', async () => {
    const ends = new Set<string>();
    const [first = ''] = remains(stage.trial(from.pending)).outbox.map(({ id }) => id);
    await killedEverywhere(
      stage,
      { from: from.pending, args: ['events', 'discard', first, '--yes'] },
      async (trial) => {
        await settle(trial);
        const [head = '', ...others] = states(trial);
        expect(['dead', 'delivered']).toContain(head);
        expect(others).toEqual(['delivered']);
        expect(notifications(trial.received())).toHaveLength(head === 'dead' ? 1 : 2);
        expectSound(trial);
        ends.add(head);
      },
    );
    expect(ends.size).toBe(2);
  }, 120_000);

  it('instances resume: all that waited goes out, in order, once it was run again', async () => {
    await killedEverywhere(stage, { from: from.stopped, args: ['instances', 'resume', '1'] }, async (trial) => {
      await inHome(trial, (ctx) => resumeInstance(ctx, 1));
      await settle(trial);
      expect(states(trial)).toEqual(['delivered', 'delivered']);
      expect(told(trial.received())).toEqual(arrived.map((id) => `CREATED ${id}`));
      expectSound(trial);
    });
  }, 120_000);
});
