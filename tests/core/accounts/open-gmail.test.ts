import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accountHealth,
  checkAccount,
  markAccountFailed,
  openGmail,
  saveGrant,
} from '../../../src/core/accounts/index.js';
import type { Context } from '../../../src/core/context.js';
import { grantFromRefreshToken } from '../../../src/core/oauth/exchange.js';
import type { AccountDocument } from '../../../src/core/types.js';
import { GmailError } from '../../../src/gmail/errors.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.js';
import { type Home, skippingClock, temporaryHome } from './context.js';
import { authorized, tokenCalls } from './sample.js';

const METADATA = 'https://www.googleapis.com/auth/gmail.metadata';

let home: Home;
let sandbox: Sandbox;
let ctx: Context;
let account: AccountDocument;
let clock: ReturnType<typeof skippingClock>;

beforeEach(async () => {
  home = temporaryHome();
  clock = skippingClock();
  sandbox = await startSandbox({ now: () => clock.now(), email: 'ada@example.com' });
  ctx = await home.open(sandbox.env, clock);
  account = await authorized(ctx, sandbox);
  sandbox.resetRequests();
});
afterEach(async () => {
  await sandbox.close();
  await home.close();
});

async function failure(work: Promise<unknown>): Promise<GmailError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GmailError);
  return error as GmailError;
}

const profile = async (of: Context) => (await openGmail(of, account.key)).getProfile();
const stored = async () => (await ctx.store.accountFiles.read(account.key)) as AccountDocument;

describe('access tokens', () => {
  it('come from the file until a minute before they end: an idle poll is one request', async () => {
    await profile(ctx);
    await profile(await home.open(sandbox.env, clock));
    expect(sandbox.requests.map(({ method }) => method)).toEqual(['getProfile', 'getProfile']);
    clock.skipped += 3599_000 - 59_000;
    await profile(ctx);
    expect(tokenCalls(sandbox)).toBe(1);
    expect((await stored()).accessToken).not.toBe(account.accessToken);
  });

  it('are refreshed once for all processes that need one at the same time', async () => {
    clock.skipped += 3600_000;
    const others = await Promise.all([1, 2, 3].map(() => home.open(sandbox.env, clock)));
    sandbox.addFault({ method: 'token', kind: 'slow', delayMs: 50 });
    await Promise.all([ctx, ...others, ctx].map(profile));
    expect(tokenCalls(sandbox)).toBe(1);
  });

  it('are refreshed once when all of them see a 401', async () => {
    const others = await Promise.all([1, 2].map(() => home.open(sandbox.env, clock)));
    const clients = await Promise.all([ctx, ctx, ...others].map((one) => openGmail(one, account.key)));
    await Promise.all(clients.map((gmail) => gmail.getProfile()));
    sandbox.expireAccessTokens();
    await Promise.all(clients.map((gmail) => gmail.getProfile()));
    expect(tokenCalls(sandbox)).toBe(1);
    expect(clients.map((gmail) => gmail.usage.requests)).toEqual([3, 3, 3, 3]);
  });

  it('are waited for, up to 15 s, while another process holds the account', async () => {
    clock.skipped += 3600_000;
    const other = await home.open(sandbox.env, clock);
    const lease = await other.store.leases.acquire(`account:${account.key}`);
    const before = clock.now();
    expect(await failure(profile(ctx))).toMatchObject({ class: 'retry', code: 'retry_later' });
    expect(clock.now() - before).toBeGreaterThanOrEqual(15_000);
    expect(tokenCalls(sandbox)).toBe(0);
    if (lease !== null) await other.store.leases.release(lease);
    await profile(ctx);
  });

  it('keep a refresh token that was rotated', async () => {
    sandbox.rotateRefreshTokens(true);
    for (let hour = 0; hour < 3; hour += 1) {
      clock.skipped += 3600_000;
      const before = (await stored()).refreshToken;
      await profile(ctx);
      expect((await stored()).refreshToken).not.toBe(before);
    }
    expect(tokenCalls(sandbox)).toBe(3);
  });

  it('keep a rotated refresh token also when another process took the account over meanwhile', async () => {
    sandbox.rotateRefreshTokens(true);
    clock.skipped += 3600_000;
    const other = await home.open(sandbox.env, clock);
    const { accountFiles } = ctx.store;
    let writes = 0;
    const write: typeof accountFiles.write = async (...given) => {
      writes += 1;
      if (writes === 1) {
        // This process slept for so long that the other took it for dead, and met a refresh token that has ended.
        clock.skipped += 31_000;
        expect(await failure(profile(other))).toMatchObject({ reason: 'invalid_grant' });
      }
      return accountFiles.write(...given);
    };
    await profile({ ...ctx, store: { ...ctx.store, accountFiles: { ...accountFiles, write } } });
    expect((await stored()).refreshToken).not.toBe(account.refreshToken);
    expect(await accountHealth(ctx, account.key)).toMatchObject({ state: 'ok' });
    clock.skipped += 3600_000;
    await profile(other);
  });

  it('are kept from a token endpoint that is down for a while', async () => {
    clock.skipped += 3600_000;
    sandbox.addFault({ method: 'token', kind: 'backendError503', times: 3 });
    await profile(ctx);
    expect(tokenCalls(sandbox)).toBe(4);
    clock.skipped += 3600_000;
    sandbox.addFault({ method: 'token', kind: 'html502' });
    expect(await failure(profile(ctx))).toMatchObject({ class: 'retry', code: 'failed' });
    expect(await accountHealth(ctx, account.key)).toMatchObject({ state: 'ok' });
  });
});

