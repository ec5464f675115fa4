import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Libsql from 'libsql';
import { told } from '../support/notifications.js';
import { remains } from './remains.js';
import { settle } from './settle.js';
import { type Stage, startStage } from './stage.js';

describe('a store that another process holds', () => {
  let stage: Stage;
  let arrived: string[];
  beforeAll(async () => {
    stage = await startStage();
    await stage.world.create();
    arrived = stage.world.sandbox.mailbox().receiveMany(3);
  });
  afterAll(() => stage.close());

  it('for more than 15 s: every command says so with exit 75, and what reads needs not wait; then all goes on', async () => {
    const trial = stage.trial();
    const other = new Libsql(join(trial.home, 'events.db'));
    other.exec('BEGIN IMMEDIATE');
    try {
      const began = Date.now();
      const runs = [trial.run(['poll', '--json']), trial.run(['instances', 'disable', '1', '--json'])];
      const reading = await trial.run(['instances', 'list', '--json']);
      expect(reading.code).toBe(0);
      expect(Date.now() - began).toBeLessThan(15_000);
      for (const { code, stderr } of await Promise.all(runs)) {
        expect(code).toBe(75);
        expect(JSON.parse(stderr).error).toMatchObject({
          code: 'retry_later',
          message: expect.stringContaining('events.db has been locked by another process for 15 s'),
          hint: 'Run the command again in a moment.',
        });
      }
      expect(Date.now() - began).toBeGreaterThan(15_000);
    } finally {
      other.exec('ROLLBACK');
      other.close();
    }
    await settle(trial);
    expect(told(trial.received())).toEqual(arrived.map((id) => `CREATED ${id}`));
    expect(remains(trial)).toMatchObject({ integrity: 'ok', strays: {} });
  }, 60_000);
});
