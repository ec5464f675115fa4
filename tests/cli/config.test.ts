import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run as get } from '../../src/commands/config-get.js';
import { type ConfigSetOptions, run as set } from '../../src/commands/config-set.js';
import type { Context } from '../../src/core/context.js';
import type { CoreError } from '../../src/core/errors.js';
import { openContext } from '../../src/core/index.js';
import type { SettingKey } from '../../src/core/settings/index.js';
import { defaultSettings } from '../../src/store/documents/setting-rules.js';
import { terminal } from '../commands/terminal.js';
import { runCli, temporaryFolder } from '../support/cli.js';
import { SECRET_MARK } from '../support/setup.js';

let folder: ReturnType<typeof temporaryFolder>;
const contexts: Context[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const { store } of contexts.splice(0)) await store.close();
  folder.remove();
});

async function config(args: string[], stdin = '') {
  const home = join(folder.path, 'home');
  const result = await runCli(['config', ...args], { env: { GMAIL_EVENTS_HOME: home }, stdin });
  expect(result.stdout + result.stderr).not.toContain(SECRET_MARK);
  return result;
}

/** Without a process of its own. */
async function opened(): Promise<Context> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const ctx = await openContext({ home: join(folder.path, 'home'), env: {}, log });
  contexts.push(ctx);
  return ctx;
}

const stored = () => JSON.parse(readFileSync(join(folder.path, 'home/config.json'), 'utf8'));

describe('config', () => {
  it('lists every setting, masks the secret one, and says where each comes from', async () => {
    expect(JSON.parse((await config(['list', '--json'])).stdout)).toEqual(defaultSettings());
    const file = join(folder.path, 'secret.txt');
    writeFileSync(file, `${SECRET_MARK}-client\n`);
    expect((await config(['set', 'oauth.clientSecret', '--file', file])).code).toBe(0);
    expect(stored()).toEqual({ 'oauth.clientSecret': `${SECRET_MARK}-client` });
    expect(statSync(join(folder.path, 'home/config.json')).mode & 0o777).toBe(0o600);
    const { stdout } = await config(['list']);
    expect(stdout).toMatch(/^oauth\.clientSecret +\*{8} +config\.json$/m);
    expect(stdout).toMatch(/^delivery\.timeoutSeconds +15 +default$/m);
    expect(await config(['get', 'oauth.clientSecret'])).toMatchObject({ code: 0, stdout: '********\n' });
  }, 30_000);

  it.each<[SettingKey, string, unknown]>([
    ['delivery.retryWaits', '5,60, 600', [5, 60, 600]],
    ['delivery.retryWaits', '[5,60]', [5, 60]],
    ['delivery.timeoutSeconds', '7.5', 7.5],
    ['quota.perAccountPerMinute', '3000', 3000],
    ['oauth.clientId', '1-a.apps.googleusercontent.com', '1-a.apps.googleusercontent.com'],
    ['oauth.callbackUrl', 'http://127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
  ])('sets %s to %s, reads it back, and takes it out again', async (key, value, kept) => {
    const ctx = await opened();
    const out = terminal({ json: true });
    expect(await set({ key, value }, ctx, out.ui)).toBe('ok');
    expect(stored()).toEqual({ [key]: kept });
    expect(out.json()).toEqual([{ key, value: kept, default: defaultSettings()[key], given: true }]);
    const shown = terminal();
    expect(await get({ key }, ctx, shown.ui)).toBe('ok');
    // What get shows, set takes.
    expect(await set({ key, value: shown.stdout.trim() }, ctx, terminal().ui)).toBe('ok');
    expect(stored()).toEqual({ [key]: kept });
    expect(await set({ key, unset: true }, ctx, terminal().ui)).toBe('ok');
    expect(stored()).toEqual({});
  });

  it.each<[Omit<ConfigSetOptions, 'stdin'>, string]>([
    [{ key: 'delivery.timeoutSeconds', value: 'long' }, 'a number of seconds above 0, at most 600 is accepted'],
    [{ key: 'delivery.timeoutSeconds', value: '' }, 'a number of seconds'],
    [{ key: 'quota.perAccountPerMinute', value: '99.5' }, 'a whole number from 100'],
    [{ key: 'delivery.retryWaits', value: '5,x' }, 'a list of at most 100 numbers'],
    [{ key: 'delivery.retryWaits', value: '5,' }, 'a list of at most 100 numbers'],
    [{ key: 'oauth.callbackUrl', value: 'ftp://x' }, 'an http or https URL'],
    [{ key: 'delivery.timeout', value: '5' }, 'Did you mean delivery.timeoutSeconds?'],
    [{ key: 'nothing.of.the.kind.at.all', value: '5' }, 'There are: oauth.clientId'],
    [{ key: 'delivery.timeoutSeconds' }, 'a value for delivery.timeoutSeconds is missing'],
    [{ key: 'delivery.timeoutSeconds', value: '5', unset: true }, 'exclude each other'],
    [{ key: 'oauth.clientSecret', value: `${SECRET_MARK}-argv` }, 'never taken from the command line'],
    [{ key: 'oauth.clientSecret', file: '/nowhere' }, 'there is no such file'],
  ])('refuses %j, and changes nothing', async (options, said) => {
    const refusal = await set(options, await opened(), terminal().ui).catch((error: unknown) => error);
    const { code, message, hint } = refusal as CoreError;
    expect([code, `${message} ${hint}`]).toEqual(['usage', expect.stringContaining(said)]);
    expect(`${message} ${hint}`).not.toContain(SECRET_MARK);
    expect(message).not.toContain('\n');
    expect(() => stored()).toThrow(/ENOENT/);
  });

  it('reads a secret from stdin, and refuses a whole JSON file in its place', async () => {
    expect((await config(['set', 'oauth.clientSecret', '--file', '-'], `${SECRET_MARK}-stdin`)).code).toBe(0);
    expect(stored()).toEqual({ 'oauth.clientSecret': `${SECRET_MARK}-stdin` });
    const json = await config(['set', 'oauth.clientSecret', '--file', '-'], `{"installed": "${SECRET_MARK}"}`);
    expect(json).toMatchObject({ code: 2, stderr: expect.stringContaining('one word is accepted') });
  });

  it('mends a file that a wrong value keeps every command from', async () => {
    expect((await config(['set', 'oauth.clientId', 'c'])).code).toBe(0);
    const file = join(folder.path, 'home/config.json');
    writeFileSync(file, '{"delivery.timeoutSeconds": "long", "kept": 1}');
    const broken = await config(['list']);
    expect(broken).toMatchObject({ code: 5, stderr: expect.stringContaining('config set delivery.timeoutSeconds') });
    expect((await config(['set', 'delivery.timeoutSeconds', '--unset'])).code).toBe(0);
    expect(stored()).toEqual({ kept: 1 });
  });
});
