import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { verdict } from '../../src/commands/doctor.js';
import { examine } from '../../src/core/doctor/index.js';
import { systemClock } from '../../src/core/open.js';
import { runCli, temporaryFolder } from '../support/cli.js';
import { SECRET_MARK, startWorld, type World } from '../support/setup.js';

interface Check {
  name: string;
  ok: boolean;
  message: string;
  hint: string | null;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe('doctor', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.create({ configuration: { 'event.notification.signature.key': `${SECRET_MARK}-key` } });
  }, 30_000);
  afterEach(() => world.close());

  async function doctor(args: string[] = [], env: Record<string, string> = {}) {
    const result = await runCli(['doctor', '--json', ...args], { env: { ...world.env, ...env } });
    expect(result.stdout + result.stderr).not.toContain(SECRET_MARK);
    const { checks } = JSON.parse(result.stdout) as { checks: Check[] };
    const named = (name: string) => checks.find((check) => check.name === name);
    return { ...result, checks, named, failed: checks.filter(({ ok }) => !ok).map(({ name }) => name) };
  }

  /** Every file with its mode and content, but for what SQLite keeps beside its database. */
  function contents(folder: string): string[] {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => !/-(wal|shm)$/.test(name))
      .sort()
      .map((name) => {
        const path = join(folder, name);
        const found = lstatSync(path);
        const text = found.isFile() ? readFileSync(path).toString('base64') : '';
        return `${name} ${(found.mode & 0o777).toString(8)} ${text}`;
      });
  }

  it('finds nothing where all is well, sends one signed test and changes nothing', async () => {
    expect((await world.cli(['poll'])).code).toBe(0);
    const before = contents(world.home);
    const { code, stderr, checks, named } = await doctor();
    expect([code, stderr]).toEqual([0, '']);
    expect(checks.map(({ name }) => name)).toEqual([
      'store',
      'permissions',
      'disk',
      'secrets',
      'settings',
      'oauth client',
      'google',
      'clock',
      'grant of ann@example.com',
      'gmail of ann@example.com',
      'instance 1',
      'polling',
      'callback of instance 1',
    ]);
    for (const check of checks) expect(Object.keys(check)).toEqual(['name', 'ok', 'message', 'hint']);
    expect(named('secrets')?.message).toMatch(/^in plain text in accounts\/.*, instances\/1\.json$/);
    expect(contents(world.home)).toEqual(before);
    const [test, ...others] = world.receiver.requests;
    expect(others).toEqual([]);
    expect(test?.headers['elements-webhook-id']).toMatch(/^test-/);
    expect(test?.headers['elements-webhook-signature']).toMatch(/^sha256=/);
  }, 30_000);

  it('sends nothing with --no-send, and tells a person when it sends', async () => {
    const none = await doctor(['--no-send']);
    expect([none.code, none.named('callback of instance 1')]).toEqual([0, undefined]);
    expect(world.receiver.requests).toEqual([]);
    const told = await world.cli(['doctor']);
    expect(told).toMatchObject({ code: 0, stderr: expect.stringContaining('Sending 1 signed test notification') });
    expect(told.stdout).toMatch(/^ok {5}store: /);
    const quiet = await world.cli(['doctor', '--quiet']);
    expect([quiet.code, quiet.stdout, quiet.stderr]).toEqual([0, '', '']);
  }, 30_000);

  it('is 3 for a receiver that refuses, a file that others may read and an instance that nobody polls', async () => {
    world.receiver.respond({ status: 500 });
    chmodSync(join(world.home, 'instances/1.json'), 0o644);
    const before = contents(world.home);
    const { code, failed, named } = await doctor();
    expect([code, failed]).toEqual([3, ['permissions', 'callback of instance 1']]);
    expect(named('permissions')).toMatchObject({
      message: expect.stringContaining('instances/1.json is 0644'),
      hint: `chmod -R u=rwX,go= '${world.home}'`,
    });
    expect(contents(world.home)).toEqual(before);
    const later = { ...systemClock, now: () => Date.now() + 40 * 60_000 };
    const options = { home: world.home, env: world.env, log: silent, say: String, send: () => false };
    const overdue = await examine({ ...options, clock: later });
    expect(overdue.filter(({ ok }) => !ok)).toMatchObject([
      { name: 'permissions' },
      { name: 'clock', message: expect.stringMatching(/^this clock is \d+ s ahead of Google's$/) },
      { name: 'polling', hint: expect.stringContaining('gmail-events service install') },
    ]);
    const week = { ...systemClock, now: () => Date.now() + 6 * 24 * 3600_000 };
    const expiring = await examine({ ...options, clock: week });
    expect(expiring.find(({ name }) => name === 'instance 1')).toMatchObject({
      ok: false,
      hint: 'gmail-events poll 1',
    });
  }, 30_000);

  it('is 4 when only authorization is wrong, and marks nothing', async () => {
    world.sandbox.revoke();
    const before = contents(world.home);
    const { code, failed, named, stderr } = await doctor();
    expect([code, failed]).toEqual([4, ['grant of ann@example.com']]);
    expect(named('grant of ann@example.com')?.hint).toContain('gmail-events auth');
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'auth', exitCode: 4 } });
    expect(contents(world.home)).toEqual(before);
  }, 30_000);

  it('names a scope that does not cover what an instance asks for, and a mailbox that cannot be read', async () => {
    const file = join(world.home, 'instances/1.json');
    const instance = JSON.parse(readFileSync(file, 'utf8'));
    const full = { 'changed-messages': { url: 'changed-messages?format=full', idField: 'id' } };
    instance.configuration['event.poller.configuration'] = JSON.stringify(full);
    writeFileSync(file, JSON.stringify(instance));
    const [account = ''] = readdirSync(join(world.home, 'accounts'));
    const path = join(world.home, 'accounts', account);
    const scopes = ['https://www.googleapis.com/auth/gmail.metadata'];
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), scopes }));
    world.sandbox.addFault({ method: 'getProfile', kind: 'apiDisabled403', times: 2 });
    const { code, failed, named } = await doctor(['--no-send']);
    expect([code, failed]).toEqual([3, ['gmail of ann@example.com', 'scope of instance 1']]);
    expect(named('scope of instance 1')?.hint).toContain('--scope readonly');
  }, 30_000);

  it('does not repeat the access token, should the server at the address of Gmail do so', async () => {
    const echo = createServer((request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: 400, message: `no: ${request.headers.authorization}` } }));
    }).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const { port } = echo.address() as AddressInfo;
    const { stdout, stderr, named } = await doctor([], { GMAIL_EVENTS_GMAIL_URL: `http://127.0.0.1:${port}` });
    echo.closeAllConnections();
    echo.close();
    expect(named('gmail of ann@example.com')?.message).toContain('no: Bearer [secret]');
    expect(stdout + stderr).not.toMatch(/ya29/);
  });

  it('keeps a refresh token that came in place of the old one: without it the grant would be lost', async () => {
    world.sandbox.rotateRefreshTokens(true);
    expect((await doctor(['--no-send'])).code).toBe(0);
    expect((await world.cli(['auth', 'check'])).code).toBe(0);
  }, 30_000);

  it('is 5 for a broken store, and looks at all else that can be looked at', async () => {
    await world.create();
    writeFileSync(join(world.home, 'events.db'), 'no database at all, but long enough to be taken for one'.repeat(40));
    writeFileSync(join(world.home, 'instances/2.json'), '{"half');
    writeFileSync(join(world.home, 'config.json'), '{"delivery.timeoutSeconds": "long"}', { mode: 0o600 });
    const before = contents(world.home);
    const { code, failed, named } = await doctor();
    expect([code, failed]).toEqual([5, ['store', 'settings', 'instances', 'callback of instance 1']]);
    expect(named('instances')?.message).toContain('instances/2.json');
    expect(named('gmail of ann@example.com')?.ok).toBe(true);
    expect(contents(world.home)).toEqual(before);
  }, 30_000);

  it('is 5 for a wrong key, and says in which form the secrets are', async () => {
    const key = { GMAIL_EVENTS_ENCRYPTION_KEY: `${SECRET_MARK}-1` };
    const plain = await doctor(['--no-send'], key);
    expect([plain.code, plain.failed]).toEqual([3, ['secrets']]);
    expect(plain.named('secrets')?.hint).toContain('gmail-events config rekey');
    const rekeyed = await runCli(['config', 'rekey'], {
      env: { ...world.env, GMAIL_EVENTS_NEW_ENCRYPTION_KEY: key.GMAIL_EVENTS_ENCRYPTION_KEY },
    });
    expect(rekeyed.code).toBe(0);
    const right = await doctor(['--no-send'], key);
    expect([right.code, right.named('secrets')?.message]).toEqual([0, expect.stringMatching(/^encrypted in accounts/)]);
    const copy = join(world.home, 'signing-secret-1.txt');
    writeFileSync(copy, `whsec_${SECRET_MARK}\n`, { mode: 0o600 });
    expect((await doctor(['--no-send'], key)).named('secrets')).toMatchObject({
      ok: true,
      message: expect.stringMatching(/neither is signing-secret-1\.txt$/),
      hint: 'Once the receiver has its secret, delete signing-secret-1.txt.',
    });
    const wrong = await doctor(['--no-send'], { GMAIL_EVENTS_ENCRYPTION_KEY: `${SECRET_MARK}-2` });
    expect([wrong.code, wrong.failed]).toEqual([5, ['secrets']]);
    expect((await doctor(['--no-send'])).named('secrets')).toMatchObject({ ok: false });
  }, 60_000);

  it('makes no store where there is none, and says how to begin', async () => {
    const folder = temporaryFolder();
    try {
      const home = join(folder.path, 'home');
      const { code, failed } = await doctor([], { GMAIL_EVENTS_HOME: home });
      expect([code, failed]).toEqual([4, ['oauth client', 'accounts']]);
      expect(existsSync(home)).toBe(false);
    } finally {
      folder.remove();
    }
  });

  it('says that Google cannot be reached once, not for each account', async () => {
    const { code, failed } = await doctor(['--no-send'], {
      GMAIL_EVENTS_GMAIL_URL: 'http://127.0.0.1:9',
      GMAIL_EVENTS_TOKEN_URL: 'http://127.0.0.1:9',
    });
    expect([code, failed]).toEqual([3, ['google']]);
  });
});

describe("doctor's exit", () => {
  it.each([
    ['store', ['store', 'auth', 'failed']],
    ['auth', ['auth', 'auth']],
    ['partial', ['auth', 'failed']],
    ['partial', ['failed']],
  ] as const)('is %s for %j', (expected, codes) => {
    expect(verdict(codes.map((code) => ({ code })))).toBe(expected);
  });
});
