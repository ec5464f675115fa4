import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../src/sandbox/index.js';
import { type CliResult, until } from '../support/cli.js';
import { told } from '../support/notifications.js';
import type { Answer } from '../support/receiver.js';
import { SECRET_MARK, startWorld, type World } from '../support/setup.js';

/** Retries soon, and a short patience with callbacks: what is tested is that they come, not when. */
const SETTINGS = { 'delivery.timeoutSeconds': 1, 'delivery.retryWaits': Array(9).fill(1) };
const CLIENT = {
  clientId: '123-a.apps.googleusercontent.com',
  clientSecret: `${SECRET_MARK}-client`,
  type: 'installed',
} as const;

async function start(): Promise<World> {
  const world = await startWorld({
    settings: SETTINGS,
    clients: [{ ...CLIENT, redirectUris: ['http://127.0.0.1:9/oauth'] }],
  });
  await world.create({ configuration: { 'event.notification.signature.key': `${SECRET_MARK}-key` } });
  return world;
}

/** One clear sentence where something failed, silence where nothing did; never a stack trace, never a secret. */
function spoke({ code, stdout, stderr }: CliResult): void {
  expect(stdout + stderr).not.toMatch(/^ {4}at /m);
  expect(stdout + stderr).not.toContain(SECRET_MARK);
  if (code === 0) expect(stderr).toBe('');
  else expect(stderr).toMatch(/^error: \S.+\n(fix: \S.+\n)?$/);
}

describe('faults of Google, as a run of poll meets them', () => {
  let world: World;
  beforeAll(async () => {
    world = await start();
  }, 30_000);
  afterAll(() => world.close());

  const pages: Fault = { method: 'history.list', kind: 'repeatPageToken', times: 20 };
  it.each<[string, number, Fault | ((world: World) => void)]>([
    ['HTML', 0, { method: 'history.list', kind: 'html502', times: 2 }],
    ['truncated JSON', 0, { method: 'history.list', kind: 'truncatedJson', times: 2 }],
    ['nothing', 0, { method: 'messages.get', kind: 'emptyBody', times: 1 }],
    ['an unknown field', 0, { method: '*', kind: 'unknownField' }],
    ['a connection that breaks', 0, { method: 'messages.get', kind: 'reset', times: 1 }],
    ['a 401 in the midst of a page', 0, { method: 'messages.get', kind: 'unauthorized401', times: 1 }],
    ['a token endpoint that is down for a moment', 0, { method: 'token', kind: 'backendError503', times: 2 }],
    ['a token endpoint that stays down', 1, { method: 'token', kind: 'backendError503', times: 20 }],
    ['pages that begin again', 1, pages],
    ['an endless chain of empty pages', 1, (at) => at.sandbox.mailbox().emptyPages(70)],
    ['a request that it refuses', 1, { method: 'history.list', kind: 'badRequest400', times: 20 }],
    [
      'a limit for the next ten minutes',
      75,
      { method: 'history.list', kind: 'retryAfter429', retryAfterSeconds: 600, times: 1 },
    ],
  ])(
    '%s: exit %i, and nothing is lost',
    async (_what, code, fault) => {
      const before = world.receiver.requests.length;
      const id = world.sandbox.mailbox().receive();
      world.sandbox.expireAccessTokens();
      if (typeof fault === 'function') fault(world);
      else world.sandbox.addFault(fault);
      const met = await world.cli(['poll', '--quiet']);
      spoke(met);
      expect(met.code).toBe(code);
      world.sandbox.clearFaults();
      world.sandbox.mailbox().emptyPages(0);
      // The pause that Google asked for is kept: here a day goes by.
      const later =
        code === 75 ? await ahead(world, ['poll', '--quiet'], 24 * 3600) : await world.cli(['poll', '--quiet']);
      expect([later.code, later.stderr]).toEqual([0, '']);
      // A cursor that Google refuses is a gap, which is told as well.
      const came = told(world.receiver.requests.slice(before)).filter((event) => !event.startsWith('GAP'));
      expect(came).toEqual([`CREATED ${id}`]);
    },
    40_000,
  );

  it.each<[string, number, Fault]>([
    ['a grant that was revoked', 4, { method: 'token', kind: 'invalidGrant' }],
    ['a scope that is missing', 4, { method: 'history.list', kind: 'insufficientScope403' }],
    ['an API that is not enabled', 1, { method: 'history.list', kind: 'apiDisabled403' }],
    ['a policy of the domain', 4, { method: 'history.list', kind: 'domainPolicy403' }],
  ])(
    '%s: exit %i with its fix; afterwards it is caught up',
    async (_what, exit, fault) => {
      const own = await start();
      try {
        const id = own.sandbox.mailbox().receive();
        own.sandbox.expireAccessTokens();
        own.sandbox.addFault(fault);
        const met = await own.cli(['poll', '--quiet']);
        spoke(met);
        expect([met.code, met.stderr]).toEqual([exit, expect.stringContaining('fix: ')]);
        own.sandbox.clearFaults();
        const code = own.sandbox.grantCode({ redirectUri: 'http://127.0.0.1:9/oauth' });
        const patch = JSON.stringify({ providerData: { code } });
        expect((await own.cli(['instances', 'update', '1', '--body', '-', '--quiet'], patch)).code).toBe(0);
        expect((await own.cli(['poll', '--quiet'])).code).toBe(0);
        expect(told(own.receiver.requests)).toContain(`CREATED ${id}`);
      } finally {
        await own.close();
      }
    },
    40_000,
  );

  it('a message of 50 MB is delivered whole', async () => {
    const own = await start();
    try {
      const url = '/hubs/general/changed-messages?format=raw';
      const resources = JSON.stringify({ 'changed-messages': { url, idField: 'id' } });
      await own.cli(['instances', 'update', '1', '--config', `event.poller.configuration=${resources}`]);
      own.sandbox.mailbox().receive({ size: 50 * 1024 ** 2 });
      // The usual time for a callback: a second is little for so much.
      writeFileSync(join(own.home, 'config.json'), '{}');
      const met = await own.cli(['poll', '--quiet']);
      expect([met.code, met.stderr]).toEqual([0, '']);
      expect(own.receiver.requests[0]?.body.length).toBeGreaterThan(50 * 1024 ** 2);
    } finally {
      await own.close();
    }
  }, 60_000);
});

