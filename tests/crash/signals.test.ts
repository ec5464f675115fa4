import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/cli.js';
import { changedRepeats, told } from '../support/notifications.js';
import { remains, withDatabase } from './remains.js';
import { settle } from './settle.js';
import { endAccessTokens, hasEndedTokens, type Stage, startStage, type Trial } from './stage.js';

describe('a signal in the middle of a drain', () => {
  let stage: Stage;
  let pending: string;
  let arrived: string[];
  /** Answers the callbacks that are held. */
  let release = () => {};

  beforeAll(async () => {
    stage = await startStage();
    await stage.world.create();
    arrived = stage.world.sandbox.mailbox().receiveMany(21);
    await stage.world.cli(['poll', '--no-deliver']);
    // So that a poll begins at once and writes a file: the writer's package once answered signals too.
    endAccessTokens(stage.world.home);
    withDatabase(stage.world.home, (all) => all('UPDATE instance SET next_poll_at = 1'));
    pending = stage.base();
  });
  afterEach(() => release());
  afterAll(() => stage.close());

  /** Starts the command; its second callback is unanswered when this returns. */
  async function held(trial: Trial, args: string[]): Promise<ReturnType<Trial['start']>> {
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    stage.world.receiver.respond(async () => {
      if (trial.received().length === 2) await released;
      return {};
    });
    const run = trial.start(args);
    await until('the callback is held', () => trial.received().length === 2, 30_000);
    await until('the new access token is kept', () => !hasEndedTokens(trial.home));
    return run;
  }

  async function expectAllDelivered(trial: Trial, requests: number): Promise<void> {
    stage.world.receiver.respond({});
    release();
    await settle(trial);
    expect(remains(trial)).toMatchObject({ integrity: 'ok', strays: {} });
    expect(remains(trial).outbox.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
    expect([...new Set(told(trial.received()))]).toEqual(arrived.map((id) => `CREATED ${id}`));
    expect(changedRepeats(trial.received())).toEqual([]);
    expect(trial.received()).toHaveLength(requests);
  }

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    '%s ends a poll at once; what was in flight is repeated',
    async (signal) => {
      const trial = stage.trial(pending);
      const run = await held(trial, ['poll']);
      run.child.kill(signal);
      // By the signal itself, which a shell shows as 143 or 130.
      expect(await run.result).toMatchObject({ code: null, signal });
      await expectAllDelivered(trial, 4);
    },
  );

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    '%s lets a watch record what is in flight and begin nothing more',
    async (signal) => {
      const trial = stage.trial(pending);
      const run = await held(trial, ['watch']);
      run.child.kill(signal);
      await until('the watch says that it stops', () => run.stderr().includes('Stopping'));
      release();
      expect(await run.result).toMatchObject({ code: 0, signal: null });
      expect(remains(trial).outbox.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'pending']);
      await expectAllDelivered(trial, 3);
    },
  );

  it.each<[NodeJS.Signals, number]>([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ])('a second %s ends a watch at once, with exit %i', async (signal, code) => {
    const trial = stage.trial(pending);
    const run = await held(trial, ['watch']);
    run.child.kill(signal);
    await until('the watch says that it stops', () => run.stderr().includes('Stopping'));
    run.child.kill(signal);
    expect(await run.result).toMatchObject({ code, signal: null });
    expect(remains(trial).outbox.map(({ state }) => state)).toEqual(['delivered', 'pending', 'pending']);
    await expectAllDelivered(trial, 4);
  });
});
