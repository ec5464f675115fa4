import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import { openContext } from '../../src/core/index.js';
import { withLease } from '../../src/core/lease.js';
import { type CliResult, ROOT, until } from '../support/cli.js';
import { KEYS, Pty } from '../support/pty.js';
import { REDIRECT, startWorld, type World } from '../support/setup.js';

const GROUPS = { signature: 'signature verify' } as Record<string, string>;
/** What can be gone wrong with in every command. */
const WRONG_FLAG = '--no-such-flag';
/** As many processes at once as the least machine has cores. */
const together = pLimit(2);

/** The codes beside 0 and 2 of each command, as docs/exit-codes.md has them. */
function documented(): Map<string, number[]> {
  const rows = readFileSync(join(ROOT, 'docs/exit-codes.md'), 'utf8').match(/^\| `.*$/gm) ?? [];
  return new Map(
    rows.map((row) => {
      const [, command = '', ends = ''] = row.split('|').map((cell) => cell.trim());
      const codes = ends.split(' · ').flatMap((end) => /^\d+/.exec(end)?.map(Number) ?? []);
      return [command.replaceAll('`', ''), codes];
    }),
  );
}

type Case = [
  command: string,
  code: number,
  run: () => Promise<{ code: number | null; stdout?: string; stderr?: string }>,
];

