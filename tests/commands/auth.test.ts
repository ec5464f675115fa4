import { generateKeyPairSync } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AuthOptions, run as auth } from '../../src/commands/auth.js';
import { run as check } from '../../src/commands/auth-check.js';
import { run as list } from '../../src/commands/auth-list.js';
import { run as revoke } from '../../src/commands/auth-revoke.js';
import { run as url } from '../../src/commands/auth-url.js';
import { accountHealth, openGmail } from '../../src/core/accounts/index.js';
import type { Context } from '../../src/core/context.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { type Home, skippingClock, temporaryHome } from '../core/accounts/context.js';
import { authorized } from '../core/accounts/sample.js';
import { person, type Terminal, terminal } from './terminal.js';

const READONLY = 'https://www.googleapis.com/auth/gmail.readonly';
const METADATA = 'https://www.googleapis.com/auth/gmail.metadata';

let home: Home;
let sandbox: Sandbox;
let ctx: Context;
let clientSecretFile: string;

beforeEach(async () => {
  home = temporaryHome();
  sandbox = await startSandbox({ autoConsent: true, email: 'ada@example.com' });
  ctx = await home.open(sandbox.env);
  clientSecretFile = join(home.path, 'client.json');
  writeFileSync(clientSecretFile, sandbox.clientSecretFile());
});
afterEach(async () => {
  await sandbox.close();
  await home.close();
});

/** Runs `auth --no-browser` and visits the URL it prints, as a person would. */
async function authorize(out: Terminal, options: AuthOptions = {}, sentTo: RegExp = /http:\/\/\S+\/auth\S+/) {
  const running = auth({ clientSecretFile, browser: false, ...options }, ctx, out.ui);
  const ended = running.then(
    () => true,
    () => true,
  );
  let shown: string | undefined;
  while (shown === undefined && !(await Promise.race([ended, new Promise((turn) => setTimeout(turn, 5))]))) {
    shown = sentTo.exec(out.stderr)?.[0];
  }
  if (shown !== undefined) await (await fetch(shown)).text();
  return running;
}

describe('auth', () => {
  it('prints the URL on stderr and one element of auth list on stdout', async () => {
    const out = terminal({ json: true, quiet: true });
    expect(await authorize(out)).toBe('ok');
    expect(out.json()).toEqual([
      {
        account: 'ada@example.com',
        clientId: sandbox.client.clientId,
        scopes: [READONLY],
        state: 'ok',
        expiresAt: null,
      },
    ]);
    expect(out.stderr).toContain('code_challenge_method=S256');
    const [key = ''] = await ctx.store.accountFiles.keys();
    const account = await ctx.store.accountFiles.read(key);
    for (const secret of [account?.refreshToken, account?.accessToken, account?.clientSecret]) {
      expect(out.stdout + out.stderr).not.toContain(secret);
    }
    expect(statSync(join(home.path, 'accounts', `${key}.json`)).mode & 0o777).toBe(0o600);
  });

  it('tells a person who is authorized', async () => {
    const out = terminal();
    await authorize(out);
    expect(out.stdout).toBe('Authorized ada@example.com with scope readonly.\n');
  });

  it('verifies by using the stored grant: nothing is told when that does not work', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'mailNotEnabled400', after: 1 });
    const out = terminal({ json: true });
    await expect(authorize(out)).rejects.toMatchObject({ message: expect.stringContaining('no Gmail') });
    expect(out.stdout).toBe('');
  });

  it('keeps a grant that covers more, and says so', async () => {
    await authorize(terminal());
    const out = terminal();
    await authorize(out, { scope: 'metadata' });
    expect(out.stdout).toContain('readonly');
    expect(out.stderr).toContain('The grant from before was kept');
  });

  it('works with a client id and the environment’s secret', async () => {
    ctx = await home.open({ ...sandbox.env, GMAIL_EVENTS_CLIENT_SECRET: sandbox.client.clientSecret });
    const { clientId } = sandbox.client;
    const running = terminal({ json: true });
    const options = { clientId, scope: 'metadata', browser: false };
    const done = auth(options, ctx, running.ui);
    while (!running.stderr.includes('/auth?')) await new Promise((turn) => setTimeout(turn, 5));
    await fetch(/http:\S+\/auth\S+/.exec(running.stderr)?.[0] ?? '');
    expect(await done).toBe('ok');
    expect(running.json()).toMatchObject([{ scopes: [METADATA] }]);
  });

  it('needs a client', async () => {
    await expect(auth({ browser: false }, ctx, terminal().ui)).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('--client-secret-file'),
    });
  });

  it('asks nobody to consent for a client whose secret is missing', async () => {
    const out = terminal();
    await expect(auth({ browser: false, clientId: 'x' }, ctx, out.ui)).rejects.toMatchObject({
      code: 'usage',
      faults: [expect.objectContaining({ path: 'GMAIL_EVENTS_CLIENT_SECRET' })],
    });
    expect(out.stderr).toBe('');
  });

  it('reads the redirected URL from stdin with --manual', async () => {
    const out = terminal({ json: true });
    const stdin = (async function* () {
      while (!out.stderr.includes('Paste')) await new Promise((turn) => setTimeout(turn, 5));
      const consent = /http:\S+\/auth\S+/.exec(out.stderr)?.[0] ?? '';
      yield `${(await fetch(consent, { redirect: 'manual' })).headers.get('location')}\n`;
    })();
    expect(await auth({ clientSecretFile, manual: true, stdin }, ctx, out.ui)).toBe('ok');
    expect(out.json()).toMatchObject([{ account: 'ada@example.com' }]);
  });

  it('ends with code auth when nobody consents in time', async () => {
    const waiting = auth({ clientSecretFile, browser: false, timeout: 0.05 }, ctx, terminal().ui);
    await expect(waiting).rejects.toMatchObject({ code: 'auth' });
  });

  it('takes a service account that acts for a mailbox', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const serviceAccountFile = join(home.path, 'key.json');
    const key = {
      type: 'service_account',
      client_email: 'p@x.iam.gserviceaccount.com',
      client_id: '99',
      private_key: privateKey,
    };
    writeFileSync(serviceAccountFile, JSON.stringify(key));
    const out = terminal({ json: true });
    expect(await auth({ serviceAccountFile, subject: 'ada@example.com' }, ctx, out.ui)).toBe('ok');
    expect(out.json()).toEqual([
      { account: 'ada@example.com', clientId: '99', scopes: [READONLY], state: 'ok', expiresAt: null },
    ]);
  });

  it.each<[AuthOptions]>([
    [{ serviceAccountFile: 'key.json' }],
    [{ subject: 'ada@example.com' }],
    [{ serviceAccountFile: 'key.json', subject: 'ada@example.com', clientId: 'x' }],
    [{ clientId: 'x', scope: 'everything' }],
    [{ clientId: 'x', timeout: Number.NaN }],
    [{ clientId: 'x', callbackUrl: 'https://app.example/cb' }],
    [{ clientId: 'x', manual: true }],
  ])('refuses %j as wrong usage', async (options) => {
    ctx = await home.open({ ...sandbox.env, GMAIL_EVENTS_CLIENT_SECRET: 'sample' });
    await expect((async () => auth({ browser: false, ...options }, ctx, terminal().ui))()).rejects.toMatchObject({
      code: 'usage',
    });
    expect(sandbox.requests).toEqual([]);
  });
});

