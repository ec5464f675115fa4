import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openGmail, saveGrant } from '../../../src/core/accounts/index.js';
import type { Context } from '../../../src/core/context.js';
import { exchangeCode, grantFromRefreshToken, grantFromServiceAccount } from '../../../src/core/oauth/exchange.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.js';
import { type Home, skippingClock, temporaryHome } from '../accounts/context.js';

const READONLY = 'https://www.googleapis.com/auth/gmail.readonly';
const BASIC = 'https://www.googleapis.com/auth/gmail.settings.basic';
const REDIRECT = 'http://127.0.0.1:9/oauth';

let home: Home;
let sandbox: Sandbox;
let ctx: Context;
let clock: ReturnType<typeof skippingClock>;

beforeEach(async () => {
  home = temporaryHome();
  clock = skippingClock();
  sandbox = await startSandbox({ email: 'ada@example.com', now: () => clock.now() });
  ctx = await home.open(sandbox.env, clock);
});
afterEach(async () => {
  await sandbox.close();
  await home.close();
});

const client = () => ({ clientId: sandbox.client.clientId, clientSecret: sandbox.client.clientSecret });
const codeFor = (scope?: string) => sandbox.grantCode({ redirectUri: REDIRECT, ...(scope && { scope }) });

describe('a grant code', () => {
  it('becomes a grant, in one token request', async () => {
    const grant = await exchangeCode(ctx, { code: codeFor(), ...client(), redirectUri: REDIRECT });
    expect(grant).toMatchObject({ email: 'ada@example.com', scopes: [READONLY], ...client() });
    expect(sandbox.requests.map(({ method }) => method)).toEqual(['token', 'getProfile']);
  });

  it('works once; the second time needs authorization and says why', async () => {
    const code = codeFor();
    await exchangeCode(ctx, { code, ...client(), redirectUri: REDIRECT });
    const error = await exchangeCode(ctx, { code, ...client(), redirectUri: REDIRECT }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'auth', message: expect.stringContaining('used before') });
    const text = inspect(error, { depth: 30, showHidden: true }) + JSON.stringify(error);
    for (const secret of [code, sandbox.client.clientSecret]) expect(text).not.toContain(secret);
  });

  it.each([
    ['another redirect URI', { redirectUri: 'http://127.0.0.1:9/other' }, 'auth'],
    ['a wrong secret', { clientSecret: 'wrong' }, 'auth'],
    ['no secret', { clientSecret: null }, 'usage'],
  ])('is refused with %s', async (_, wrong, code) => {
    const given = { code: codeFor(), ...client(), redirectUri: REDIRECT, ...wrong };
    await expect(exchangeCode(ctx, given)).rejects.toMatchObject({ code });
    expect(sandbox.requests).toHaveLength(1);
  });

  it('is redeemed again after a fault of Google’s, by our own tries', async () => {
    sandbox.addFault({ method: 'token', kind: 'backendError503', times: 2 });
    expect(await exchangeCode(ctx, { code: codeFor(), ...client(), redirectUri: REDIRECT })).toMatchObject({
      email: 'ada@example.com',
    });
    expect(clock.slept).toHaveLength(2);
  });

  it('is refused when it reads no mail', async () => {
    await expect(exchangeCode(ctx, { code: codeFor(BASIC), ...client(), redirectUri: REDIRECT })).rejects.toMatchObject(
      {
        code: 'auth',
        message: expect.stringContaining('readonly or metadata'),
      },
    );
    expect(sandbox.requests).toHaveLength(1);
  });
});

describe('a refresh token', () => {
  it('is proved by a refresh', async () => {
    const refreshToken = sandbox.grantRefreshToken();
    expect(await grantFromRefreshToken(ctx, { refreshToken, ...client() })).toMatchObject({
      email: 'ada@example.com',
      refreshToken,
      scopes: [READONLY],
    });
  });

  it('is replaced by one that is rotated at once', async () => {
    sandbox.rotateRefreshTokens(true);
    const refreshToken = sandbox.grantRefreshToken();
    const grant = await grantFromRefreshToken(ctx, { refreshToken, ...client() });
    expect(grant.refreshToken).not.toBe(refreshToken);
    expect(grant.refreshToken).toMatch(/.{20}/);
  });

  it('is refused when it was revoked, without being repeated', async () => {
    const refreshToken = sandbox.grantRefreshToken();
    sandbox.revoke();
    const error = await grantFromRefreshToken(ctx, { refreshToken, ...client() }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'auth', class: 'reauthorize' });
    expect(inspect(error, { depth: 30 })).not.toContain(refreshToken);
  });
});

describe('a service account', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const clientEmail = 'poller@project.iam.gserviceaccount.com';
  let file: string;

  beforeEach(async () => {
    await sandbox.close();
    const serviceAccounts = [{ clientEmail, publicKey, scopes: [READONLY] }];
    sandbox = await startSandbox({ email: 'sales@example.com', now: () => clock.now(), serviceAccounts });
    ctx = await home.open(sandbox.env, clock);
    file = join(home.path, 'key.json');
    const key = { type: 'service_account', client_email: clientEmail, client_id: '11223344', private_key: privateKey };
    writeFileSync(file, JSON.stringify(key));
  });

  it('acts for a mailbox, and goes on when the access token has ended', async () => {
    const grant = await grantFromServiceAccount(ctx, { file, subject: 'sales@example.com', scope: READONLY });
    expect(grant).toMatchObject({
      email: 'sales@example.com',
      clientId: '11223344',
      clientSecret: null,
      refreshToken: null,
      scopes: [READONLY],
      serviceAccount: { clientEmail, privateKey, subject: 'sales@example.com' },
    });
    const account = await saveGrant(ctx, grant);
    clock.skipped += 3600_000;
    const gmail = await openGmail(ctx, account.key);
    expect(await gmail.getProfile()).toMatchObject({ emailAddress: 'sales@example.com' });
    expect(sandbox.requests.filter(({ method }) => method === 'token')).toHaveLength(2);
  });

  it.each([
    ['a mailbox that is not there', { subject: 'nobody@example.com' }, 'does not exist'],
    ['a scope that is not delegated', { scope: 'https://mail.google.com/' }, 'not authorized'],
  ])('is refused for %s', async (_, wrong, message) => {
    const given = { file, subject: 'sales@example.com', scope: READONLY, ...wrong };
    const error = await grantFromServiceAccount(ctx, given).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ class: 'operator', code: 'auth', message: expect.stringContaining(message) });
    expect(inspect(error, { depth: 30 })).not.toContain('PRIVATE KEY');
  });

  it('is refused by Google when this machine’s clock is wrong, and says so', async () => {
    const wrong: Context = { ...ctx, clock: { ...clock, now: () => Date.now() + 7_200_000 } };
    const given = { file, subject: 'sales@example.com', scope: READONLY };
    await expect(grantFromServiceAccount(wrong, given)).rejects.toMatchObject({
      class: 'operator',
      hint: expect.stringContaining('clock'),
    });
  });
});
