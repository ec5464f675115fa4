import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Sandbox, type SandboxClient, startSandbox } from '../../src/sandbox/index.js';
import { caller, callerWith, READONLY, redeem, refresh, token } from './caller.js';

const web: SandboxClient = {
  clientId: '123456789012-web.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-sandbox-web',
  type: 'web',
  redirectUris: ['https://app.example.com/oauth'],
};
const installed: SandboxClient = {
  clientId: '123456789012-desk.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-sandbox-desk',
  type: 'installed',
  redirectUris: ['http://localhost'],
};
const foreign: SandboxClient = { ...web, clientId: '999-foreign.apps.googleusercontent.com', clientSecret: '' };

describe('the token endpoint', () => {
  let now = 1_700_000_000_000;
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ now: () => now, clients: [installed, web, foreign], autoConsent: true });
  });
  afterEach(() => sandbox.close());

  it('exchanges a code once', async () => {
    const code = sandbox.grantCode();
    const first = await redeem(sandbox, code);
    expect([first.status, first.body]).toEqual([
      200,
      {
        access_token: expect.stringMatching(/^ya29\./),
        expires_in: 3599,
        scope: READONLY,
        token_type: 'Bearer',
        refresh_token: expect.stringMatching(/^1\/\//),
      },
    ]);
    expect((await callerWith(sandbox, first.body.access_token).get('profile')).status).toBe(200);
    const again = await redeem(sandbox, code);
    expect([again.status, again.body]).toEqual([400, { error: 'invalid_grant', error_description: 'Bad Request' }]);
  });

  it.each([
    ['another redirect URI', { redirect_uri: 'http://localhost:1' }, 400, 'invalid_grant', 'Bad Request'],
    ['no such code', { code: '4/0Anothing' }, 400, 'invalid_grant', 'Malformed auth code.'],
    ['another client', { client_id: foreign.clientId }, 400, 'invalid_grant', 'Bad Request'],
    ['an unknown client', { client_id: 'x' }, 401, 'invalid_client', 'The OAuth client was not found.'],
    ['a wrong secret', { client_secret: 'x' }, 401, 'invalid_client', 'The provided client secret is invalid.'],
    ['no secret', { client_secret: '' }, 400, 'invalid_request', 'client_secret is missing.'],
    ['no client', { client_id: '' }, 400, 'invalid_request', 'Could not determine client ID from request.'],
    ['no code', { code: '' }, 400, 'invalid_request', 'Missing required parameter: code'],
    ['no grant type', { grant_type: '' }, 400, 'invalid_request', 'Required parameter is missing: grant_type'],
    ['another grant type', { grant_type: 'magic' }, 400, 'unsupported_grant_type', 'Invalid grant_type: magic'],
  ])('refuses %s', async (_, form, status, error, description) => {
    const answer = await redeem(sandbox, sandbox.grantCode(), form);
    expect([answer.status, answer.body]).toEqual([status, { error, error_description: description }]);
  });

  it('lets a code expire after ten minutes', async () => {
    const code = sandbox.grantCode();
    now += 600_000;
    expect((await redeem(sandbox, code)).body.error).toBe('invalid_grant');
  });

  it('takes the client by HTTP Basic too, and one without a secret as it is', async () => {
    const code = sandbox.grantCode({ clientId: web.clientId });
    const basic = Buffer.from(`${web.clientId}:${web.clientSecret}`).toString('base64');
    const response = await fetch(`${sandbox.url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: web.redirectUris[0] ?? '' }),
    });
    expect(response.status).toBe(200);
    const open = sandbox.grantRefreshToken({ clientId: foreign.clientId });
    const form = { client_id: foreign.clientId, client_secret: '', grant_type: 'refresh_token', refresh_token: open };
    expect((await token(sandbox, form)).status).toBe(200);
  });

  describe('PKCE', () => {
    const verifier = 'v'.repeat(43);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const codeFor = async (query: Record<string, string>): Promise<string> => {
      const response = await fetch(
        `${sandbox.url}/o/oauth2/v2/auth?${new URLSearchParams({
          client_id: installed.clientId,
          redirect_uri: 'http://127.0.0.1:4321/done',
          response_type: 'code',
          scope: READONLY,
          ...query,
        })}`,
        { redirect: 'manual' },
      );
      return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
    };
    const back = { redirect_uri: 'http://127.0.0.1:4321/done' };

    it.each([
      ['the right verifier', { code_challenge: challenge, code_challenge_method: 'S256' }, verifier, 200],
      ['a wrong one', { code_challenge: challenge, code_challenge_method: 'S256' }, 'w'.repeat(43), 400],
      ['none', { code_challenge: challenge, code_challenge_method: 'S256' }, '', 400],
      ['the challenge itself', { code_challenge: challenge, code_challenge_method: 'S256' }, challenge, 400],
      // The method that Google falls back on when none is named.
      ['plain', { code_challenge: verifier }, verifier, 200],
      ['a short one', { code_challenge: verifier }, 'v', 400],
    ])('%s', async (_, query, code_verifier, status) => {
      const answer = await redeem(sandbox, await codeFor(query), { ...back, code_verifier });
      expect(answer.status).toBe(status);
      if (status === 400) expect(answer.body).toEqual({ error: 'invalid_grant', error_description: 'Bad Request' });
    });
  });

  describe('refreshing', () => {
    it('gives no new refresh token, and keeps the scope', async () => {
      const refreshToken = sandbox.grantRefreshToken({ scope: 'https://mail.google.com/' });
      const { body } = await refresh(sandbox, refreshToken);
      expect(body).toEqual({
        access_token: expect.any(String),
        expires_in: 3599,
        scope: 'https://mail.google.com/',
        token_type: 'Bearer',
      });
      const again = await refresh(sandbox, refreshToken);
      expect(again.body.access_token).not.toBe(body.access_token);
      expect((await callerWith(sandbox, body.access_token).get('profile')).status).toBe(200);
    });

    it('rotates when told to: the old one ends', async () => {
      const first = sandbox.grantRefreshToken();
      sandbox.rotateRefreshTokens(true);
      const { body } = await refresh(sandbox, first);
      expect(body.refresh_token).toBeDefined();
      expect((await refresh(sandbox, first)).body.error).toBe('invalid_grant');
      sandbox.rotateRefreshTokens(false);
      expect((await refresh(sandbox, body.refresh_token ?? '')).status).toBe(200);
    });

    it('refuses a revoked one, an unknown one and that of another client', async () => {
      const revoked = {
        error: 'invalid_grant',
        error_description: 'Token has been expired or revoked.',
      };
      const refreshToken = sandbox.grantRefreshToken();
      const others = sandbox.grantRefreshToken({ clientId: web.clientId });
      const other = await refresh(sandbox, others);
      expect([other.status, other.body.error]).toEqual([401, 'unauthorized_client']);
      const code = sandbox.grantCode();
      sandbox.revoke();
      expect(await refresh(sandbox, refreshToken)).toMatchObject({ status: 400, body: revoked });
      expect(await refresh(sandbox, '1//0nobody')).toMatchObject({ status: 400, body: revoked });
      expect((await redeem(sandbox, code)).status).toBe(400);
    });

    it('tells the end of time-based access, and ends it', async () => {
      sandbox.limitGrants(604_800);
      const { body } = await redeem(sandbox, sandbox.grantCode());
      expect(body.refresh_token_expires_in).toBe(604_800);
      now += 604_000_000;
      expect((await refresh(sandbox, body.refresh_token ?? '')).body.refresh_token_expires_in).toBe(800);
      now += 800_000;
      expect((await refresh(sandbox, body.refresh_token ?? '')).body.error).toBe('invalid_grant');
      sandbox.limitGrants(null);
      expect((await redeem(sandbox, sandbox.grantCode())).body).not.toHaveProperty('refresh_token_expires_in');
    });
  });

  describe('revoking and tokeninfo', () => {
    const revoke = async (of: string): Promise<unknown> => {
      const response = await fetch(`${sandbox.url}/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ token: of }),
      });
      return [response.status, await response.json()];
    };

    it('an access token takes its refresh token along, and the whole project of that person', async () => {
      sandbox.addMailbox('other@example.com');
      const mine = sandbox.grantRefreshToken();
      const sibling = sandbox.grantRefreshToken({ clientId: web.clientId });
      const otherProject = sandbox.grantRefreshToken({ clientId: foreign.clientId });
      const otherPerson = sandbox.grantRefreshToken({ email: 'other@example.com' });
      const { body } = await refresh(sandbox, mine);
      expect(await revoke(body.access_token)).toEqual([200, {}]);
      const alive = async (clientId: string, clientSecret: string, refreshToken: string): Promise<number> => {
        const form = { client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken };
        return (await token(sandbox, { ...form, grant_type: 'refresh_token' })).status;
      };
      expect(await alive(installed.clientId, installed.clientSecret, mine)).toBe(400);
      expect(await alive(web.clientId, web.clientSecret, sibling)).toBe(400);
      expect(await alive(foreign.clientId, '', otherProject)).toBe(200);
      expect(await alive(installed.clientId, installed.clientSecret, otherPerson)).toBe(200);
      expect(await revoke(mine)).toEqual([
        400,
        { error: 'invalid_token', error_description: 'Token expired or revoked' },
      ]);
      expect(await revoke('')).toEqual([
        400,
        { error: 'invalid_request', error_description: 'Missing required parameter: token' },
      ]);
    });

    it('tells about a live access token', async () => {
      const { accessToken } = await caller(sandbox);
      now += 9000;
      const info = await fetch(`${sandbox.url}/tokeninfo?access_token=${accessToken}`);
      expect(await info.json()).toEqual({
        azp: installed.clientId,
        aud: installed.clientId,
        scope: READONLY,
        exp: String(Math.floor((now - 9000) / 1000) + 3599),
        expires_in: '3590',
        access_type: 'offline',
      });
      const wrong = await fetch(`${sandbox.url}/tokeninfo?access_token=x`);
      expect([wrong.status, await wrong.json()]).toEqual([
        400,
        { error: 'invalid_token', error_description: 'Invalid Value' },
      ]);
    });
  });

  it('writes a client-secret file of Google’s form', () => {
    expect(JSON.parse(sandbox.clientSecretFile())).toMatchObject({
      installed: {
        client_id: installed.clientId,
        client_secret: installed.clientSecret,
        token_uri: `${sandbox.url}/token`,
        redirect_uris: ['http://localhost'],
      },
    });
    expect(JSON.parse(sandbox.clientSecretFile(web))).toMatchObject({ web: { redirect_uris: web.redirectUris } });
  });
});