describe('auth url', () => {
  it.each([[{}], [{ json: true }]])('prints the old service’s JSON with flags %j', async (flags) => {
    const out = terminal(flags);
    const callbackUrl = 'https://app.example/oauth';
    expect(await url({ callbackUrl, clientSecretFile, scope: 'metadata', state: 'mine' }, ctx, out.ui)).toBe('ok');
    const [answer] = out.json() as { oauthUrl: string; element: string }[];
    expect(answer?.element).toBe('gmail');
    const consent = new URL(answer?.oauthUrl ?? '');
    expect(Object.fromEntries(consent.searchParams)).toEqual({
      client_id: sandbox.client.clientId,
      redirect_uri: callbackUrl,
      response_type: 'code',
      scope: METADATA,
      state: 'mine',
      access_type: 'offline',
      prompt: 'consent',
    });
    expect(Object.keys(answer ?? {})).toEqual(['oauthUrl', 'element']);
    expect(out.stdout).not.toContain(sandbox.client.clientSecret);
  });

  it('takes callback URL and client from config.json, and the old service’s state', async () => {
    await ctx.store.settings.set({ 'oauth.clientId': 'configured', 'oauth.callbackUrl': 'https://app.example/oauth' });
    const out = terminal();
    await url({}, ctx, out.ui);
    expect(out.stdout).toContain('client_id=configured');
    expect(out.stdout).toContain('state=gmail');
  });

  it('needs a callback URL', async () => {
    await expect(url({ clientSecretFile }, ctx, terminal().ui)).rejects.toMatchObject({
      code: 'usage',
      message: '--callback-url is missing',
    });
  });

  it.each(['', 'app.example', 'ftp://app.example', 'https://app.example/#x'])(
    'refuses the callback URL %j',
    async (callbackUrl) => {
      await expect(url({ callbackUrl, clientSecretFile }, ctx, terminal().ui)).rejects.toMatchObject({ code: 'usage' });
    },
  );
});

describe('auth list', () => {
  it('is an array, or a table', async () => {
    const none = terminal({ json: true });
    await list({}, ctx, none.ui);
    expect(none.json()).toEqual([[]]);
    sandbox.limitGrants(604_800);
    const { grantExpiresAt } = await authorized(ctx, sandbox);
    const expiresAt = new Date(grantExpiresAt ?? 0).toISOString().replace(/\.\d+Z/, 'Z');
    const json = terminal({ json: true });
    await list({}, ctx, json.ui);
    expect(json.json()).toEqual([
      [{ account: 'ada@example.com', clientId: sandbox.client.clientId, scopes: [READONLY], state: 'ok', expiresAt }],
    ]);
    const table = terminal();
    await list({}, ctx, table.ui);
    expect(table.stdout).toMatch(/ACCOUNT +CLIENT +SCOPES +STATE +EXPIRES\nada@example.com .*readonly +ok +in 6 d/);
  });
});

