import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changedRepeats, events, told } from '../support/notifications.js';
import { killedEverywhere } from './everywhere.js';
import { remains, withDatabase } from './remains.js';
import { settle } from './settle.js';
import { endAccessTokens, type Stage, startStage, type Trial } from './stage.js';

/**
 * The real process is killed (SIGKILL) after every commit and every file it replaces, and around every request: before it
 * is sent, while it is unanswered, and when its answer has come and nothing of it is recorded. A first undisturbed run finds
 * the points. (A kill proves the death of a process; for that of a machine the store waits for the disk.)
 */
describe('a poll killed anywhere', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage();
    // The second request of each trial fails, whichever it is.
    stage.answer((own) => ({ status: own.length === 2 ? 500 : 200 }));
  });
  afterEach(() => stage.close());

  /** An instance that has polled once and has to ask for an access token next time. */
  async function prepare(resources: Record<string, object>): Promise<ReturnType<Stage['world']['sandbox']['mailbox']>> {
    const { world } = stage;
    await world.create({ configuration: { 'event.poller.configuration': resources } });
    await world.cli(['poll']);
    endAccessTokens(world.home);
    withDatabase(world.home, (all) => [all('DELETE FROM spent'), all('DELETE FROM quota')]);
    return world.sandbox.mailbox();
  }

  it('loses nothing, repeats only what is identical and keeps the order', async () => {
    const mailbox = await prepare({
      'changed-messages': { url: '/hubs/general/changed-messages', idField: 'id', pageSize: 3 },
      labels: { url: '/hubs/general/labels', idField: 'id' },
    });
    const [old = ''] = mailbox.messageIds();
    const arrived = mailbox.receiveMany(4);
    mailbox.modifyLabels(arrived[0] ?? '', { add: ['STARRED'] });
    mailbox.delete(old);
    const label = mailbox.createLabel('Receipts');

    const points = await killedEverywhere(stage, { args: ['poll'] }, async (trial) => {
      await settle(trial);
      expectWhole(trial, [
        ...arrived.map((id) => `CREATED ${id}`),
        `UPDATED ${arrived[0]}`,
        `DELETED ${old}`,
        `CREATED ${label}`,
      ]);
      expect(remains(trial).outbox.map(({ resource }) => resource)).toEqual([
        'changed-messages',
        'changed-messages',
        'labels',
      ]);
    });

    expect(points.length).toBeGreaterThanOrEqual(50);
    expect(kindsOf(points)).toEqual(
      expect.arrayContaining([
        'answered GET history',
        'answered GET labels',
        'answered GET messages',
        'answered POST callback',
        'answered POST token',
        'commit',
        'renamed file',
        'unanswered GET history',
        'unanswered GET labels',
        'unanswered GET messages',
        'unanswered POST callback',
        'unanswered POST token',
        'unsent GET history',
        'unsent GET labels',
        'unsent GET messages',
        'unsent POST callback',
        'unsent POST token',
      ]),
    );
  }, 300_000);

  it('between the parts of one page goes on behind the part that was stored', async () => {
    const mailbox = await prepare({ 'changed-messages': { url: '/hubs/general/changed-messages', idField: 'id' } });
    const arrived = mailbox.receiveMany(103);
    const points = await killedEverywhere(stage, { args: ['poll'], chosen: commitsBetweenParts }, async (trial) => {
      await settle(trial);
      expectWhole(
        trial,
        arrived.map((id) => `CREATED ${id}`),
      );
    });
    expect(points.length).toBeGreaterThan(0);
  }, 60_000);

  /** Those between the fetch of the hundredth message and that of the next: there one part ends and another begins. */
  function commitsBetweenParts(points: string[]): number[] {
    const fetches = points.flatMap((name, at) => (/^answered GET .*\/messages\//.test(name) ? [at] : []));
    const [hundredth = 0, next = 0] = fetches.slice(99);
    return points.flatMap((name, at) => (name === 'commit' && at > hundredth && at < next ? [at + 1] : []));
  }

  it('while a notification dies: it dies once, is told by one letter, and the next is delivered', async () => {
    const { world } = stage;
    await world.cli(['config', 'set', 'delivery.retryWaits', '0']);
    const mailbox = await prepare({ 'changed-messages': { url: '/hubs/general/changed-messages', idField: 'id' } });
    const arrived = mailbox.receiveMany(12);
    await world.cli(['poll', '--no-deliver']);
    // The first notification of each trial is refused for good, whoever asks.
    stage.answer((own) => ({ status: own.at(-1)?.id === own[0]?.id ? 500 : 200 }));

    const points = await killedEverywhere(stage, { args: ['poll'], code: 3 }, async (trial) => {
      await settle(trial);
      const { integrity, outbox, strays } = remains(trial);
      expect([integrity, strays]).toEqual(['ok', {}]);
      expect(outbox.map(({ resource, state, attempts }) => [resource, state, attempts])).toEqual([
        ['changed-messages', 'dead', 2],
        ['changed-messages', 'delivered', 1],
        ['mailbox', 'delivered', 1],
      ]);
      const requests = trial.received();
      expect(changedRepeats(requests)).toEqual([]);
      expect(new Set(told(requests.filter(({ id }) => id !== requests[0]?.id)))).toEqual(
        new Set([...arrived.slice(10).map((id) => `CREATED ${id}`), 'DEAD_LETTER ann@example.com']),
      );
    });
    expect(points.length).toBeGreaterThanOrEqual(24);
  }, 120_000);

  function expectWhole(trial: Trial, lines: string[]): void {
    const requests = trial.received();
    const { integrity, outbox, strays, units } = remains(trial);
    expect([...new Set(told(requests))]).toEqual(lines);
    expect(changedRepeats(requests)).toEqual([]);
    expect(eventsUnderTwoIds(trial)).toEqual([]);
    expect([integrity, strays]).toEqual(['ok', {}]);
    expect(new Set(outbox.map(({ state }) => state))).toEqual(new Set(['delivered']));
    // The first deliveries came in the order of the queue.
    expect([...new Set(requests.map(({ id }) => id))]).toEqual(outbox.map(({ id }) => id));
    expect(units.spent).toBeGreaterThan(0);
    expect(units.spent).toBeLessThanOrEqual(units.reserved);
  }

  function eventsUnderTwoIds(trial: Trial): string[] {
    const idOf = new Map<string, string>();
    return events(trial.received()).flatMap(({ id, objectId, eventType }) => {
      const line = `${eventType} ${objectId}`;
      const known = idOf.get(line) ?? id;
      idOf.set(line, known);
      return known === id ? [] : [line];
    });
  }

  function kindsOf(points: string[]): string[] {
    const kinds = points.map((name) =>
      name
        .replace(/\/trial-\d+$/, 'callback')
        .replace(/^(renamed|removed) .*/, '$1 file')
        .replace(/\/gmail\/v1\/users\/me\/(\w+).*/, '$1')
        .replace('/token', 'token'),
    );
    return [...new Set(kinds)].sort();
  }
});
