import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { outcome, run } from '../../src/commands/status.js';
import { resumeInstance } from '../../src/core/delivery/index.js';
import type { ErrorCode, ReportedError } from '../../src/core/errors.js';
import { deleteInstance } from '../../src/core/instances/index.js';
import { pollInstance } from '../../src/core/polling/index.js';
import type { AccountStatus, InstanceStatus } from '../../src/core/status.js';
import type { SandboxClient } from '../../src/sandbox/index.js';
import { MINUTE, startWorld, type World } from '../core/polling/world.js';
import { terminal } from './terminal.js';

const HOUR = 60 * MINUTE;
const error = (code: ErrorCode): ReportedError => ({ code, message: '', hint: null, faults: [] });

describe("status' exit", () => {
  it.each<[string, (ReportedError | null)[], AccountStatus['state'][], string]>([
    ['nothing wrong', [null, null], ['ok', 'expiring', 'cooling'], 'ok'],
    ['what passes by itself', [error('retry_later')], ['ok'], 'ok'],
    ['only grants', [error('auth')], ['reauthorize'], 'auth'],
    ['an account without instances', [], ['reauthorize'], 'auth'],
    ['what is to be set right at Google', [], ['operator'], 'partial'],
    ['the same, met by a poll as a matter of authorization', [error('auth')], ['operator'], 'auth'],
    ['files that cannot be read, all of them', [error('store'), error('store')], ['ok'], 'store'],
    ['one of them', [error('store'), null], ['ok'], 'partial'],
    ['a stop', [error('partial')], ['ok'], 'partial'],
    ['a mixture', [error('partial'), error('auth')], ['reauthorize'], 'partial'],
  ])('%s', (_name, errors, states, expected) => {
    const instances = errors.map((error) => ({ error, account: 'a@b' }) as InstanceStatus);
    const accounts = states.map((state) => ({ email: 'a@b', state, until: null }));
    expect(outcome(instances, accounts)).toBe(expected);
  });
});