describe('auth check', () => {
  beforeEach(async () => {
    ctx = await home.open(sandbox.env, skippingClock());
    await authorized(ctx, sandbox);
  });

  it('refreshes and reads the profile', async () => {
    sandbox.resetRequests();
    const out = terminal({ json: true });
    expect(await check({ account: 'ada@example.com' }, ctx, out.ui)).toBe('ok');
    expect(sandbox.requests.map(({ method }) => method)).toEqual(['token', 'getProfile']);
    expect(out.json()).toMatchObject([{ account: 'ada@example.com', state: 'ok' }]);
  });

  it('needs authorization when any account does, and shows each', async () => {
    sandbox.addMailbox('bob@example.com');
    await authorized(ctx, sandbox, { email: 'bob@example.com' });
    sandbox.revoke('bob@example.com');
    const out = terminal({ json: true });
    await expect(check({}, ctx, out.ui)).rejects.toMatchObject({
      code: 'auth',
      message: expect.stringContaining('1 of 2 accounts failed'),
      faults: [{ path: 'bob@example.com', message: expect.stringContaining('revoked') }],
    });
    expect(out.json()).toMatchObject([
      { account: 'ada@example.com', state: 'ok' },
      { account: 'bob@example.com', state: 'reauthorize' },
    ]);
    // Asked again and again: `check` is how a person finds out that it works again.
    sandbox.resetRequests();
    await expect(check({ account: 'bob@example.com' }, ctx, terminal().ui)).rejects.toMatchObject({ code: 'auth' });
    expect(sandbox.requests).toHaveLength(1);
  });

  it('fails otherwise when Google has a fault', async () => {
    sandbox.addFault({ method: 'token', kind: 'backendError503' });
    await expect(check({}, ctx, terminal().ui)).rejects.toMatchObject({ code: 'failed' });
    sandbox.clearFaults();
    sandbox.addFault({ method: 'getProfile', kind: 'retryAfter429', retryAfterSeconds: 900 });
    await expect(check({}, ctx, terminal().ui)).rejects.toMatchObject({ code: 'retry_later' });
  });

  it('needs an account', async () => {
    const other = temporaryHome();
    const empty = await other.open(sandbox.env);
    await expect(check({}, empty, terminal().ui)).rejects.toMatchObject({ code: 'auth' });
    await expect(check({ account: 'x@example.com' }, empty, terminal().ui)).rejects.toMatchObject({ code: 'usage' });
    await other.close();
  });
});

describe('auth revoke', () => {
  const account = 'ada@example.com';
  let key: string;
  beforeEach(async () => {
    ctx = await home.open(sandbox.env, skippingClock());
    ({ key } = await authorized(ctx, sandbox));
  });

  it('ends the grant at Google and forgets it', async () => {
    const out = terminal({ json: true });
    expect(await revoke({ account, yes: true }, ctx, out.ui)).toBe('ok');
    expect(out.json()).toEqual([
      { account, clientId: sandbox.client.clientId, scopes: [], state: 'reauthorize', expiresAt: null },
    ]);
    expect(await ctx.store.accountFiles.read(key)).toBeNull();
    expect(sandbox.requests.at(-1)).toMatchObject({ method: 'revoke', status: 200 });
    expect(await accountHealth(ctx, key)).toMatchObject({ state: 'reauthorize' });
    await expect(openGmail(ctx, key)).rejects.toMatchObject({ class: 'reauthorize', code: 'auth' });
  });

  it('forgets one that Google no longer knows', async () => {
    sandbox.revoke();
    expect(await revoke({ account, yes: true }, ctx, terminal().ui)).toBe('ok');
    expect(await ctx.store.accountFiles.read(key)).toBeNull();
  });

  it('keeps the grant when Google does not answer', async () => {
    sandbox.addFault({ method: 'revoke', kind: 'backendError503' });
    await expect(revoke({ account, yes: true }, ctx, terminal().ui)).rejects.toMatchObject({ code: 'failed' });
    expect(await ctx.store.accountFiles.read(key)).not.toBeNull();
  });

  it('asks a person first, and takes no for an answer', async () => {
    const no = person({ 'Revoke the grant of ada@example.com?': false });
    await expect(revoke({ account }, ctx, terminal({ tty: true }).ui, no.prompts)).rejects.toMatchObject({
      code: 'failed',
    });
    expect(await ctx.store.accountFiles.read(key)).not.toBeNull();
    const yes = person({ 'Revoke the grant': true });
    expect(await revoke({ account }, ctx, terminal({ tty: true }).ui, yes.prompts)).toBe('ok');
    expect(yes.asked).toHaveLength(1);
  });

  it.each([
    ['without a terminal', {}],
    ['with --no-input', { tty: true, input: false }],
  ])('%s it asks nothing: the account named is the decision', async (_where, options) => {
    const { prompts, asked } = person({});
    expect(await revoke({ account }, ctx, terminal(options).ui, prompts)).toBe('ok');
    expect(asked).toEqual([]);
    expect(await ctx.store.accountFiles.read(key)).toBeNull();
  });
});