describe('exit codes', () => {
  let world: World;
  /** Its grant is revoked. */
  let lost: World;
  /** Its store is no store. */
  let broken: World;
  let busy: Server;
  let pty: Pty[] = [];
  let sent = '';

  beforeAll(async () => {
    [world, lost, broken] = await Promise.all([startWorld(), startWorld(), startWorld()]);
    await Promise.all([world.create(), lost.create(), broken.create()]);
    world.sandbox.mailbox().receive();
    lost.sandbox.revoke();
    lost.sandbox.expireAccessTokens();
    await world.cli(['poll']);
    sent = JSON.parse((await world.cli(['events', 'list', '--json', '--limit', '1'])).stdout).id;
    writeFileSync(join(broken.home, 'events.db'), 'no database, but a letter to a friend'.repeat(100));
    busy = createServer();
    await new Promise<void>((listening) => busy.listen(0, '127.0.0.1', listening));
  }, 60_000);
  afterAll(async () => {
    busy.close();
    for (const each of pty) await each.close();
    await Promise.all([world.close(), lost.close(), broken.close()]);
  });

  const port = () => String((busy.address() as AddressInfo).port);
  const cli = (...args: string[]) => world.cli(args);
  const piped = (stdin: unknown, ...args: string[]) => world.cli(args, JSON.stringify(stdin));
  const file = (name: string, text: string) => {
    const path = join(dirname(world.home), name);
    writeFileSync(path, text);
    return path;
  };

  /** auth, its page visited as the sandbox's consent says. */
  async function auth(of: World): Promise<CliResult> {
    const running = of.start(['auth', '--client-secret-file', of.clientSecretFile, '--no-browser']);
    await until('the page', () => /https?:\/\//.test(running.stderr()));
    await (await fetch(/https?:\/\/\S+/.exec(running.stderr())?.[0] ?? '')).text();
    return running.result;
  }

  /** On a terminal, where the answer to the only question is no. */
  async function declined(...args: string[]): Promise<{ code: number; stderr: string }> {
    const asking = new Pty(args, { env: world.env });
    pty = [...pty, asking];
    await asking.answer('(y/N)', KEYS.enter);
    return { code: await asking.exit, stderr: await asking.text() };
  }

  async function ended(args: string[], ready: string, ...signals: NodeJS.Signals[]): Promise<CliResult> {
    const running = world.start(args);
    await until(`${ready} to be said`, () => (running.stdout() + running.stderr()).includes(ready));
    for (const [at, signal] of signals.entries()) {
      running.child.kill(signal);
      if (at === 0 && signals.length > 1) await until('it to drain', () => running.stderr().includes('Once more'));
    }
    return running.result;
  }

  async function struck(fault: Parameters<World['sandbox']['addFault']>[0], ...args: string[]): Promise<CliResult> {
    world.sandbox.addFault(fault);
    const result = await cli(...args);
    world.sandbox.clearFaults();
    return result;
  }

  async function refused<T>(work: () => Promise<T>): Promise<T> {
    world.receiver.respond({ status: 500 });
    const result = await work();
    world.receiver.respond({});
    return result;
  }

  const refusal = { method: 'getProfile', kind: 'badRequest400', times: 1 } as const;
  const usedCode = () => {
    const body = world.body();
    return { ...body, providerData: { code: 'used-up' } };
  };
  const key = () => file('key.txt', 'MySecretEventSignatureKey');
  const verify = (body: string, signature: string) =>
    world.cli(
      [
        'signature',
        'verify',
        '--body',
        '-',
        '--key-file',
        key(),
        '--header',
        `Elements-Webhook-Signature: ${signature}`,
      ],
      body,
    );

  const CASES: Case[] = [
    ['auth', 0, () => auth(world)],
    [
      'auth',
      1,
      async () => {
        world.sandbox.addFault(refusal);
        const result = await auth(world);
        world.sandbox.clearFaults();
        return result;
      },
    ],
    [
      'auth',
      4,
      async () => {
        world.sandbox.consent({ deny: true });
        const result = await auth(world);
        world.sandbox.consent({});
        return result;
      },
    ],
    ['auth url', 0, () => cli('auth', 'url', '--client-id', 'x', '--callback-url', 'https://example.com/oauth')],
    ['auth list', 0, () => cli('auth', 'list')],
    ['auth check', 0, () => cli('auth', 'check')],
    ['auth check', 1, () => struck(refusal, 'auth', 'check')],
    ['auth check', 4, () => lost.cli(['auth', 'check'])],
    ['auth revoke', 1, () => declined('auth', 'revoke', 'ann@example.com')],
    ['auth revoke', 0, () => lost.cli(['auth', 'revoke', 'ann@example.com', '--yes'])],
    ['create-instance', 0, () => piped(world.body(), 'create-instance', '--body', '-')],
    [
      'create-instance',
      1,
      async () => {
        world.sandbox.addFault(refusal);
        const result = await piped(world.body(), 'create-instance', '--body', '-');
        world.sandbox.clearFaults();
        return result;
      },
    ],
    [
      'create-instance',
      3,
      () => {
        const lines = `${JSON.stringify(world.body())}\n${JSON.stringify(usedCode())}\n`;
        return world.cli(['create-instance', '--bulk', '-'], lines);
      },
    ],
    ['create-instance', 4, () => piped(usedCode(), 'create-instance', '--body', '-')],
    ['instances list', 0, () => cli('instances', 'list')],
    [
      'instances list',
      3,
      async () => {
        const path = join(world.home, 'instances/1.json');
        const whole = readFileSync(path);
        writeFileSync(path, whole.subarray(0, 40));
        const result = await cli('instances', 'list');
        writeFileSync(path, whole);
        return result;
      },
    ],
    ['instances show', 0, () => cli('instances', 'show', '1')],
    ['instances update', 0, () => cli('instances', 'update', '1', '--interval', '9')],
    [
      'instances update',
      1,
      async () => {
        world.sandbox.addFault(refusal);
        const { providerData } = world.body();
        const result = await piped({ providerData }, 'instances', 'update', '1', '--body', '-');
        world.sandbox.clearFaults();
        return result;
      },
    ],
    [
      'instances update',
      4,
      () => piped({ providerData: { code: 'used-up' } }, 'instances', 'update', '1', '--body', '-'),
    ],
    ['instances delete', 1, () => declined('instances', 'delete', '1')],
    ['instances disable', 0, () => cli('instances', 'disable', '1')],
    ['instances enable', 0, () => cli('instances', 'enable', '1')],
    ['poll', 0, () => cli('poll')],
    ['poll', 1, () => struck({ method: 'history.list', kind: 'badRequest400', times: 20 }, 'poll')],
    [
      'poll',
      3,
      () => {
        world.sandbox.mailbox().receive();
        return refused(() => cli('poll', '1'));
      },
    ],
    ['status', 4, () => lost.cli(['poll']).then(() => lost.cli(['status']))],
    ['poll', 4, () => lost.cli(['poll'])],
    ['events list', 0, () => cli('events', 'list')],
    ['events show', 0, () => cli('events', 'show', sent)],
    ['events discard', 1, () => declined('events', 'discard', '--state', 'pending')],
    ['events resend', 3, () => refused(() => cli('events', 'resend', '--state', 'pending'))],
    ['events resend', 0, () => cli('events', 'resend', '--state', 'pending')],
    ['events discard', 0, () => cli('events', 'discard', '--state', 'pending', '--yes')],
    ['trigger', 0, () => cli('trigger', '1')],
    ['trigger', 1, () => refused(() => cli('trigger', '1'))],
    [
      'trigger',
      3,
      async () => {
        let count = 0;
        world.receiver.respond(() => ({ status: count++ === 0 ? 500 : 200 }));
        const result = await cli('trigger', '1', '--event', 'CREATED', '--event', 'DELETED');
        world.receiver.respond({});
        return result;
      },
    ],
    [
      'status',
      3,
      async () => {
        world.sandbox.mailbox().receive();
        world.receiver.respond({ status: 410 });
        await cli('poll', '1');
        world.receiver.respond({});
        return cli('status');
      },
    ],
    ['instances resume', 0, () => cli('instances', 'resume', '1')],
    ['status', 0, () => cli('poll').then(() => cli('status'))],
    ['doctor', 0, () => cli('doctor')],
    ['doctor', 3, () => refused(() => cli('doctor'))],
    ['doctor', 4, () => lost.cli(['doctor'])],
    ['config list', 0, () => cli('config', 'list')],
    ['config get', 0, () => cli('config', 'get', 'retention.deadDays')],
    ['config set', 0, () => cli('config', 'set', 'retention.deadDays', '30')],
    ['config rekey', 0, () => rekeyed()],
    ['service print', 0, () => cli('service', 'print')],
    ['service install', 0, () => cli('service', 'install', '--kind', 'systemd', '--dry-run')],
    ['service uninstall', 0, () => cli('service', 'uninstall', '--kind', 'systemd', '--dry-run')],
    ['service install', 1, () => withoutPrograms('service', 'install', '--kind', 'cron')],
    ['service uninstall', 1, () => withoutPrograms('service', 'uninstall', '--kind', 'cron')],
    ['completion', 0, () => cli('completion', 'bash')],
    ['help', 0, () => cli('help', 'poll')],
    ['watch', 0, () => ended(['watch'], 'Watching', 'SIGTERM')],
    ['watch', 130, () => hanging('SIGINT', 'watch', '1')],
    ['watch', 143, () => hanging('SIGTERM', 'watch', '1')],
    ['serve', 0, () => ended(['serve', '--port', '0'], 'Serving', 'SIGTERM')],
    ['serve', 1, () => cli('serve', '--port', port())],
    ['serve', 130, () => hanging('SIGINT', 'serve', '--port', '0', '--watch')],
    ['serve', 143, () => hanging('SIGTERM', 'serve', '--port', '0', '--watch')],
    ['serve keys create', 0, () => cli('serve', 'keys', 'create')],
    ['listen', 0, () => ended(['listen', '--port', '0'], 'Listening', 'SIGTERM')],
    ['listen', 1, () => cli('listen', '--port', port())],
    [
      'signature verify',
      0,
      () => verify('<INSERT_EVENT_NOTIFICATION_RESPONSE_BODY>', 'sha256=jHdbRx5EZAsOfTwAPJOGkNUzQMVVdu5VJlxcsk+G6jQ='),
    ],
    ['signature verify', 1, () => verify('another', 'sha256=jHdbRx5EZAsOfTwAPJOGkNUzQMVVdu5VJlxcsk+G6jQ=')],
    ['sandbox', 0, () => ended(['sandbox', '--port', '0'], 'GMAIL_EVENTS_GMAIL_URL', 'SIGTERM')],
    ['sandbox', 1, () => cli('sandbox', '--port', port())],
    ['demo', 0, () => cli('demo')],
    [
      'poll',
      75,
      () => struck({ method: 'history.list', kind: 'retryAfter429', retryAfterSeconds: 600, times: 1 }, 'poll', '1'),
    ],
    [
      'auth check',
      3,
      async () => {
        const { email } = world.sandbox.addMailbox('bob@example.com');
        await world.create({ providerData: { code: world.sandbox.grantCode({ redirectUri: REDIRECT, email }) } });
        return struck(refusal, 'auth', 'check');
      },
    ],
    ['instances delete', 0, () => cli('instances', 'delete', '1', '--yes')],
  ];

  /** On a machine that has no crontab. */
  async function withoutPrograms(...args: string[]): Promise<CliResult> {
    world.env['PATH'] = '/nonexistent';
    const result = await cli(...args);
    delete world.env['PATH'];
    return result;
  }

  /** Under a new key and back. */
  async function rekeyed(): Promise<CliResult> {
    const [before, key] = [{ ...world.env }, 'a key of a test'];
    world.env['GMAIL_EVENTS_NEW_ENCRYPTION_KEY'] = key;
    await cli('config', 'rekey');
    delete world.env['GMAIL_EVENTS_NEW_ENCRYPTION_KEY'];
    world.env['GMAIL_EVENTS_ENCRYPTION_KEY'] = key;
    const result = await cli('config', 'rekey', '--remove');
    for (const name of Object.keys(world.env)) delete world.env[name];
    Object.assign(world.env, before);
    return result;
  }

  /** A delivery that hangs keeps the first signal waiting. */
  async function hanging(signal: NodeJS.Signals, ...args: string[]): Promise<CliResult> {
    world.receiver.respond({ hang: true });
    world.sandbox.mailbox().receive();
    await cli('poll', '1', '--no-deliver');
    const before = world.receiver.requests.length;
    const running = world.start(args);
    await until('the delivery to hang', () => world.receiver.requests.length > before);
    running.child.kill(signal);
    await until('it to drain', () => running.stderr().includes('Once more'));
    running.child.kill(signal);
    const result = await running.result;
    world.receiver.respond({});
    return result;
  }

  it.each(CASES)(
    '%s can end with %i',
    async (_command, code, run) => {
      const { code: is, stdout = '', stderr = '' } = await run();
      expect([is, stderr]).toEqual([code, expect.anything()]);
      expect(stdout + stderr).not.toMatch(/^ {4}at /m);
      if (code !== 0 && code < 128) expect(stderr).toContain('error: ');
    },
    40_000,
  );

  it('each command ends with 2 for what it does not know', async () => {
    const commands = [...documented().keys()].map((command) => (GROUPS[command] ?? command).split(' '));
    await Promise.all(
      commands.map((command) =>
        together(async () => {
          const { code, stdout, stderr } = await cli(...command, WRONG_FLAG);
          expect([command, code, stdout, stderr]).toEqual([
            command,
            2,
            '',
            expect.stringMatching(/^error: unknown option '--no-such-flag'\n(\(Did|fix: )/),
          ]);
        }),
      ),
    );
  }, 120_000);

  it('each command that needs the store ends with 5 where it is broken, and touches nothing', async () => {
    const before = readFileSync(join(broken.home, 'events.db'), 'utf8');
    const words: Record<string, string[]> = {
      'auth url': ['--client-id', 'x', '--callback-url', 'https://example.com/'],
      'auth revoke': ['ann@example.com', '--yes'],
      'create-instance': ['--account', 'ann@example.com', '--name', 'x'],
      'instances show': ['1'],
      'instances update': ['1', '--interval', '3'],
      'instances delete': ['1', '--yes'],
      'instances enable': ['1'],
      'instances disable': ['1'],
      'instances resume': ['1'],
      'events show': ['x'],
      'events resend': ['x'],
      'events discard': ['x', '--yes'],
      trigger: ['1'],
      'config rekey': ['--remove'],
      'config get': ['retention.deadDays'],
      'config set': ['retention.deadDays', '30'],
    };
    const commands = [...documented()].filter(([, codes]) => codes.includes(5)).map(([command]) => command);
    expect(commands.length).toBeGreaterThan(15);
    await Promise.all(
      commands.map((command) =>
        together(async () => {
          const { code, stdout, stderr } = await broken.cli([...command.split(' '), ...(words[command] ?? [])]);
          expect([command, code, stdout + stderr]).toEqual([command, 5, expect.stringContaining('events.db')]);
          expect(stderr).not.toMatch(/^ {4}at /m);
        }),
      ),
    );
    expect(readFileSync(join(broken.home, 'events.db'), 'utf8')).toBe(before);
  }, 120_000);

  it('each command that changes an instance ends with 75 while another process holds it and does not yield', async () => {
    const own = await startWorld();
    const { id } = await own.create();
    own.sandbox.mailbox().receive();
    own.receiver.respond({ status: 500 });
    await own.cli(['poll', String(id)]);
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const ctx = await openContext({ home: own.home, env: own.env, log });
    const commands = [...documented()].filter(([name, codes]) => codes.includes(75) && name !== 'poll');
    const words: Record<string, string[]> = {
      'instances update': [String(id), '--interval', '3'],
      'instances delete': [String(id), '--yes'],
      'events resend': ['--instance', String(id)],
      'events discard': ['--instance', String(id), '--yes'],
    };
    const run = async ([command]: [string, number[]]) => {
      const { code, stderr } = await own.cli([...command.split(' '), ...(words[command] ?? [String(id)])]);
      return [command, code, stderr.startsWith('error: another gmail-events process')];
    };
    try {
      const held = await withLease(ctx, `poll:${id}`, () =>
        withLease(ctx, `deliver:${id}`, () => Promise.all(commands.map(run))),
      );
      expect(held?.value?.value).toEqual(commands.map(([command]) => [command, 75, true]));
    } finally {
      await ctx.store.close();
      await own.close();
    }
  }, 90_000);

  it('every code that is documented is seen here, and every one seen here is documented', () => {
    const elsewhere = [5, 75];
    for (const [command, codes] of documented()) {
      const seen = CASES.filter(([name]) => name === command).map(([, code]) => code);
      const wanted = [0, ...codes.filter((code) => !elsewhere.includes(code) || (command === 'poll' && code === 75))];
      expect([command, [...new Set(seen)].sort()]).toEqual([command, wanted.sort()]);
    }
  });
});
