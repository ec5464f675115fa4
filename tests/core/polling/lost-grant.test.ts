import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findAccount, grantFromRefreshToken, revokeAccount, saveGrant } from '../../../src/core/accounts/index.js';
import { pollDue, pollInstance, pollMany, pollOutcome } from '../../../src/core/polling/index.js';
import { EMAIL, MINUTE, startWorld, told, type World } from './world.js';

const BY_HAND = { deliver: true, scheduled: false };

describe('a grant that is lost', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  async function grantAnew(): Promise<void> {
    const { clientId, clientSecret } = world.sandbox.client;
    const refreshToken = world.sandbox.grantRefreshToken();
    await saveGrant(world.ctx, await grantFromRefreshToken(world.ctx, { refreshToken, clientId, clientSecret }));
  }

  function mailboxRecord(at: number): Record<string, unknown> {
    const body = world.receiver.requests[at]?.json() as { message: { raw: { mailbox: Record<string, unknown>[] } } };
    return body.message.raw.mailbox[0] ?? {};
  }

  it('is told once an instance; the cursor stays, deliveries go on, and the rest is caught up before AUTH_RESTORED', async () => {
    const id = await world.create();
    const waiting = world.sandbox.mailbox().receive();
    await pollInstance(world.ctx, id, { ...BY_HAND, deliver: false });
    const [before] = await world.ctx.store.resources.list(id);
    world.sandbox.revoke();
    const missed = world.sandbox.mailbox().receive();

    const lost = await pollInstance(world.ctx, id, BY_HAND);
    expect(lost).toMatchObject({
      status: 'failed',
      events: 0,
      notifications: 0,
      delivered: 1,
      error: { code: 'auth' },
    });
    expect(await pollInstance(world.ctx, id, BY_HAND)).toMatchObject({
      status: 'failed',
      requests: 0,
      error: { code: 'auth' },
    });
    expect((await world.ctx.store.resources.list(id))[0]?.cursor).toBe(before?.cursor);
    expect(told(world.receiver).sort()).toEqual([`AUTH_FAILED ${EMAIL}`, `CREATED ${waiting}`]);
    const place = told(world.receiver).indexOf(`AUTH_FAILED ${EMAIL}`);
    expect(mailboxRecord(place)).toEqual({
      id: EMAIL,
      reason: lost.error?.message,
      hint: lost.error?.hint,
      expiresAt: null,
    });
    expect((await world.ctx.store.instances.get(id))?.authFailedAt).not.toBeNull();

    await grantAnew();
    expect(await pollInstance(world.ctx, id, BY_HAND)).toMatchObject({ status: 'ok', events: 1 });
    expect(told(world.receiver).slice(2).sort()).toEqual([`AUTH_RESTORED ${EMAIL}`, `CREATED ${missed}`]);
    expect((await world.ctx.store.instances.get(id))?.authFailedAt).toBeNull();
    await pollInstance(world.ctx, id, BY_HAND);
    expect(world.receiver.requests).toHaveLength(4);
  });

  it('tells nothing restored while a resource still fails', async () => {
    const id = await world.create({
      resources: {
        'changed-messages': { url: 'changed-messages', idField: 'id' },
        labels: { url: 'labels', idField: 'id' },
      },
    });
    world.sandbox.revoke();
    await pollInstance(world.ctx, id, BY_HAND);
    await grantAnew();
    world.sandbox.addFault({ method: 'labels.list', kind: 'badRequest400', times: 1 });
    expect(await pollInstance(world.ctx, id, BY_HAND)).toMatchObject({ status: 'failed', error: { code: 'failed' } });
    expect(told(world.receiver)).toEqual([`AUTH_FAILED ${EMAIL}`]);
    await pollInstance(world.ctx, id, BY_HAND);
    expect(told(world.receiver)).toEqual([`AUTH_FAILED ${EMAIL}`, `AUTH_RESTORED ${EMAIL}`]);
  });

  it('stops that account only, each of its instances hears of it, and a later cron line is silent about it', async () => {
    world.sandbox.addMailbox('bob@example.com', 0);
    const ids = [await world.create(), await world.create(), await world.create({ email: 'bob@example.com' })];
    world.sandbox.revoke(EMAIL);
    const mail = world.sandbox.mailbox('bob@example.com').receive();
    world.clock.offset = MINUTE;
    const first = await pollDue(world.ctx, null, { deliver: true });
    expect(first.map(({ summary }) => [summary.id, summary.status])).toEqual([
      [ids[0], 'failed'],
      [ids[1], 'failed'],
      [ids[2], 'ok'],
    ]);
    expect(pollOutcome(first, { due: true, deliver: true })).toBe('partial');
    expect(told(world.receiver).sort()).toEqual([`AUTH_FAILED ${EMAIL}`, `AUTH_FAILED ${EMAIL}`, `CREATED ${mail}`]);
    world.clock.offset = 2 * MINUTE;
    const second = await pollDue(world.ctx, null, { deliver: true });
    expect(second.map(({ summary }) => summary.id)).toEqual([ids[2]]);
    expect(pollOutcome(second, { due: true, deliver: true })).toBe('ok');
    expect((await pollMany(world.ctx, ids, BY_HAND)).map(({ error }) => error?.code)).toEqual([
      'auth',
      'auth',
      undefined,
    ]);
  });

  it('revoked here, file and all: the receiver still learns which mailbox it was', async () => {
    const id = await world.create();
    await revokeAccount(world.ctx, (await findAccount(world.ctx, EMAIL)).key);
    expect(await pollInstance(world.ctx, id, BY_HAND)).toMatchObject({ status: 'failed', error: { code: 'auth' } });
    expect(told(world.receiver)).toEqual([`AUTH_FAILED ${EMAIL}`]);
  });

  it('a client or domain that is not allowed is told too, and asked again at each poll', async () => {
    const id = await world.create();
    const mail = world.sandbox.mailbox().receive();
    world.sandbox.addFault({ method: 'history.list', kind: 'apiDisabled403', times: 2 });
    expect(await pollInstance(world.ctx, id, BY_HAND)).toMatchObject({ status: 'failed', requests: 1 });
    expect(await pollInstance(world.ctx, id, BY_HAND)).toMatchObject({ status: 'failed', requests: 1 });
    expect(await pollInstance(world.ctx, id, BY_HAND)).toMatchObject({ status: 'ok', events: 1 });
    expect(told(world.receiver).sort()).toEqual([`AUTH_FAILED ${EMAIL}`, `AUTH_RESTORED ${EMAIL}`, `CREATED ${mail}`]);
  });

  it('a proxy that is no URL is a matter of this process: no grant is lost by it', async () => {
    const id = await world.create();
    const env = { ...world.ctx.env, HTTPS_PROXY: 'user:password@[' };
    const ctx = { ...world.ctx, env, google: { ...world.ctx.google, gmail: 'https://gmail.invalid' } };
    expect(await pollInstance(ctx, id, BY_HAND)).toMatchObject({ status: 'failed', error: { code: 'usage' } });
    expect(await world.ctx.store.accounts.list()).toEqual([]);
    expect(await pollInstance(world.ctx, id, BY_HAND)).toMatchObject({ status: 'ok' });
    expect(told(world.receiver)).toEqual([]);
  });

  it('an instance that wants no such events gets none, and is caught up all the same', async () => {
    const id = await world.create({ configuration: { 'event.notification.system.enabled': false } });
    world.sandbox.revoke();
    const mail = world.sandbox.mailbox().receive();
    await pollInstance(world.ctx, id, BY_HAND);
    await grantAnew();
    await pollInstance(world.ctx, id, BY_HAND);
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
    expect((await world.ctx.store.instances.get(id))?.authFailedAt).toBeNull();
  });
});

describe('a grant that ends soon', () => {
  it('is told once, however often the token is refreshed', async () => {
    const world = await startWorld();
    try {
      world.sandbox.limitGrants(3 * 24 * 3600);
      const id = await world.create();
      await pollInstance(world.ctx, id, BY_HAND);
      expect(world.receiver.requests).toHaveLength(0);
      world.clock.offset = 25 * 60 * MINUTE;
      const ends = new Set<number | null>();
      for (let hour = 0; hour < 3; hour++) {
        world.clock.offset += 61 * MINUTE;
        await pollInstance(world.ctx, id, BY_HAND);
        ends.add((await findAccount(world.ctx, EMAIL)).grantExpiresAt);
      }
      // Google tells the end anew each time, a second more or less.
      expect(ends.size).toBe(1);
      expect(told(world.receiver)).toEqual([`AUTH_EXPIRING ${EMAIL}`]);
      const body = world.receiver.requests[0]?.json() as { message: { raw: { mailbox: unknown[] } } };
      expect(body.message.raw.mailbox).toEqual([
        {
          id: EMAIL,
          reason: expect.any(String),
          hint: expect.stringContaining('gmail-events auth'),
          expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        },
      ]);
    } finally {
      await world.close();
    }
  });
});
