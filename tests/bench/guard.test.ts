import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT, temporaryFolder } from '../support/cli.js';
import { startWorld, type World } from '../support/setup.js';

/** All that a poll without news reads: what starts it, and the bundle. */
const FILES = ['bin/gmail-events.js', 'bin/load.js', 'bundle/cli.cjs'].map((name) => join(ROOT, name));
/** Loaded by the commands that need them, and never a part of the bundle, which every run reads. */
const APART = ['@googleapis/gmail', 'fastify', 'googleapis', 'inquirer', 'open', 'pino', 'prom-client'];

let world: World;
let folder: ReturnType<typeof temporaryFolder>;

beforeEach(async () => {
  world = await startWorld();
  folder = temporaryFolder();
});

afterEach(async () => {
  await world.close();
  folder.remove();
});

/** URLs of all scripts that the command's process has loaded, Node's own (`node:...`) among them. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const into = join(folder.path, 'coverage');
  rmSync(into, { recursive: true, force: true });
  world.env['NODE_V8_COVERAGE'] = into;
  expect(await world.cli(args)).toMatchObject({ code: 0, stderr: '' });
  delete world.env['NODE_V8_COVERAGE'];
  const reports = readdirSync(into).map((name) => JSON.parse(readFileSync(join(into, name), 'utf8')));
  return reports.flatMap(({ result }: { result: { url: string }[] }) => result.map(({ url }) => url));
}

function packagesOf(urls: string[]): string[] {
  const names = urls.map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

describe('an idle poll of the built program', () => {
  beforeEach(async () => {
    await world.create();
    world.sandbox.resetRequests();
  });

  it('makes one request: a history.list of 2 units, with the access token that is kept', async () => {
    const summary = (await world.cli(['poll', '--json'])).stdout;
    expect(JSON.parse(summary)).toMatchObject({ instances: [{ status: 'ok', events: 0, requests: 1, units: 2 }] });
    expect(world.sandbox.requests.map(({ method, units }) => [method, units])).toEqual([['history.list', 2]]);
    expect(world.receiver.requests).toEqual([]);
  });

  it('loads three files, and of Node itself none of the modules that it can do without', async () => {
    const loaded = await loadedBy('poll', '--quiet');
    const files = loaded.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
    expect(files.sort()).toEqual(FILES);
    expect(loaded.filter((url) => /^node:(_?http2?|crypto|child_process|dns|assert|perf_hooks)\b/.test(url))).toEqual(
      [],
    );
  });

  it('has the large packages in none of them', async () => {
    const files = (await loadedBy('poll', '--quiet')).filter((url) => /^file:.*\/bundle\//.test(url));
    // esbuild names the file that each stretch of a bundle comes from.
    const paths = files.flatMap(
      (url) => readFileSync(fileURLToPath(url), 'utf8').match(/node_modules\/[\w@./-]+/g) ?? [],
    );
    const packages = packagesOf(paths.map((path) => `/${path}`));
    expect(packages).toContain('undici');
    expect(packages.filter((name) => APART.includes(name))).toEqual([]);
  });

  it('finds code that was made by this very Node, or by the Node itself: that of another one crashes it', async () => {
    const kept = readdirSync(join(ROOT, 'bundle')).filter((name) => name.endsWith('.cache'));
    const ownCache = 'enableCompileCache' in module;
    expect(kept.map((name) => name.includes(`.${process.version}-${process.platform}-${process.arch}-`))).toEqual(
      ownCache ? [] : [true],
    );
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
      cwd: ROOT,
    });
    expect(stdout).toContain('bundle/cli.cjs');
    expect(stdout).not.toContain('.cache');
  });
});