describe('faults of a callback', () => {
  let world: World;
  beforeAll(async () => {
    world = await start();
  }, 30_000);
  afterAll(() => world.close());

  it.each<[string, number, Answer]>([
    ['hangs', 3, { hang: true }],
    ['redirects', 3, { redirect: 'http://127.0.0.1:9/' }],
    ['answers a byte a second', 3, { drip: { bytes: 100 } }],
    ['breaks the connection', 3, { reset: true }],
    ['breaks it in the midst of its answer', 3, { reset: 'after' }],
    ['answers 500', 3, { status: 500 }],
    ['answers 100 MB', 0, { hugeBytes: 100 * 1024 ** 2 }],
  ])(
    'that %s: exit %i, and the same bytes come again until they are taken',
    async (_what, code, answer) => {
      const before = world.receiver.requests.length;
      const id = world.sandbox.mailbox().receive();
      world.receiver.respond(answer);
      const met = await world.cli(['poll', '--quiet']);
      spoke(met);
      expect(met.code).toBe(code);
      world.receiver.respond({});
      await until('it to be taken', async () => (await world.cli(['poll', '--quiet'])).code === 0);
      const came = world.receiver.requests.slice(before);
      expect(came).toHaveLength(code === 0 ? 1 : 2);
      expect(new Set(came.map((request) => request.body.toString())).size).toBe(1);
      expect(told(came.slice(-1))).toEqual([`CREATED ${id}`]);
    },
    30_000,
  );

  it('that cannot be reached: exit 3, and what waits is sent once there is one', async () => {
    const before = world.receiver.requests.length;
    const id = world.sandbox.mailbox().receive();
    const callTo = (url: string) => world.cli(['instances', 'update', '1', '--callback-url', url, '--quiet']);
    // Port 9 discards nothing: nobody listens there.
    for (const url of ['http://127.0.0.1:9/', 'http://nowhere.invalid/']) {
      expect((await callTo(url)).code).toBe(0);
      const met = await world.cli(['poll', '--quiet']);
      spoke(met);
      expect([url, met.code]).toEqual([url, 3]);
    }
    expect((await callTo(world.receiver.url)).code).toBe(0);
    await until('it to be taken', async () => (await world.cli(['poll', '--quiet'])).code === 0);
    expect(told(world.receiver.requests.slice(before))).toEqual([`CREATED ${id}`]);
  }, 30_000);

  it('two polls and two watches at once do nothing twice', async () => {
    const before = world.receiver.requests.length;
    world.receiver.respond({ delayMs: 300 });
    const id = world.sandbox.mailbox().receive();
    const polls = await Promise.all([world.cli(['poll', '--quiet']), world.cli(['poll', '--quiet'])]);
    for (const poll of polls) {
      spoke(poll);
      expect([0, 3, 75]).toContain(poll.code);
    }
    const second = world.sandbox.mailbox().receive();
    await world.cli(['poll', '--no-deliver', '--quiet']);
    const watches = [world.start(['watch']), world.start(['watch'])];
    for (const watch of watches) await until('it to watch', () => watch.stderr().includes('Watching'));
    await world.receiver.waitFor((requests) => requests.length >= before + 2);
    for (const watch of watches) watch.child.kill('SIGTERM');
    for (const watch of watches) expect(await watch.result).toMatchObject({ code: 0 });
    world.receiver.respond({});
    await world.cli(['poll', '--quiet']);
    expect(told(world.receiver.requests.slice(before))).toEqual([`CREATED ${id}`, `CREATED ${second}`]);
  }, 40_000);

  it('a clock that is set forward and back loses nothing', async () => {
    const before = world.receiver.requests.length;
    const ids: string[] = [];
    for (const seconds of [3 * 24 * 3600, 0, -3 * 24 * 3600, 0]) {
      ids.push(world.sandbox.mailbox().receive());
      const poll = await ahead(world, ['poll', '--quiet'], seconds);
      expect([seconds, poll.code, poll.stderr]).toEqual([seconds, 0, '']);
    }
    expect(told(world.receiver.requests.slice(before))).toEqual(ids.map((id) => `CREATED ${id}`));
  }, 40_000);
});