describe('a grant that fails', () => {
  it('is marked, and Google is not asked again', async () => {
    sandbox.revoke();
    clock.skipped += 3600_000;
    expect(await failure(profile(ctx))).toMatchObject({ class: 'reauthorize', code: 'auth', reason: 'invalid_grant' });
    sandbox.resetRequests();
    const again = await failure(profile(await home.open(sandbox.env, clock)));
    expect(again).toMatchObject({
      class: 'reauthorize',
      code: 'auth',
      hint: expect.stringContaining('gmail-events auth'),
    });
    expect(sandbox.requests).toEqual([]);
    expect(await accountHealth(ctx, account.key)).toMatchObject({
      state: 'reauthorize',
      reason: expect.stringContaining('expired or was revoked'),
      hint: expect.any(String),
      until: null,
    });
  });

  it('is lifted by another grant', async () => {
    sandbox.revoke();
    clock.skipped += 3600_000;
    await failure(profile(ctx));
    await authorized(ctx, sandbox);
    expect(await accountHealth(ctx, account.key)).toMatchObject({ state: 'ok', reason: null });
    await profile(ctx);
  });

  it('does not condemn the grant that took its place meanwhile', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'insufficientScope403' });
    const error = await failure(profile(ctx));
    sandbox.clearFaults();
    await authorized(ctx, sandbox);
    await markAccountFailed(ctx, account.key, error);
    expect(await accountHealth(ctx, account.key)).toMatchObject({ state: 'ok' });
  });

  it('is marked for a scope that is missing; other errors are no matter of the account', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'insufficientScope403', times: 1 });
    await markAccountFailed(ctx, account.key, await failure(profile(ctx)));
    expect(await accountHealth(ctx, account.key)).toMatchObject({ state: 'reauthorize' });
    await checkAccount(ctx, account);
    expect(await accountHealth(ctx, account.key)).toMatchObject({ state: 'ok' });
    sandbox.addFault({ method: 'getProfile', kind: 'forbidden403', times: 1 });
    await markAccountFailed(ctx, account.key, await failure(profile(ctx)));
    expect(await accountHealth(ctx, account.key)).toMatchObject({ state: 'ok' });
  });

  it('of the operator is asked again each time, and well again with the first success', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'apiDisabled403', times: 2 });
    await markAccountFailed(ctx, account.key, await failure(profile(ctx)));
    expect(await accountHealth(ctx, account.key)).toMatchObject({
      state: 'operator',
      hint: expect.stringContaining('https://console.developers.google.com/'),
    });
    await failure(profile(ctx));
    await profile(ctx);
    expect(await accountHealth(ctx, account.key)).toMatchObject({ state: 'ok' });
  });

  it('is missing when its file is gone', async () => {
    expect(await failure(openGmail(ctx, 'nobody@example.com~x'))).toMatchObject({ class: 'reauthorize', code: 'auth' });
    expect(await accountHealth(ctx, 'nobody@example.com~x')).toMatchObject({ state: 'reauthorize' });
  });

  it('shows until when Google rests', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'retryAfter403', retryAfterSeconds: 600, times: 1 });
    const error = await failure(profile(ctx));
    expect(await accountHealth(ctx, account.key)).toMatchObject({ state: 'ok', until: error.retryAt });
    clock.skipped += 700_000;
    expect(await accountHealth(ctx, account.key)).toMatchObject({ until: null });
  });
});

