import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { beginSignIn, finishSignIn } from '../../../src/core/accounts/index.js';
import type { Context } from '../../../src/core/context.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.js';
import { type Home, temporaryHome } from '../accounts/context.js';

const REDIRECT = 'http://127.0.0.1:9/oauth/callback';

let home: Home;
let sandbox: Sandbox;
let ctx: Context;
beforeEach(async () => {
  home = temporaryHome();
  sandbox = await startSandbox({ email: 'ada@example.com', autoConsent: true });
  sandbox.addMailbox('bob@example.com');
  ctx = await home.open(sandbox.env);
});
afterEach(async () => {
  await sandbox.close();
  await home.close();
});

const begin = (more: { scope?: string; email?: string } = {}) =>
  beginSignIn(ctx, { client: sandbox.client, redirectUri: REDIRECT, ...more });

/** The query that the browser comes back with. */
async function consented(url: string): Promise<URLSearchParams> {
  const answer = await fetch(url, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '').searchParams;
}

describe('a sign-in of a server', () => {
  it('ends with a grant that works, by PKCE', async () => {
    const { url, signIn } = begin();
    const query = new URL(url).searchParams;
    expect(query.get('code_challenge')).toBe(createHash('sha256').update(signIn.verifier).digest('base64url'));
    expect(url).not.toContain(signIn.verifier);
    const grant = await finishSignIn(ctx, signIn, await consented(url));
    expect(grant).toMatchObject({ email: 'ada@example.com', clientId: sandbox.client.clientId });
    expect(await ctx.store.accountFiles.keys()).toEqual([]);
  });

  it('proposes the mailbox that is expected', async () => {
    const { url, signIn } = begin({ email: 'bob@example.com' });
    expect(new URL(url).searchParams.get('login_hint')).toBe('bob@example.com');
    expect((await finishSignIn(ctx, signIn, await consented(url))).email).toBe('bob@example.com');
    expect(new URL(begin().url).searchParams.has('login_hint')).toBe(false);
  });

  it('is refused with the verifier of another one', async () => {
    const [one, other] = [begin(), begin()];
    const query = await consented(one.url);
    const mixed = { ...one.signIn, verifier: other.signIn.verifier };
    await expect(finishSignIn(ctx, mixed, query)).rejects.toMatchObject({ code: 'auth' });
  });

  it('takes no answer with another state, and asks Google nothing', async () => {
    const [one, other] = [begin(), begin()];
    const query = await consented(other.url);
    await expect(finishSignIn(ctx, one.signIn, query)).rejects.toMatchObject({ code: 'usage' });
    query.delete('state');
    await expect(finishSignIn(ctx, other.signIn, query)).rejects.toMatchObject({ code: 'usage' });
    expect(sandbox.requests.filter(({ method }) => method === 'token')).toEqual([]);
  });

  it('tells of a consent that was denied', async () => {
    sandbox.consent({ deny: true });
    const { url, signIn } = begin();
    const answer = finishSignIn(ctx, signIn, await consented(url));
    await expect(answer).rejects.toMatchObject({ code: 'auth', message: expect.stringContaining('denied') });
  });

  it('refuses a scope that reads no mail', () => {
    expect(() => begin({ scope: 'https://www.googleapis.com/auth/drive' })).toThrow('none of these scopes');
  });
});