describe('faults of a consent', () => {
  let world: World;
  beforeAll(async () => {
    world = await start();
  }, 30_000);
  afterAll(() => world.close());

  async function page(...args: string[]) {
    const running = world.start(['auth', '--client-secret-file', world.clientSecretFile, '--no-browser', ...args]);
    await until('the page', () => /https?:\/\/\S+/.test(running.stderr()));
    const url = /https?:\/\/\S+/.exec(running.stderr())?.[0] ?? '';
    return { url, visit: async () => (await fetch(url)).text(), result: () => running.result };
  }

  it.each([
    ['denied', { deny: true }],
    ['with the scope unticked', { scope: 'https://www.googleapis.com/auth/gmail.labels' }],
  ])(
    '%s: exit 4',
    async (_what, consent) => {
      world.sandbox.consent(consent);
      const asked = await page();
      const shown = await asked.visit();
      const result = await asked.result();
      world.sandbox.consent({});
      expect([result.code, result.stderr]).toEqual([4, expect.stringMatching(/^error: \S.+$/m)]);
      expect(shown).toContain('No access');
    },
    30_000,
  );

  it('that never comes: exit 4', async () => {
    const asked = await page('--timeout', '1');
    expect(await asked.result()).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('no consent came within 1 s'),
    });
  }, 30_000);

  it('a redirect with a wrong or missing state is turned away, and the right one still counts', async () => {
    const asked = await page();
    const redirect = new URL(new URL(asked.url).searchParams.get('redirect_uri') ?? '');
    for (const query of ['?code=stolen&state=wrong', '?code=stolen', '?state=wrong', '']) {
      const turned = await fetch(`${redirect.origin}/${query}`);
      expect([query, turned.status >= 400]).toEqual([query, true]);
    }
    await asked.visit();
    expect((await asked.result()).code).toBe(0);
  }, 30_000);

  it.each(['listen', 'sandbox'])(
    '%s at an address that the machine refuses: exit 1, named',
    async (command) => {
      // Of a network that exists in documentation alone.
      const result = await world.cli([command, '--host', '192.0.2.1', '--port', '0']);
      spoke(result);
      expect([result.code, result.stderr]).toEqual([1, expect.stringContaining('192.0.2.1')]);
    },
    30_000,
  );

  it('a port that is taken: exit 1, named', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const callback = `http://127.0.0.1:${port}/`;
    const result = await world.cli([
      'auth',
      '--client-secret-file',
      world.clientSecretFile,
      '--callback-url',
      callback,
    ]);
    server.close();
    spoke(result);
    expect([result.code, result.stderr]).toEqual([1, expect.stringContaining(String(port))]);
  }, 30_000);
});

/** The program with its clock set ahead by so many seconds; a negative number sets it back. */
async function ahead(world: World, args: string[], seconds: number): Promise<CliResult> {
  const file = join(dirname(world.home), 'clock.mjs');
  writeFileSync(file, `const now = Date.now; Date.now = () => now() + ${seconds * 1000};`);
  const before = world.env['NODE_OPTIONS'];
  world.env['NODE_OPTIONS'] = `--import file://${file}`;
  try {
    return await world.cli(args);
  } finally {
    if (before === undefined) delete world.env['NODE_OPTIONS'];
    else world.env['NODE_OPTIONS'] = before;
  }
}