describe('saving a grant', () => {
  it('replaces the old one, except by one that covers less while the old one works', async () => {
    const narrow = await authorized(ctx, sandbox, { scope: METADATA });
    expect(narrow.refreshToken).toBe(account.refreshToken);
    sandbox.revoke();
    await failure(checkAccount(ctx, account));
    expect((await authorized(ctx, sandbox, { scope: METADATA })).scopes).toEqual([METADATA]);
    expect((await authorized(ctx, sandbox)).scopes).not.toContain(METADATA);
  });

  it('keeps no historyId in the file', async () => {
    expect(await stored()).not.toHaveProperty('historyId');
  });

  it('fails with 75 while another process holds the account', async () => {
    const { clientId, clientSecret } = sandbox.client;
    const refreshToken = sandbox.grantRefreshToken();
    const grant = await grantFromRefreshToken(ctx, { refreshToken, clientId, clientSecret });
    const other = await home.open(sandbox.env, clock);
    await other.store.leases.acquire(`account:${account.key}`);
    await expect(saveGrant(ctx, grant)).rejects.toMatchObject({ code: 'retry_later' });
    expect((await stored()).refreshToken).toBe(account.refreshToken);
  });
});

describe('secrets', () => {
  it('are in no error of a refresh, a check or a marked account', async () => {
    const secrets = [account.refreshToken, account.accessToken, account.clientSecret] as string[];
    const kinds = [
      'invalidGrant',
      'invalidRapt',
      'invalidClient',
      'unauthorizedClient',
      'truncatedJson',
      'reset',
    ] as const;
    for (const kind of kinds) {
      sandbox.clearFaults();
      sandbox.addFault({ method: 'token', kind });
      await ctx.store.accounts.remove(account.key);
      const error = await failure(checkAccount(ctx, account));
      const row = await ctx.store.accounts.get(account.key);
      const text = inspect([error, row], { depth: 30, showHidden: true }) + JSON.stringify([error, row]) + error.stack;
      for (const secret of secrets) expect(text).not.toContain(secret);
      clock.skipped += 1000;
    }
  });
});

describe('budgets', () => {
  it('are shared by the clients of an account, in one process and in two', async () => {
    await ctx.store.settings.set({ 'quota.perAccountPerMinute': 100 });
    const other = await home.open(sandbox.env, clock);
    clock.skipped += 60_000 - (clock.now() % 60_000);
    clock.slept.length = 0;
    const clients = await Promise.all([ctx, ctx, other].map((one) => openGmail(one, account.key)));
    for (let round = 0; round < 30; round += 1) for (const gmail of clients) await gmail.getProfile();
    for (let call = 0; call < 10; call += 1) await clients[0]?.getProfile();
    expect(clock.slept).toEqual([]);
    await clients[1]?.getProfile();
    expect(clock.slept).toHaveLength(1);
  });
});
