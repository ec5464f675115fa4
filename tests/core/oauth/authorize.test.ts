import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Context } from '../../../src/core/context.js';
import { type AuthorizeOptions, authorize } from '../../../src/core/oauth/authorize.js';
import { type Sandbox, type SandboxClient, startSandbox } from '../../../src/sandbox/index.js';
import { type Home, temporaryHome } from '../accounts/context.js';

const READONLY = 'https://www.googleapis.com/auth/gmail.readonly';
const METADATA = 'https://www.googleapis.com/auth/gmail.metadata';
const BASIC = 'https://www.googleapis.com/auth/gmail.settings.basic';

const WEB: SandboxClient = {
  clientId: '123456789012-web.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-web-secret',
  type: 'web',
  redirectUris: ['https://app.example/callback'],
};

let home: Home;
let sandbox: Sandbox;
let ctx: Context;

beforeEach(async () => {
  home = temporaryHome();
  sandbox = await startSandbox({ autoConsent: true, email: 'ada@example.com' });
  ctx = await home.open(sandbox.env);
});
afterEach(async () => {
  await sandbox.close();
  await home.close();
});

interface Visit {
  url: URL;
  pages: Promise<Response>[];
}

/** A person whose browser follows the redirect at once. */
function browsing(visit: Visit): Pick<AuthorizeOptions, 'onUrl' | 'browser' | 'client'> {
  return {
    client: sandbox.client,
    browser: false,
    onUrl: (url) => {
      visit.url = new URL(url);
      visit.pages.push(fetch(url));
    },
  };
}

const newVisit = (): Visit => ({ url: new URL('http://x'), pages: [] });

describe('authorize', () => {
  it('gives a grant by the loopback flow, and tells the browser', async () => {
    const visit = newVisit();
    const grant = await authorize(ctx, browsing(visit));
    expect(grant).toMatchObject({
      email: 'ada@example.com',
      clientId: sandbox.client.clientId,
      clientSecret: sandbox.client.clientSecret,
      serviceAccount: null,
      refreshToken: expect.stringMatching(/.{20}/),
      accessToken: expect.stringMatching(/.{20}/),
      scopes: [READONLY],
      grantExpiresAt: null,
      historyId: sandbox.mailbox().historyId,
    });
    expect(grant.accessTokenExpiresAt - Date.now()).toBeGreaterThan(3_500_000);
    const page = await visit.pages[0];
    expect(page?.status).toBe(200);
    expect(await page?.text()).toMatch(/Access was granted.*can be closed/s);
    expect(Object.fromEntries(visit.url.searchParams)).toMatchObject({
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      code_challenge_method: 'S256',
      access_type: 'offline',
      prompt: 'consent',
      state: expect.stringMatching(/.{40}/),
    });
    expect(sandbox.requests.filter(({ method }) => method === 'token')).toHaveLength(1);
  });

  it('waits on after a redirect with a wrong state', async () => {
    const visit = newVisit();
    const options = browsing(visit);
    options.onUrl = (url) => {
      const stray = `${new URL(url).searchParams.get('redirect_uri')}/?code=evil&state=evil`;
      visit.pages.push(fetch(stray).then((page) => fetch(url).then(() => page)));
    };
    expect(await authorize(ctx, options)).toMatchObject({ email: 'ada@example.com' });
    expect((await visit.pages[0])?.status).toBe(400);
  });

  it('needs authorization when the person denies, and shows it', async () => {
    sandbox.consent({ deny: true });
    const visit = newVisit();
    await expect(authorize(ctx, browsing(visit))).rejects.toMatchObject({
      code: 'auth',
      message: expect.stringContaining('access was denied'),
    });
    expect(await (await visit.pages[0])?.text()).toContain('No access');
    expect(await ctx.store.accountFiles.keys()).toEqual([]);
  });

  it('needs authorization when a box was unticked, and names the scope', async () => {
    sandbox.consent({ scope: READONLY });
    const visit = newVisit();
    await expect(authorize(ctx, { ...browsing(visit), scope: `${READONLY} ${BASIC}` })).rejects.toMatchObject({
      code: 'auth',
      message: 'the consent lacks the scope settings.basic',
    });
    expect(await (await visit.pages[0])?.text()).toContain('settings.basic');
  });

  it('asks for the scope that was named', async () => {
    expect(await authorize(ctx, { ...browsing(newVisit()), scope: 'metadata' })).toMatchObject({ scopes: [METADATA] });
  });

  it('gives up after its time, and frees the port', async () => {
    let redirect = '';
    const options = { ...browsing(newVisit()), timeout: 0.05 };
    options.onUrl = (url) => {
      redirect = new URL(url).searchParams.get('redirect_uri') ?? '';
    };
    await expect(authorize(ctx, options)).rejects.toMatchObject({
      code: 'auth',
      message: expect.stringContaining('within 0.05 s'),
      hint: expect.stringContaining('--timeout'),
    });
    await expect(fetch(redirect)).rejects.toThrow();
  });

  it.each([0, -1, Number.NaN])('refuses a time of %d s', async (timeout) => {
    await expect(authorize(ctx, { ...browsing(newVisit()), timeout })).rejects.toMatchObject({ code: 'usage' });
  });

  it('carries the limit of a grant that ends by time', async () => {
    sandbox.limitGrants(604_800);
    const grant = await authorize(ctx, browsing(newVisit()));
    expect((grant.grantExpiresAt ?? 0) - Date.now()).toBeGreaterThan(604_700_000);
  });

  it('says that the sign-in is down when the token endpoint is', async () => {
    sandbox.addFault({ method: 'token', kind: 'backendError503' });
    const failed = authorize(hurried(ctx), browsing(newVisit()));
    await expect(failed).rejects.toMatchObject({
      class: 'retry',
      code: 'failed',
      message: expect.stringContaining("Google's sign-in failed"),
    });
    expect(sandbox.requests.filter(({ method }) => method === 'token')).toHaveLength(5);
  });

  it('holds no secret in any error', async () => {
    for (const kind of ['invalidClient', 'invalidGrant', 'badRequest400', 'truncatedJson'] as const) {
      sandbox.clearFaults();
      sandbox.addFault({ method: 'token', kind });
      const visit = newVisit();
      const error = await authorize(hurried(ctx), browsing(visit)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      const text =
        inspect(error, { depth: 30, showHidden: true }) + JSON.stringify(error) + String((error as Error).stack);
      expect(text).not.toContain(sandbox.client.clientSecret);
      expect(text).not.toContain(visit.url.searchParams.get('state'));
      expect(text).not.toMatch(/4\/0A|code_verifier|client_secret=/);
      await visit.pages[0];
    }
  });
});

describe('authorize with a web client', () => {
  it('listens on a loopback URI that it has registered', async () => {
    const port = await freePort();
    await sandbox.close();
    const client = { ...WEB, redirectUris: [...WEB.redirectUris, `http://localhost:${port}/back`] };
    sandbox = await startSandbox({ autoConsent: true, clients: [client] });
    ctx = await home.open(sandbox.env);
    const grant = await authorize(ctx, browsing(newVisit()));
    expect(grant.clientId).toBe(WEB.clientId);
  });

  it('reads the redirected URL by hand', async () => {
    await sandbox.close();
    sandbox = await startSandbox({ autoConsent: true, clients: [WEB] });
    ctx = await home.open(sandbox.env);
    const { redirected, stdin } = pasting();
    const notes: string[] = [];
    const grant = await authorize(ctx, {
      client: { ...WEB },
      manual: true,
      stdin,
      onUrl: redirected,
      onNote: (note) => notes.push(note),
    });
    expect(grant).toMatchObject({ clientId: WEB.clientId, refreshToken: expect.any(String) });
    expect(notes).toEqual([expect.stringContaining('that is not the redirected URL')]);
  });

  it('needs --manual without such a URI', async () => {
    await expect(authorize(ctx, { ...browsing(newVisit()), client: WEB })).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('--manual'),
    });
  });
});