describe('status', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  async function status() {
    const out = terminal({ json: true });
    const error = await run({}, world.ctx, out.ui).then(
      () => null,
      (thrown: { code: string }) => thrown.code,
    );
    const [told] = out.json() as [{ instances: Record<string, unknown>[]; accounts: unknown[] }];
    return { error, ...told };
  }

  const poll = (id: number) => pollInstance(world.ctx, id, { deliver: true, scheduled: false });
  const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

  it('has the documented fields, and says when the cursor is expected to expire', async () => {
    const id = await world.create();
    await poll(id);
    world.sandbox.mailbox().receive();
    await poll(id);
    const { instances, accounts, error } = await status();
    expect(error).toBeNull();
    expect(Object.keys(instances[0] ?? {})).toEqual(
      'id name account lastPollAt nextPollAt cursorAt cursorExpiresAt deliveries pending dead oldestPendingAt error'.split(
        ' ',
      ),
    );
    const cursorAt = Date.parse(String(instances[0]?.['cursorAt']));
    expect(Math.abs(cursorAt - world.clock.now())).toBeLessThan(MINUTE);
    expect(instances[0]?.['cursorExpiresAt']).toBe(iso(cursorAt + 7 * 24 * HOUR));
    expect(accounts).toEqual([{ email: 'ann@example.com', state: 'ok', until: null }]);
  });

  it('names a mailbox that is authorized under two clients with each client', async () => {
    await world.close();
    const [one, two] = ['1-one.apps.googleusercontent.com', '2-two.apps.googleusercontent.com'].map((clientId) => ({
      clientId,
      clientSecret: 'GOCSPX-sample',
      type: 'installed' as const,
      redirectUris: ['http://localhost'],
    })) as [SandboxClient, SandboxClient];
    world = await startWorld({ clients: [one, two] });
    await world.create();
    const refreshToken = world.sandbox.grantRefreshToken({ clientId: two.clientId });
    const configuration = { 'oauth.api.key': two.clientId, 'oauth.user.refresh_token': refreshToken };
    await world.create({ configuration });
    const { instances, accounts } = await status();
    const names = [`ann@example.com/${one.clientId}`, `ann@example.com/${two.clientId}`];
    expect(instances.map(({ account }) => account)).toEqual(names);
    expect(accounts).toEqual(names.map((email) => ({ email, state: 'ok', until: null })));
  });

  it('names a head that has failed for an hour, and the command that gives it up', async () => {
    const id = await world.create();
    world.receiver.respond({ status: 500 });
    world.sandbox.mailbox().receive();
    await poll(id);
    expect((await status()).error).toBeNull();
    world.clock.offset += HOUR;
    const { instances, error } = await status();
    expect(error).toBe('partial');
    const [head] = await world.ctx.store.outbox.list({ instanceId: id });
    expect(instances[0]).toMatchObject({
      pending: 1,
      error: { code: 'partial', exitCode: 3, hint: expect.stringContaining(`gmail-events events discard ${head?.id}`) },
    });
  });

  it('shows a stop until it is lifted', async () => {
    const id = await world.create();
    world.receiver.respond({ status: 410 });
    world.sandbox.mailbox().receive();
    await poll(id);
    const stopped = await status();
    expect(stopped.error).toBe('partial');
    expect(stopped.instances[0]).toMatchObject({
      deliveries: 'stopped',
      error: { hint: expect.stringContaining(`gmail-events instances resume ${id}`) },
    });
    await resumeInstance(world.ctx, id);
    expect((await status()).instances[0]).toMatchObject({ deliveries: 'running', pending: 1, error: null });
  });

  it('needs a person when an endpoint rests that something waits for', async () => {
    const id = await world.create({ configuration: { 'event.notification.order': 'parallel' } });
    world.receiver.respond({ status: 500 });
    world.sandbox.mailbox().receiveMany(50);
    await poll(id);
    const { instances, error } = await status();
    expect(error).toBe('partial');
    expect(instances[0]).toMatchObject({
      deliveries: 'resting',
      pending: 5,
      error: { code: 'partial', hint: expect.stringContaining('gmail-events events resend --instance') },
    });
  });

  it('says in one sentence that several need a person', async () => {
    for (const name of ['one', 'two']) await poll(await world.create({ name }));
    world.sandbox.revoke();
    world.sandbox.expireAccessTokens();
    await poll(1);
    const failure = run({}, world.ctx, terminal().ui);
    await expect(failure).rejects.toMatchObject({ code: 'auth', message: 'instances 1, 2 need a person' });
  });

  it('shows the others when one file is broken, and says which', async () => {
    const [id, broken] = [await world.create(), await world.create()];
    writeFileSync(join(world.home, `instances/${broken}.json`), '{"half');
    const { instances, error } = await status();
    expect(error).toBe('partial');
    expect(instances).toMatchObject([
      { id, account: 'ann@example.com', error: null },
      { id: broken, error: { code: 'store', message: expect.stringContaining(`instances/${broken}.json`) } },
    ]);
  });

  it('agrees with poll on what is no matter of authorization', async () => {
    const id = await world.create();
    world.sandbox.addFault({ method: 'history.list', kind: 'apiDisabled403' });
    expect((await poll(id)).error).toMatchObject({ code: 'failed', message: expect.stringMatching(/not enabled/) });
    const { instances, error } = await status();
    expect([error, instances[0]?.['error']]).toEqual(['partial', expect.objectContaining({ code: 'failed' })]);
  });

  it('is a table for a person, with each fix under it', async () => {
    const id = await world.create();
    world.receiver.respond({ status: 410 });
    world.sandbox.mailbox().receive();
    await poll(id);
    const out = terminal();
    await expect(run({}, world.ctx, out.ui)).rejects.toMatchObject({ code: 'partial' });
    expect(out.stdout).toMatch(/^ID +NAME +ACCOUNT/);
    expect(out.stdout).toContain(`fix: gmail-events instances resume ${id}`);
  });

  it('shows a person that a delivery is tried again, which is nothing to be done about yet', async () => {
    const id = await world.create();
    world.receiver.respond({ status: 500 });
    world.sandbox.mailbox().receive();
    await poll(id);
    const out = terminal();
    expect(await run({}, world.ctx, out.ui)).toBe('ok');
    expect(out.stdout).toMatch(/ retrying +1 +0 /);
    expect((await status()).instances[0]).toMatchObject({ deliveries: 'running', pending: 1, error: null });
  });

  it('tells of a grant that has failed also when no instance uses it, and with --quiet where to look', async () => {
    const id = await world.create();
    world.sandbox.revoke();
    await poll(id);
    await deleteInstance(world.ctx, id);
    const out = terminal();
    await expect(run({}, world.ctx, out.ui)).rejects.toMatchObject({ code: 'auth' });
    expect(out.stdout).toContain('ann@example.com: its grant has failed\n  fix: gmail-events auth check tells why');
    const quiet = terminal({ quiet: true });
    await expect(run({}, world.ctx, quiet.ui)).rejects.toMatchObject({
      message: 'an account needs a person',
      hint: 'gmail-events status names the fix of each.',
    });
    expect([quiet.stdout, quiet.stderr]).toEqual(['', '']);
  });

  it('tells of a grant that ends within two days, and how to renew it', async () => {
    world.sandbox.limitGrants(3 * 24 * 3600);
    await world.create();
    const [before] = (await status()).accounts as { state: string; until: string }[];
    expect(before).toMatchObject({ state: 'ok' });
    world.clock.offset = 25 * HOUR;
    const out = terminal();
    await run({}, world.ctx, out.ui);
    expect(out.stdout).toMatch(/\nann@example\.com: Google ends this grant in .*\n {2}fix: gmail-events auth/);
    const { accounts, error } = await status();
    expect([accounts, error]).toEqual([[{ email: 'ann@example.com', state: 'expiring', until: before?.until }], null]);
  });

  it('tells a person the units that each account has spent since midnight UTC', async () => {
    const other = world.sandbox.addMailbox('bob@example.com').email;
    const id = await world.create();
    await world.create({ email: other });
    world.sandbox.mailbox().receive();
    const today = (at: number) => new Date(at).toISOString().slice(0, 10);
    const shown = async () => {
      const out = terminal();
      await run({}, world.ctx, out.ui);
      return out.stdout.split('\n').filter((line) => line.endsWith('units today'));
    };
    // A day that ends in the middle of the test would begin a new sum.
    if (today(world.clock.now()) !== today(world.clock.now() + 2 * MINUTE)) world.clock.offset += 2 * MINUTE;
    await poll(id);
    expect(await shown()).toEqual([
      expect.stringMatching(/^ann@example\.com: 22 units today$/),
      expect.stringMatching(/^bob@example\.com: 0 units today$/),
    ]);
    world.clock.offset += 24 * HOUR;
    expect(await shown()).toEqual(['ann@example.com: 0 units today', 'bob@example.com: 0 units today']);
    expect((await status()).accounts).toEqual([
      { email: 'ann@example.com', state: 'ok', until: null },
      { email: other, state: 'ok', until: null },
    ]);
  });
});
