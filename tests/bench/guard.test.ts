import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/cli.js';
import { startWorld, type World } from '../support/setup.js';

/** What a poll without news may load of node_modules: the store's engine, and what chooses its binary. */
const PACKAGES = ['@libsql/*', '@neon-rs/load', 'detect-libc', 'libsql'];

let world: World;
let folder: ReturnType<typeof temporaryFolder>;

beforeEach(async () => {
  world = await startWorld();
  folder = temporaryFolder();
  // Coverage tells from outside what a process has loaded: every script by its URL, Node's own too.
  world.env['NODE_V8_COVERAGE'] = folder.path;
});

afterEach(async () => {
  await world.close();
  folder.remove();
});

/** URLs of the scripts of the command's process. */
async function loadedBy(...args: string[]): Promise<string[]> {
  for (const name of readdirSync(folder.path)) folder.clear(name);
  expect(await world.cli(args)).toMatchObject({ code: 0, stderr: '' });
  return [];
}

describe('an idle poll', () => {
  it('is one request of Google: a history.list, 2 units', async () => {});
});