describe('authorize by hand', () => {
  it('needs no browser on this machine', async () => {
    const { redirected, stdin } = pasting();
    const grant = await authorize(ctx, { client: sandbox.client, manual: true, stdin, onUrl: redirected });
    expect(grant.email).toBe('ada@example.com');
  });

  it('ends when nothing comes', async () => {
    const nothing = (async function* () {})();
    const failed = authorize(ctx, { client: sandbox.client, manual: true, stdin: nothing, onUrl: () => {} });
    await expect(failed).rejects.toMatchObject({ code: 'usage' });
  });

  it('takes the client from a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gmail-events-authorize-'));
    const clientSecretFile = join(folder, 'client.json');
    writeFileSync(clientSecretFile, sandbox.clientSecretFile());
    const { redirected, stdin } = pasting();
    const grant = await authorize(ctx, { clientSecretFile, manual: true, stdin, onUrl: redirected });
    rmSync(folder, { recursive: true });
    expect(grant.clientId).toBe(sandbox.client.clientId);
  });
});

/** A person who first pastes something wrong, then where the consent page sent the browser. */
function pasting() {
  let visited: (url: string) => void = () => {};
  const consentUrl = new Promise<string>((resolve) => {
    visited = resolve;
  });
  const stdin = (async function* () {
    const answer = await fetch(await consentUrl, { redirect: 'manual' });
    yield 'http://127.0.0.1/?code=x&state=wrong\n';
    yield `${answer.headers.get('location')}\n`;
  })();
  return { redirected: visited, stdin };
}

/** Waits between tries pass at once; the time for the consent never does. */
function hurried(ctx: Context): Context {
  const sleep = async (ms: number, signal?: AbortSignal) => (ms > 60_000 ? never(signal) : undefined);
  return { ...ctx, clock: { now: Date.now, sleep } };
}

function never(signal?: AbortSignal): Promise<void> {
  return new Promise((aborted) => signal?.addEventListener('abort', () => aborted()));
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
