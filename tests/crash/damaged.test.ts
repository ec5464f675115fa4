import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { told } from '../support/notifications.js';
import { remains } from './remains.js';
import { settle } from './settle.js';
import { type Stage, startStage, type Trial } from './stage.js';

describe('a store that is damaged', () => {
  let stage: Stage;
  let pending: string;
  let arrived: string[];
  beforeAll(async () => {
    stage = await startStage();
    await stage.world.create();
    arrived = stage.world.sandbox.mailbox().receiveMany(11);
    await stage.world.cli(['poll', '--no-deliver']);
    pending = stage.base();
  });
  afterAll(() => stage.close());

  function overwrite(path: string, at: number, bytes: number): void {
    const found = readFileSync(path);
    found.fill(0xa5, at, at + bytes);
    writeFileSync(path, found);
  }

  const damages: [string, string, (path: string) => void, RegExp][] = [
    ['the header of events.db', 'events.db', (path) => overwrite(path, 0, 16), /^events\.db is not a database/],
    ['the schema of events.db', 'events.db', (path) => overwrite(path, 100, 200), /^events\.db is damaged/],
    ['events.db, cut off', 'events.db', (path) => truncateSync(path, 8192), /^events\.db is damaged/],
    [
      'config.json, half written',
      'config.json',
      (path) => truncateSync(path, 20),
      /^config\.json cannot be understood/,
    ],
    [
      'an instance, half written',
      'instances/1.json',
      (path) => truncateSync(path, 200),
      /instances\/1\.json cannot be understood: it is not valid JSON/,
    ],
    [
      'an instance, emptied',
      'instances/1.json',
      (path) => truncateSync(path, 0),
      /instances\/1\.json cannot be understood: it is empty/,
    ],
    [
      'an account, half written',
      'accounts/*',
      (path) => truncateSync(path, 100),
      /accounts\/ann@example\.com~.*\.json cannot be understood/,
    ],
  ];

  it.each(damages)(
    '(%s) is named with exit 5 and left alone, and once mended all goes on',
    async (_name, file, damage, sentence) => {
      const trial = stage.trial(pending);
      const path = fileOf(trial, file);
      const good = readFileSync(path);
      damage(path);
      const damaged = readFileSync(path);

      const { code, stderr } = await trial.run(['poll', '--json']);
      expect(code).toBe(5);
      const { error } = JSON.parse(stderr);
      expect(error).toMatchObject({ code: 'store', hint: expect.stringMatching(/backup|correct/) });
      expect(error.message).toMatch(sentence);
      expect(readFileSync(path).equals(damaged)).toBe(true);

      writeFileSync(path, good);
      await settle(trial);
      expect([...new Set(told(trial.received()))]).toEqual(arrived.map((id) => `CREATED ${id}`));
      expect(remains(trial)).toMatchObject({ integrity: 'ok', strays: {} });
    },
  );

  function fileOf({ home }: Trial, file: string): string {
    if (!file.endsWith('/*')) return join(home, file);
    const folder = join(home, file.slice(0, -2));
    return join(folder, readdirSync(folder)[0] ?? '');
  }
});
