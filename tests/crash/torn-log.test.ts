import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { events, told } from '../support/notifications.js';
import { remains } from './remains.js';
import { settle } from './settle.js';
import { type Stage, startStage, type Trial } from './stage.js';

const HEADER = 32;
const FRAME = 24 + 4096;

/**
 * What a disk that lied about its writes may leave: the end of the database's log is missing, or garbage. SQLite takes what
 * lies before as whole commits. A lost end is work done again, under the same event ids; nothing is lost, nothing made up.
 */
describe('a log that is torn after a crash', () => {
  let stage: Stage;
  let crashed: Trial;
  let log: Buffer;
  let arrived: string[];

  beforeAll(async () => {
    stage = await startStage();
    await stage.world.create({
      configuration: {
        'event.poller.configuration': {
          'changed-messages': { url: '/hubs/general/changed-messages', idField: 'id', pageSize: 3 },
        },
      },
    });
    arrived = stage.world.sandbox.mailbox().receiveMany(9);
    crashed = stage.trial();
    // Two of three notifications are delivered and recorded when it dies.
    stage.answer(() => ({}));
    const run = crashed.start(['poll']);
    stage.world.receiver.respond(() => {
      if (crashed.received().length === 3) run.child.kill('SIGKILL');
      return crashed.received().length === 3 ? { hang: true } : {};
    });
    expect((await run.result).signal).toBe('SIGKILL');
    stage.world.receiver.respond({});
    log = readFileSync(join(crashed.home, 'events.db-wal'));
  });
  afterAll(() => stage.close());

  const frames = () => Math.floor((log.length - HEADER) / FRAME);

  async function expectCaughtUp(tear: (path: string) => void): Promise<void> {
    const trial = stage.trial(crashed.home);
    tear(join(trial.home, 'events.db-wal'));
    await settle(trial);
    const both = [...crashed.received(), ...trial.received()];
    expect([...new Set(told(both))]).toEqual(arrived.map((id) => `CREATED ${id}`));
    expect(new Set(events(both).map(({ id }) => id)).size).toBe(arrived.length);
    expect(remains(trial)).toMatchObject({ integrity: 'ok', strays: {} });
    expect(new Set(remains(trial).outbox.map(({ state }) => state))).toEqual(new Set(['delivered']));
  }

  it('holds what the crash had not yet brought into the database', () => {
    expect(frames()).toBeGreaterThan(20);
  });

  it.each<[string, () => number]>([
    ['nothing of it', () => 0],
    ['half a header', () => HEADER / 2],
    ['the header alone', () => HEADER],
    ['half a frame', () => HEADER + FRAME / 2],
    ['a quarter', () => HEADER + Math.floor(frames() / 4) * FRAME],
    ['half, to the middle of a frame', () => HEADER + Math.floor(frames() / 2) * FRAME + 1000],
    ['all but the last frame', () => HEADER + (frames() - 1) * FRAME],
    ['all but the last byte', () => log.length - 1],
  ])('is gone on from when %s is left', async (_name, size) => {
    await expectCaughtUp((path) => truncateSync(path, size()));
  });

  it.each<[string, () => number]>([
    ['its header', () => 8],
    ['its first frame', () => HEADER + 100],
    ['its middle', () => HEADER + Math.floor(frames() / 2) * FRAME + 500],
    ['its last frame', () => HEADER + (frames() - 1) * FRAME + 10],
  ])('is gone on from when %s is garbage', async (_name, at) => {
    await expectCaughtUp((path) => {
      const garbled = Buffer.from(log);
      garbled.fill(0xa5, at(), at() + 16);
      writeFileSync(path, garbled);
    });
  });

  it('is gone on from without the log and its index', async () => {
    await expectCaughtUp((path) => {
      truncateSync(path, 0);
      writeFileSync(path.replace(/-wal$/, '-shm'), '');
    });
  });
});
