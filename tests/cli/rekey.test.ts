import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/core/open.js';
import { openStore } from '../../src/store/open.js';
import { type CliResult, ROOT, runCli } from '../support/cli.js';
import { SECRET_MARK, startWorld, type World } from '../support/setup.js';

const OLD = { GMAIL_EVENTS_ENCRYPTION_KEY: `${SECRET_MARK}-old` };
const NEW = { GMAIL_EVENTS_ENCRYPTION_KEY: `${SECRET_MARK}-new` };
const BOTH = { ...OLD, GMAIL_EVENTS_NEW_ENCRYPTION_KEY: NEW.GMAIL_EVENTS_ENCRYPTION_KEY };
const KILL_POINTS = pathToFileURL(join(ROOT, 'tests/crash/kill-points.js')).href;

type Environment = Record<string, string>;

/** Under the old key: config.json, two accounts, two instances. Each test works on a copy. */
describe('config rekey', () => {
  let world: World;
  let made: string;
  beforeAll(async () => {
    world = await startWorld();
    const other = world.sandbox.addMailbox('bob@example.com').email;
    Object.assign(world.env, OLD);
    await world.create();
    const code = world.sandbox.grantCode({ redirectUri: 'http://127.0.0.1:9/oauth', email: other });
    await world.create({ providerData: { code } });
    const client = await world.cli(['config', 'set', 'oauth.clientSecret', '--file', '-'], `${SECRET_MARK}-client\n`);
    expect(client).toMatchObject({ code: 0, stdout: 'oauth.clientSecret is ********\n' });
    made = join(dirname(world.home), 'made');
    cpSync(world.home, made, { recursive: true });
  }, 60_000);
  afterAll(() => world.close());

  let copies = 0;
  function home(): string {
    const copy = join(dirname(made), `copy-${++copies}`);
    cpSync(made, copy, { recursive: true });
    return copy;
  }

  function run(folder: string, key: Environment, args: string[], more: Environment = {}): Promise<CliResult> {
    const { GMAIL_EVENTS_ENCRYPTION_KEY: _, ...env } = world.env;
    return runCli(args, { env: { ...env, ...key, ...more, GMAIL_EVENTS_HOME: folder } });
  }

  function files(folder: string): string[] {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.endsWith('.json')).sort();
  }

  function texts(folder: string): Record<string, string> {
    return Object.fromEntries(files(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  }

  function forms(folder: string): string[] {
    return Object.values(texts(folder)).map((text) => ('encrypted' in JSON.parse(text) ? 'encrypted' : 'plain'));
  }

  /** All that the files hold, and what a command shows of them under that key. */
  async function content(folder: string, key: string | undefined): Promise<unknown[]> {
    const store = await openStore({ home: folder, clock: systemClock, encryptionKey: key });
    try {
      const accounts = (await store.accountFiles.keys()).map((name) => store.accountFiles.read(name));
      const instances = (await store.instanceFiles.keys()).map((id) => store.instanceFiles.read(id));
      return await Promise.all([store.settings.read(), ...accounts, ...instances]);
    } finally {
      await store.close();
    }
  }

  it('takes every file to the new key, and the old one opens nothing any more', async () => {
    const folder = home();
    const before = await content(folder, OLD.GMAIL_EVENTS_ENCRYPTION_KEY);
    expect(files(folder)).toHaveLength(5);
    const result = await run(folder, BOTH, ['config', 'rekey', '--json']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toEqual({ home: folder, files: 5, encrypted: true });
    expect(await content(folder, NEW.GMAIL_EVENTS_ENCRYPTION_KEY)).toEqual(before);
    for (const key of [OLD, {}]) expect((await run(folder, key, ['status'])).code).toBe(5);
    expect(forms(folder)).toEqual(Array(5).fill('encrypted'));
  }, 60_000);

  it('decrypts with --remove alone, and encrypts a plain home', async () => {
    const folder = home();
    const before = await content(folder, OLD.GMAIL_EVENTS_ENCRYPTION_KEY);
    expect(await run(folder, OLD, ['config', 'rekey', '--remove'])).toMatchObject({ code: 0 });
    expect(forms(folder)).toEqual(Array(5).fill('plain'));
    expect(await content(folder, undefined)).toEqual(before);
    const { GMAIL_EVENTS_NEW_ENCRYPTION_KEY } = BOTH;
    expect(await run(folder, {}, ['config', 'rekey'], { GMAIL_EVENTS_NEW_ENCRYPTION_KEY })).toMatchObject({ code: 0 });
    expect(forms(folder)).toEqual(Array(5).fill('encrypted'));
    expect(await content(folder, NEW.GMAIL_EVENTS_ENCRYPTION_KEY)).toEqual(before);
  }, 60_000);

  it.each<[string, Environment, string[], number]>([
    ['a wrong key', { ...BOTH, GMAIL_EVENTS_ENCRYPTION_KEY: `${SECRET_MARK}-wrong` }, [], 5],
    ['no present key', { GMAIL_EVENTS_NEW_ENCRYPTION_KEY: `${SECRET_MARK}-new` }, [], 5],
    ['no present key and --remove', {}, ['--remove'], 5],
    ['no new key', OLD, [], 2],
    ['a new key and --remove', BOTH, ['--remove'], 2],
  ])('with %s changes nothing', async (_name, env, flags, code) => {
    const folder = home();
    const before = texts(folder);
    const result = await run(folder, env, ['config', 'rekey', ...flags]);
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).not.toContain(SECRET_MARK);
    expect(texts(folder)).toEqual(before);
    expect(existsSync(join(folder, 'rekey.pending'))).toBe(false);
  });

  it('changes nothing when one file cannot be read, and names it', async () => {
    const folder = home();
    writeFileSync(join(folder, 'instances/2.json'), '{"half');
    const before = texts(folder);
    const result = await run(folder, BOTH, ['config', 'rekey']);
    expect(result).toMatchObject({ code: 5, stderr: expect.stringContaining('instances/2.json') });
    expect(texts(folder)).toEqual(before);
  });

  it('killed at any file, keeps every command away and is finished by a second run', async () => {
    const before = await content(made, OLD.GMAIL_EVENTS_ENCRYPTION_KEY);
    const log = join(dirname(made), 'points');
    const killing = { NODE_OPTIONS: `--import=${KILL_POINTS}` };
    const listing = home();
    expect((await run(listing, BOTH, ['config', 'rekey'], { ...killing, KILL_LOG: log })).code).toBe(0);
    const points = readFileSync(log, 'utf8').trim().split('\n');
    // After a file has been replaced, and before the next is: the death of the machine is the store's to prove.
    const places = points.flatMap((name, at) => (/^renamed (?!.*pending).*\.json$/.test(name) ? [at + 1] : []));
    expect(places).toHaveLength(5);

    for (const at of places) {
      const folder = home();
      const killed = await run(folder, BOTH, ['config', 'rekey'], { ...killing, KILL_AT: String(at) });
      expect([at, killed.signal]).toEqual([at, 'SIGKILL']);
      const interrupted = texts(folder);
      const refused = await run(folder, at % 2 === 0 ? OLD : NEW, ['poll']);
      expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('gmail-events config rekey') });
      for (const key of [OLD, NEW]) {
        await expect(content(folder, key.GMAIL_EVENTS_ENCRYPTION_KEY)).rejects.toMatchObject({ code: 'store' });
      }
      expect(texts(folder)).toEqual(interrupted);
      expect((await run(folder, BOTH, ['config', 'rekey'])).code).toBe(0);
      expect(await content(folder, NEW.GMAIL_EVENTS_ENCRYPTION_KEY)).toEqual(before);
      expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).includes('.tmp-'))).toEqual([]);
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});
