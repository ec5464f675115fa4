import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { caller, callerWith, type GmailErrorBody, METADATA, READONLY, refresh } from './caller.js';

const SCOPE = 'https://www.googleapis.com/auth/';

describe('who may call', () => {
  let now = 1_700_000_000_000;
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ now: () => now, messages: 1 });
  });
  afterEach(() => sandbox.close());

  const invalidCredentials = {
    error: {
      code: 401,
      message: 'Invalid Credentials',
      errors: [
        {
          message: 'Invalid Credentials',
          domain: 'global',
          reason: 'authError',
          location: 'Authorization',
          locationType: 'header',
        },
      ],
      status: 'UNAUTHENTICATED',
    },
  };

  it('asks for a token', async () => {
    const response = await fetch(`${sandbox.url}/gmail/v1/users/me/profile`);
    const body = (await response.json()) as GmailErrorBody;
    expect([response.status, body.error.message, body.error.errors[0]?.reason]).toEqual([
      401,
      'Login Required',
      'required',
    ]);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /);
  });

  it('refuses unknown, expired and revoked tokens with one body', async () => {
    const unknown = callerWith(sandbox, 'ya29.nobody');
    const gmail = await caller(sandbox);
    expect((await gmail.get('profile')).status).toBe(200);
    now += 3_599_000;
    for (const client of [unknown, gmail]) {
      const { status, body, headers } = await client.get('profile');
      expect([status, body]).toEqual([401, invalidCredentials]);
      expect(headers.get('www-authenticate')).toContain('invalid_token');
    }
    const fresh = await caller(sandbox);
    sandbox.expireAccessTokens();
    expect((await fresh.get('profile')).status).toBe(401);
    const other = await caller(sandbox);
    sandbox.revoke();
    expect((await other.get('profile')).status).toBe(401);
  });

  it('takes the token in the query as well', async () => {
    const { accessToken } = await caller(sandbox);
    const response = await fetch(`${sandbox.url}/gmail/v1/users/me/profile?access_token=${accessToken}`);
    expect(response.status).toBe(200);
  });

  it('knows `me` and the own address, in any case, and no other mailbox', async () => {
    sandbox.addMailbox('Other@Example.com', 2);
    const { accessToken } = await caller(sandbox);
    const get = async (user: string): Promise<unknown> => {
      const response = await fetch(`${sandbox.url}/gmail/v1/users/${encodeURIComponent(user)}/profile`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
      const body = (await response.json()) as GmailErrorBody & { emailAddress?: string };
      return [response.status, body.emailAddress ?? body.error.message];
    };
    expect(await get('me')).toEqual([200, 'sandbox@example.com']);
    expect(await get('SANDBOX@example.com')).toEqual([200, 'sandbox@example.com']);
    expect(await get('other@example.com')).toEqual([403, 'Delegation denied for sandbox@example.com']);
    const other = await caller(sandbox, { email: 'other@example.com' });
    expect((await other.get('profile')).body).toMatchObject({ emailAddress: 'other@example.com', messagesTotal: 2 });
  });

  it.each([
    ['profile', [READONLY, METADATA, `${SCOPE}gmail.compose`], `${SCOPE}gmail.labels`],
    ['history?startHistoryId=START', [READONLY, METADATA, 'https://mail.google.com/'], `${SCOPE}gmail.compose`],
    ['messages', [READONLY, METADATA, `${SCOPE}gmail.modify`], `${SCOPE}gmail.send`],
    ['threads', [READONLY, METADATA], `${SCOPE}gmail.labels`],
    ['labels', [READONLY, METADATA, `${SCOPE}gmail.labels`], `${SCOPE}gmail.compose`],
    ['drafts', [READONLY, `${SCOPE}gmail.compose`], METADATA],
    ['settings/filters', [READONLY, `${SCOPE}gmail.settings.basic`], METADATA],
    ['settings/forwardingAddresses', [READONLY], METADATA],
    ['settings/sendAs', [READONLY], METADATA],
    ['settings/delegates', [], METADATA],
  ])('%s is open to its scopes', async (path, open, closed) => {
    const at = path.replace('START', sandbox.mailbox().historyId);
    for (const scope of open) {
      expect([scope, (await (await caller(sandbox, { scope })).get(at)).status]).toEqual([scope, 200]);
    }
    const { status, body, headers } = await (await caller(sandbox, { scope: closed })).get<GmailErrorBody>(at);
    expect([status, body.error.message, body.error.status]).toEqual([
      403,
      'Request had insufficient authentication scopes.',
      'PERMISSION_DENIED',
    ]);
    expect(body.error.errors[0]?.reason).toBe('insufficientPermissions');
    expect(body.error.details?.[0]).toMatchObject({ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' });
    expect(headers.get('www-authenticate')).toContain('insufficient_scope');
  });

  it('shows delegates to a delegated service account only', async () => {
    const { status, body } = await (await caller(sandbox)).get<GmailErrorBody>('settings/delegates');
    expect([status, body.error.message]).toEqual([
      403,
      'Access restricted to service accounts that have been delegated domain-wide authority',
    ]);
  });

  it('has no other pages', async () => {
    const { accessToken } = await caller(sandbox);
    for (const [method, path] of [
      ['GET', '/gmail/v1/users/me/nothing'],
      ['POST', '/gmail/v1/users/me/messages'],
      ['GET', '/token'],
      ['GET', '/'],
    ]) {
      const response = await fetch(`${sandbox.url}${path}`, {
        method: method ?? '',
        headers: { authorization: `Bearer ${accessToken}` },
      });
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path,
        404,
        'text/html; charset=UTF-8',
      ]);
    }
    expect(sandbox.requests.slice(-4).map(({ method, units }) => [method, units])).toEqual(
      Array.from({ length: 4 }, () => ['unknown', 0]),
    );
  });

  it('lets the oldest of more than 100 refresh tokens of a client die', async () => {
    const tokens = Array.from({ length: 101 }, () => sandbox.grantRefreshToken());
    expect((await refresh(sandbox, tokens[0] ?? '')).body.error).toBe('invalid_grant');
    expect((await refresh(sandbox, tokens[1] ?? '')).status).toBe(200);
    expect((await refresh(sandbox, tokens[100] ?? '')).status).toBe(200);
  });
});
