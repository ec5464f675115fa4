import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { told } from '../support/notifications.js';
import { remains } from './remains.js';
import { settle } from './settle.js';
import { endAccessTokens, type Stage, startStage, type Trial } from './stage.js';
import { runUnder } from './under.js';

// The superuser writes where the modes forbid it, unless it is without that one right.
const WITHOUT_OVERRIDE = ['setpriv', '--bounding-set=-dac_override', '--inh-caps=-dac_override'];
const BOUND = process.getuid?.() === 0 ? WITHOUT_OVERRIDE : [];

describe('a store that may not be written', () => {
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

  /** Takes the right to write from everything under the path, or gives it back to the owner. */
  function writable(path: string, may: boolean): void {
    const folder = statSync(path).isDirectory();
    if (folder && may) chmodSync(path, 0o700);
    if (folder) for (const entry of readdirSync(path)) writable(join(path, entry), may);
    chmodSync(path, (folder ? 0o500 : 0o400) | (may ? 0o200 : 0));
  }

  function contents(folder: string): Record<string, string> {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'base64')]),
    );
  }

  async function expectRefused(trial: Trial, args: string[], sentence: RegExp): Promise<void> {
    const { code, stderr } = await runUnder(BOUND, trial, [...args, '--json']);
    const { error } = JSON.parse(stderr);
    expect([code, error.code]).toEqual([5, 'store']);
    expect(error.message).toMatch(sentence);
    expect(error.hint).toMatch(/writable/);
  }

  async function expectAllDelivered(trial: Trial): Promise<void> {
    await settle(trial);
    expect([...new Set(told(trial.received()))]).toEqual(arrived.map((id) => `CREATED ${id}`));
    expect(remains(trial)).toMatchObject({ integrity: 'ok', strays: {} });
  }

  it('as a whole is named with exit 5 by each command and left as it is; once it may, all is delivered', async () => {
    const trial = stage.trial(pending);
    const before = contents(trial.home);
    writable(trial.home, false);
    for (const args of [['poll'], ['instances', 'disable', '1'], ['config', 'set', 'retention.deadDays', '3']]) {
      await expectRefused(trial, args, /^(instance 1: )?events\.db (is read-only|could not be (opened|made))/);
    }
    writable(trial.home, true);
    expect(contents(trial.home)).toEqual(before);
    expect(trial.received()).toEqual([]);
    await expectAllDelivered(trial);
  });

  it('in events.db alone is named with exit 5, and nothing is sent that could not be recorded', async () => {
    const trial = stage.trial(pending);
    chmodSync(join(trial.home, 'events.db'), 0o400);
    await expectRefused(trial, ['poll'], /^(instance 1: )?events\.db (is read-only|could not be opened)/);
    expect(trial.received()).toEqual([]);
    // Its log and index have been made as read-only as it was: the hint names them too.
    writable(trial.home, true);
    await expectAllDelivered(trial);
  });

  it('in the folder of accounts alone is named by its file when a token has to be kept', async () => {
    const trial = stage.trial(pending);
    endAccessTokens(trial.home);
    const accounts = join(trial.home, 'accounts');
    writable(accounts, false);
    await expectRefused(trial, ['poll'], /accounts\/ann@example\.com~.*\.json could not be written \(EACCES\)/);
    writable(accounts, true);
    await expectAllDelivered(trial);
  });
});
