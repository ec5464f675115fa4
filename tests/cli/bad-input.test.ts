import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Libsql from 'libsql';
import type { CliResult } from '../support/cli.js';
import { startWorld, type World } from '../support/setup.js';

interface ErrorLine {
  error: {
    code: string;
    exitCode: number;
    message: string;
    hint: string | null;
    faults: { path: string; message: string }[];
  };
}

describe('bad input and faults', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  /** stdout stays empty, stderr is the one error object, and the process ends with its exit code. */
  function refusal(result: CliResult): ErrorLine['error'] {
    expect(result.stdout).toBe('');
    const lines = result.stderr.trim().split('\n');
    expect(lines).toHaveLength(1);
    const { error } = JSON.parse(lines[0] ?? '') as ErrorLine;
    expect(error.exitCode).toBe(result.code);
    expect(error.message).not.toBe('');
    return error;
  }

  async function create(body: unknown): Promise<ErrorLine['error']> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return refusal(await world.cli(['create-instance', '--json', '--body', '-'], text));
  }

  async function nothingStored(): Promise<void> {
    expect(JSON.parse((await world.cli(['instances', 'list', '--json'])).stdout)).toEqual([]);
    expect(JSON.parse((await world.cli(['auth', 'list', '--json'])).stdout)).toEqual([]);
  }

  it.each<[string, (good: Record<string, unknown>) => unknown]>([
    ['an empty body', () => ''],
    ['a truncated body', (good) => JSON.stringify(good).slice(0, -20)],
    ['a body that is a list', () => []],
    ['an unknown element', (good) => ({ ...good, element: { key: 'outlook' } })],
    ['no element', (good) => ({ ...good, element: undefined })],
    ['a name of 256 characters', (good) => ({ ...good, name: 'n'.repeat(256) })],
    ['no name', (good) => ({ ...good, name: undefined })],
    ['a body of 10 MB', (good) => ({ ...good, padding: 'x'.repeat(10_000_000) })],
  ])('%s is refused with exit 2 and nothing stored', async (_name, change) => {
    const error = await create(change(world.body()));
    expect(error).toMatchObject({ code: 'usage', exitCode: 2 });
    await nothingStored();
  });

  it.each<[string, Record<string, unknown>]>([
    ['event.poller.refresh_interval', { 'event.poller.refresh_interval': '<minutes>' }],
    ['event.poller.refresh_interval', { 'event.poller.refresh_interval': 0 }],
    ['event.poller.refresh_interval', { 'event.poller.refresh_interval': '-5' }],
    ['event.vendor.type', { 'event.vendor.type': 'webhooks' }],
    ['event.notification.enabled', { 'event.notification.enabled': 'maybe' }],
    ['event.notification.callback.url', { 'event.notification.callback.url': 'ftp://example.com/x' }],
    ['event.notification.callback.url', { 'event.notification.callback.url': 'http://169.254.169.254/latest' }],
    ['event.notification.order', { 'event.notification.order': 'random' }],
    ['event.notification.format', { 'event.notification.format': 'xml' }],
    ['event.notification.signing.secret', { 'event.notification.signing.secret': 'not a secret' }],
    ['event.notification.callback.headers', { 'event.notification.callback.headers': '{"X-A": ' }],
    ['event.poller.configuration', { 'event.poller.configuration': '{"changed-messages": {"url": ' }],
    [
      'event.poller.configuration',
      { 'event.poller.configuration': { contacts: { url: '/hubs/general/contacts', idField: 'id' } } },
    ],
    [
      'event.poller.configuration',
      { 'event.poller.configuration': { 'changed-messages': { url: '/changed-messages' } } },
    ],
    [
      'event.poller.configuration',
      { 'event.poller.configuration': { 'changed-messages': { url: '/changed-messages?colour=red', idField: 'id' } } },
    ],
    [
      'event.poller.configuration',
      {
        'event.poller.configuration': {
          labels: { url: '/labels', idField: 'id', updatedDateTimezone: 'Mars/Olympus' },
        },
      },
    ],
  ])('a bad %s is named', async (key, configuration) => {
    const error = await create(world.body({ configuration }));
    expect(error).toMatchObject({ code: 'usage', exitCode: 2 });
    expect(error.faults.map((fault) => fault.path).join()).toContain(key);
    await nothingStored();
  });

  it('tells every fault at once, and no secret', async () => {
    const error = await create(
      world.body({
        name: '',
        configuration: {
          'event.poller.refresh_interval': 'soon',
          'event.notification.callback.url': 'nowhere',
          'event.notification.signing.secret': 'whsec_S3CRET!',
        },
      }),
    );
    expect(error.faults.length).toBe(4);
    for (const fault of error.faults) expect(error.message).toContain(fault.path);
    expect(JSON.stringify(error)).not.toContain('S3CRET');
  });

  it('a code used twice is exit 4, and the second instance is not made', async () => {
    const body = world.body();
    expect((await world.cli(['create-instance', '--json', '--body', '-'], JSON.stringify(body))).code).toBe(0);
    expect(await create(body)).toMatchObject({ code: 'auth', exitCode: 4 });
    expect(JSON.parse((await world.cli(['instances', 'list', '--json'])).stdout)).toHaveLength(1);
  });

  it.each<[string[], string]>([
    [['pol'], 'poll'],
    [['poll', '--quik'], '--quiet'],
    [['instances', 'sow'], 'show'],
  ])('%j is exit 2 and suggests %s', async (args, suggestion) => {
    const plain = await world.cli(args);
    expect(plain.code).toBe(2);
    expect(plain.stderr).toContain(suggestion);
    expect(refusal(await world.cli([...args, '--json']))).toMatchObject({ code: 'usage' });
  });

  it('a group without its command is exit 2, and the program alone shows its help', async () => {
    expect(refusal(await world.cli(['--home', world.home, 'instances', '--json']))).toMatchObject({
      message: 'gmail-events instances needs a command',
      hint: 'Run gmail-events instances --help for what there is.',
    });
    const alone = await world.cli([]);
    expect([alone.code, alone.stderr]).toEqual([0, '']);
    expect(alone.stdout).toMatch(/^Usage: gmail-events/);
  });

  it('an unknown instance is exit 2, a name carried by several names the ids', async () => {
    expect(refusal(await world.cli(['poll', 'nobody', '--json']))).toMatchObject({ code: 'usage' });
    expect(refusal(await world.cli(['instances', 'show', '99', '--json']))).toMatchObject({ code: 'usage' });
    await world.create({ name: 'twin' });
    await world.create({ name: 'twin' });
    const error = refusal(await world.cli(['instances', 'show', 'twin', '--json']));
    expect(error.code).toBe('usage');
    expect(`${error.message} ${error.hint}`).toMatch(/\b1\b.*\b2\b/);
    expect((await world.cli(['poll', 'twin'])).code).toBe(0);
  });

  it('without a terminal nothing is asked: what is missing is named', async () => {
    expect(refusal(await world.cli(['create-instance', '--json']))).toMatchObject({ code: 'usage' });
    expect(refusal(await world.cli(['auth', '--json']))).toMatchObject({ code: 'usage', exitCode: 2 });
    expect(refusal(await world.cli(['instances', 'delete', '--json']))).toMatchObject({ code: 'usage' });
  });

  it('a secret on the command line is refused', async () => {
    const args = ['create-instance', '--json', '--name', 'x', '--config', 'event.notification.signature.key=S3CRET'];
    const result = await world.cli(args);
    expect(refusal(result)).toMatchObject({ code: 'usage' });
    expect(result.stderr).not.toContain('S3CRET');
  });

  it('an address of Google that is neither https nor loopback is refused', async () => {
    world.env['GMAIL_EVENTS_TOKEN_URL'] = 'http://example.com/token';
    const error = refusal(await world.cli(['poll', '--json']));
    expect(error.code).toBe('usage');
    expect(error.message).toContain('GMAIL_EVENTS_TOKEN_URL');
  });

  it('a store of a newer version is exit 5 by name, and stays as it is', async () => {
    await world.create();
    const database = new Libsql(join(world.home, 'events.db'));
    try {
      const [{ user_version: version }] = database.prepare('PRAGMA user_version').all([]) as [{ user_version: number }];
      database.exec('PRAGMA user_version = 99');
      for (const args of [['poll'], ['status'], ['instances', 'delete', '1', '--yes']]) {
        const error = refusal(await world.cli([...args, '--json']));
        expect([args, error.code, error.message]).toEqual([
          args,
          'store',
          expect.stringContaining('a newer gmail-events'),
        ]);
      }
      database.exec(`PRAGMA user_version = ${version}`);
    } finally {
      database.close();
    }
    expect((await world.cli(['poll'])).code).toBe(0);
  });

  it('a store that is corrupt is exit 5 and stays as it is', async () => {
    await world.create();
    const database = join(world.home, 'events.db');
    const file = join(world.home, 'instances/1.json');
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    const { stdout, ...rest } = await world.cli(['poll', '--json']);
    expect(refusal({ ...rest, stdout: '' })).toMatchObject({ code: 'store', exitCode: 5 });
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'summary',
      instances: [
        { id: 1, status: 'failed', error: { code: 'store', message: expect.stringContaining('instances/1.json') } },
      ],
    });
    expect(readFileSync(file)).toEqual(whole.subarray(0, whole.length / 2));
    writeFileSync(file, whole);

    for (const name of readdirSync(world.home).filter((each) => /^events\.db-/.test(each)))
      writeFileSync(join(world.home, name), '');
    writeFileSync(database, 'this is no database, it is a letter to a friend'.repeat(100));
    expect(refusal(await world.cli(['poll', '--json']))).toMatchObject({ code: 'store', exitCode: 5 });
    expect(readFileSync(database, 'utf8')).toContain('a letter to a friend');
  });

  it('a revoked grant is exit 4, keeps the cursor, and is caught up after a new one', async () => {
    await world.create();
    world.sandbox.revoke();
    const missed = world.sandbox.mailbox().receive();
    const lost = await world.cli(['poll', '--json']);
    expect(lost.code).toBe(4);
    expect(JSON.parse(lost.stdout.trim().split('\n').at(-1) ?? '').instances).toMatchObject([
      { status: 'failed', error: { code: 'auth', exitCode: 4 } },
    ]);
    expect((await world.cli(['status'])).code).toBe(4);
    const update = await world.cli(
      ['instances', 'update', '1', '--body', '-', '--json'],
      JSON.stringify({ providerData: { code: world.sandbox.grantCode({ redirectUri: 'http://127.0.0.1:9/oauth' }) } }),
    );
    expect(update.code).toBe(0);
    expect((await world.cli(['poll'])).code).toBe(0);
    const types = world.receiver.requests.map(
      (request) =>
        (request.json() as { message: { events: { eventType: string; objectId: string }[] } }).message.events[0],
    );
    expect(types.map((event) => event?.eventType).sort()).toEqual(['AUTH_FAILED', 'AUTH_RESTORED', 'CREATED']);
    expect(types.find((event) => event?.eventType === 'CREATED')?.objectId).toBe(missed);
  });

  it('help and version are exit 0 on stdout', async () => {
    const version = await world.cli(['--version']);
    expect([version.code, version.stderr]).toEqual([0, '']);
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    for (const args of [
      [],
      ['poll'],
      ['auth'],
      ['auth', 'url'],
      ['instances', 'update'],
      ['events', 'resend'],
      ['create-instance'],
    ]) {
      const help = await world.cli([...args, '--help']);
      expect([args, help.code, help.stderr]).toEqual([args, 0, '']);
      expect(help.stdout).toMatch(/Examples:\n {2}\$ gmail-events/);
    }
  });

  it('a home that cannot be written is exit 5 in one sentence', async () => {
    // root may write anywhere; a file in the folder's place stops everyone.
    const blocked = join(world.home, '..', 'blocked');
    writeFileSync(blocked, '');
    chmodSync(blocked, 0o400);
    const result = await world.cli(
      ['--home', join(blocked, 'store'), 'create-instance', '--json', '--body', '-'],
      JSON.stringify(world.body()),
    );
    expect(refusal(result)).toMatchObject({ code: 'store', exitCode: 5 });
  });
});
