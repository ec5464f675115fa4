import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Sandbox, type SandboxClient, startSandbox } from '../../src/sandbox/index.js';
import { METADATA, READONLY, redeem, token } from './caller.js';

const web: SandboxClient = {
  clientId: '42-web.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-sandbox-web',
  type: 'web',
  redirectUris: ['https://app.example.com/oauth'],
};
const installed: SandboxClient = {
  clientId: '42-desk.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-sandbox-desk',
  type: 'installed',
  redirectUris: ['http://localhost'],
};

describe('the consent page', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ clients: [installed, web] });
    sandbox.addMailbox('second@example.com');
  });
  afterEach(() => sandbox.close());

  const address = (query: Record<string, string> = {}): string => {
    const all = {
      client_id: installed.clientId,
      redirect_uri: 'http://127.0.0.1:5555/callback',
      response_type: 'code',
      scope: READONLY,
      state: 'a b&c',
      ...query,
    };
    const given = Object.entries(all).filter(([, value]) => value !== '');
    return `${sandbox.url}/o/oauth2/v2/auth?${new URLSearchParams(given)}`;
  };
  const open = (query?: Record<string, string>, form?: URLSearchParams): Promise<Response> =>
    fetch(address(query), { redirect: 'manual', ...(form && { method: 'POST', body: form }) });
  const answerOf = (response: Response): Record<string, string> => {
    expect(response.status).toBe(302);
    const location = new URL(response.headers.get('location') ?? '');
    return { at: `${location.origin}${location.pathname}`, ...Object.fromEntries(location.searchParams) };
  };

  it('shows the form: the accounts, the scopes ticked, nothing of the request unescaped', async () => {
    const response = await open({
      scope: `${READONLY} ${METADATA}`,
      state: '"><script>',
      login_hint: 'second@example.com',
    });
    const html = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
    expect(html).toContain(`value="${READONLY}" checked`);
    expect(html).toContain(`value="${METADATA}" checked`);
    expect(html).toContain('<option>second@example.com</option><option>sandbox@example.com</option>');
    expect(html).not.toContain('<script>');
    const action = /action="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#38;', '&');
    const form = new URLSearchParams({ decision: 'allow', email: 'second@example.com', scope: METADATA });
    const posted = await fetch(new URL(action ?? '', address()), { method: 'POST', body: form, redirect: 'manual' });
    expect(answerOf(posted)).toEqual({
      at: 'http://127.0.0.1:5555/callback',
      state: '"><script>',
      code: expect.stringMatching(/^4\/0A/),
      scope: METADATA,
    });
  });

  it('gives a code for the chosen account and the ticked scopes', async () => {
    const form = new URLSearchParams({ decision: 'allow', email: 'second@example.com', scope: READONLY });
    const { code = '' } = answerOf(await open({ scope: `${READONLY} ${METADATA}` }, form));
    const { body } = await redeem(sandbox, code, { redirect_uri: 'http://127.0.0.1:5555/callback' });
    expect(body.scope).toBe(READONLY);
    const profile = await fetch(`${sandbox.url}/gmail/v1/users/me/profile`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(await profile.json()).toMatchObject({ emailAddress: 'second@example.com' });
  });

  it.each([
    ['Deny', { decision: 'deny', scope: READONLY }],
    ['nothing ticked', { decision: 'allow' }],
    ['a scope that was not asked for', { decision: 'allow', scope: 'https://mail.google.com/' }],
  ])('%s goes back as access_denied', async (_, form) => {
    expect(answerOf(await open({}, new URLSearchParams(form)))).toEqual({
      at: 'http://127.0.0.1:5555/callback',
      error: 'access_denied',
      state: 'a b&c',
    });
  });

  it.each([
    ['http://localhost:1/x', 302],
    ['http://[::1]:8080/', 302],
    ['http://127.0.0.1:65535', 302],
    ['https://127.0.0.1:1/', 400],
    ['http://192.168.1.5/', 400],
    ['http://127.0.0.1.example.com/', 400],
    ['not a url', 400],
  ])('an installed client comes back to %s: %i', async (redirectUri, status) => {
    sandbox.consent({});
    const response = await open({ redirect_uri: redirectUri });
    expect(response.status).toBe(status);
    if (status === 400) expect(await response.text()).toContain('Error 400: redirect_uri_mismatch');
  });

  it.each([
    ['https://app.example.com/oauth', 302],
    ['https://app.example.com/oauth/', 400],
    ['https://app.example.com/oauth?x=1', 400],
    ['http://127.0.0.1:5555/callback', 400],
  ])('a web client comes back to %s: %i', async (redirectUri, status) => {
    sandbox.consent({});
    expect((await open({ client_id: web.clientId, redirect_uri: redirectUri })).status).toBe(status);
  });

  it.each([
    [{ client_id: '' }, 400, 'invalid_request', 'Missing required parameter: client_id'],
    [{ client_id: 'x' }, 401, 'invalid_client', 'The OAuth client was not found.'],
    [{ redirect_uri: '' }, 400, 'invalid_request', 'Missing required parameter: redirect_uri'],
    [{ redirect_uri: 'urn:ietf:wg:oauth:2.0:oob' }, 400, 'invalid_request', 'out-of-band (OOB) flow has been blocked'],
    [{ response_type: '' }, 400, 'invalid_request', 'Missing required parameter: response_type'],
    [{ response_type: 'token' }, 400, 'unsupported_response_type', 'Invalid response_type.'],
    [{ scope: '' }, 400, 'invalid_request', 'Missing required parameter: scope'],
    [{ scope: `${READONLY} nonsense` }, 400, 'invalid_scope', '{invalid=[nonsense]}'],
    [
      { code_challenge: 'x'.repeat(43), code_challenge_method: 'S512' },
      400,
      'invalid_request',
      'code_challenge_method',
    ],
    [{ code_challenge: 'short', code_challenge_method: 'S256' }, 400, 'invalid_request', 'Invalid code_challenge.'],
  ])('shows a page for %j', async (query, status, error, detail) => {
    const response = await open(query);
    const html = await response.text();
    expect(response.status).toBe(status);
    expect(html).toContain(`Error ${status}: ${error}`);
    expect(html).toContain(detail);
  });

  it('answers at once as it was told, until it is told otherwise', async () => {
    sandbox.consent({ deny: true });
    expect(answerOf(await open())['error']).toBe('access_denied');
    sandbox.consent({ error: 'server_error' });
    expect(answerOf(await open())).toMatchObject({ error: 'server_error', state: 'a b&c' });
    sandbox.consent({ error: 'org_internal' });
    const page = await open();
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('org_internal')]);
    sandbox.consent({ scope: METADATA, email: 'second@example.com' });
    expect(answerOf(await open({ scope: `${READONLY} ${METADATA}` }))['scope']).toBe(METADATA);
    sandbox.consent({});
    expect(answerOf(await open({ state: '' }))).not.toHaveProperty('state');
    sandbox.consent(null);
    expect((await open()).status).toBe(200);
    expect(() => sandbox.consent({ email: 'nobody@example.com' })).toThrow('there is no mailbox nobody@example.com');
  });

  it('gives a web client a refresh token for offline access, and a second one only after asking again', async () => {
    sandbox.consent({});
    const granted = async (query: Record<string, string>): Promise<boolean> => {
      const redirect_uri = web.redirectUris[0] ?? '';
      const { code = '' } = answerOf(await open({ client_id: web.clientId, redirect_uri, ...query }));
      const { body } = await token(sandbox, {
        client_id: web.clientId,
        client_secret: web.clientSecret,
        grant_type: 'authorization_code',
        code,
        redirect_uri,
      });
      expect(body.access_token).toBeDefined();
      return body.refresh_token !== undefined;
    };
    expect(await granted({})).toBe(false);
    expect(await granted({ access_type: 'offline' })).toBe(true);
    expect(await granted({ access_type: 'offline' })).toBe(false);
    expect(await granted({ access_type: 'offline', prompt: 'consent' })).toBe(true);
  });
});
