import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listAccounts, revokeAccount } from '../../../src/core/accounts/index.js';
import { systemClock } from '../../../src/core/open.js';
import { startServer, type TestServer } from '../../support/server.js';
import { type Fields, type Seen, Visitor, words } from './visitor.js';

const METADATA = 'https://www.googleapis.com/auth/gmail.metadata';

let ahead: number;
let server: TestServer;
let person: Visitor;
beforeEach(async () => {
  ahead = 0;
  server = await startServer({ clock: { ...systemClock, now: () => Date.now() + ahead } });
  person = new Visitor(server.url);
  await person.logIn(server);
});
afterEach(() => server.close());

const client = () => ({
  'client-id': server.sandbox.client.clientId,
  'client-secret': server.sandbox.client.clientSecret,
});

/** Where the form leads, Google's own answer not yet fetched. */
async function toGoogle(path = '/oauth/start', fields: Fields = client()): Promise<URL> {
  await person.get('/instances/new');
  const seen = await person.post(path, fields);
  expect(seen.status).toBe(303);
  return new URL(seen.location ?? '');
}

/** Google sends the browser back. */
async function backFrom(url: URL): Promise<string> {
  return (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '';
}

const accounts = () => server.ctx.store.accountFiles.keys();

async function failsWith(seen: Seen, sentence: string | RegExp): Promise<void> {
  expect(words(seen)).toMatch(sentence);
  expect(seen.text).toContain('role="alert"');
}

describe('authenticating with Google', () => {
  it('asks with a state and PKCE, for the redirect URI of this very server', async () => {
    const url = await toGoogle();
    const query = Object.fromEntries(url.searchParams);
    expect(query).toMatchObject({
      client_id: server.sandbox.client.clientId,
      redirect_uri: `${server.url}/oauth/callback`,
      response_type: 'code',
      scope: 'https://www.googleapis.com/auth/gmail.readonly',
      code_challenge_method: 'S256',
      access_type: 'offline',
      prompt: 'consent',
    });
    expect(query['state']).toMatch(/^[\w-]{43}$/);
    expect(url.href).not.toContain(server.sandbox.client.clientSecret);
    expect((await toGoogle()).searchParams.get('state')).not.toBe(query['state']);
  });

  it('knows the redirect URI behind a proxy', async () => {
    await server.close();
    server = await startServer({ behindProxy: true });
    person = new Visitor(server.url);
    await person.logIn(server);
    const headers = { 'x-forwarded-host': 'mail.example.com', origin: 'http://mail.example.com' };
    const { location } = await person.post('/oauth/start', client(), headers);
    expect(new URL(location ?? '').searchParams.get('redirect_uri')).toBe('http://mail.example.com/oauth/callback');
  });

  it('asks for the metadata scope when that is chosen', async () => {
    const url = await toGoogle('/oauth/start', { ...client(), scope: 'metadata' });
    expect(url.searchParams.get('scope')).toBe(METADATA);
    await person.open(await backFrom(url));
    const [key] = await accounts();
    expect(await server.ctx.store.accountFiles.read(key ?? '')).toMatchObject({ scopes: [METADATA] });
  });

  it.each([
    ['no client', {}, 'No OAuth client is known'],
    [
      'a client without its secret',
      { 'client-id': 'x.apps.googleusercontent.com' },
      'secret of the OAuth client is missing',
    ],
  ])('says what is missing with %s', async (_, fields, sentence) => {
    await person.get('/instances/new');
    await failsWith(await person.submit('/oauth/start', { ...fields, name: 'Kept' }), sentence);
    expect(person.page.text).toContain('value="Kept"');
  });

  it('uses the client of the settings without asking for it', async () => {
    const { clientId, clientSecret } = server.sandbox.client;
    await server.ctx.store.settings.set({ 'oauth.clientId': clientId, 'oauth.clientSecret': clientSecret });
    expect(words(await person.get('/instances/new'))).toContain(clientId);
    expect(person.page.text).not.toContain(clientSecret);
    await person.open(await backFrom(await toGoogle('/oauth/start', {})));
    expect(await accounts()).toHaveLength(1);
  });
});

describe('the way back from Google', () => {
  const nothing = async () => expect(await accounts()).toEqual([]);

  it('takes a code once', async () => {
    const back = await backFrom(await toGoogle());
    expect(words(await person.open(back))).toContain('ann@example.com is authenticated');
    expect(await accounts()).toHaveLength(1);
    await failsWith(await person.open(back), 'belongs to no authentication that was begun here');
  });

  it('does not stop at a page whose address holds the code', async () => {
    const back = await backFrom(await toGoogle());
    const seen = await person.get(back);
    expect(seen).toMatchObject({ status: 303, text: '', location: '/instances/new' });
    expect(seen.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('is not gone by a HEAD', async () => {
    const back = await backFrom(await toGoogle());
    const cookie = `gmail-events=${person.cookies.get('gmail-events')}`;
    expect((await fetch(back, { method: 'HEAD', headers: { cookie }, redirect: 'manual' })).status).toBe(404);
    await person.open(back);
    expect(await accounts()).toHaveLength(1);
  });

  it.each([
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['another state', (url: URL) => url.searchParams.set('state', 'a'.repeat(43))],
    ['an empty state', (url: URL) => url.searchParams.set('state', '')],
  ])('is refused with %s', async (_, spoil) => {
    const back = new URL(await backFrom(await toGoogle()));
    spoil(back);
    await failsWith(await person.open(back.href), 'belongs to no authentication that was begun here');
    await nothing();
    expect(server.sandbox.requests.filter(({ method }) => method === 'token')).toEqual([]);
  });

  it('is refused in the session of somebody else', async () => {
    const back = await backFrom(await toGoogle());
    const other = new Visitor(server.url);
    await other.logIn(server);
    await failsWith(await other.open(back), 'belongs to no authentication that was begun here');
    await nothing();
  });

  it('is nothing without a login', async () => {
    const back = await backFrom(await toGoogle());
    const seen = await new Visitor(server.url).get(back);
    // Its address would be kept with the code in it.
    expect(seen.location).toBe('/login');
    await nothing();
  });

  it('is refused after a quarter of an hour', async () => {
    const back = await backFrom(await toGoogle());
    ahead += 15 * 60_000;
    await failsWith(await person.open(back), 'came too late');
    await nothing();
  });

  it('tells of a consent that was denied', async () => {
    server.sandbox.consent({ deny: true });
    const back = await backFrom(await toGoogle('/oauth/start', { ...client(), name: 'Kept' }));
    await failsWith(await person.open(back), "Access was denied on Google's page");
    expect(person.page.text).toContain('value="Kept"');
    await nothing();
  });

  it('tells of a scope that was unticked', async () => {
    server.sandbox.consent({ scope: 'https://www.googleapis.com/auth/gmail.labels' });
    await failsWith(await person.open(await backFrom(await toGoogle())), 'lacks the scope readonly');
    await nothing();
  });

  it('shows no word of a made-up error', async () => {
    const url = await toGoogle();
    const state = url.searchParams.get('state') ?? '';
    const error = encodeURIComponent('<script>alert(1)</script>');
    const seen = await person.open(`/oauth/callback?state=${state}&error=${error}`);
    await failsWith(seen, 'Google refused the sign-in');
    expect(seen.text).not.toContain('alert(1)');
  });

  it('tells of a wrong secret, and does not repeat it', async () => {
    const back = await backFrom(await toGoogle('/oauth/start', { ...client(), 'client-secret': 'S3CRET-wrong' }));
    const seen = await person.open(back);
    expect(seen.text).toContain('role="alert"');
    expect(seen.text).not.toContain('S3CRET-wrong');
    await nothing();
  });
});

describe('authenticating an instance again', () => {
  it('restores the mailbox whose grant was revoked', async () => {
    const { id } = await server.create();
    server.sandbox.revoke();
    await failsWith(await person.submit(`/instances/${id}/poll`), /revoked/);
    expect(words(await person.get('/'))).toContain('Not authorized');
    const url = await toGoogle(`/instances/${id}/authenticate`, {});
    expect(url.searchParams.get('login_hint')).toBe('ann@example.com');
    server.sandbox.mailbox().receive();
    const seen = words(await person.open(await backFrom(url)));
    expect(seen).toContain('ann@example.com is authenticated again. Polled: 1 event in 1 notification, 1 delivered');
    expect(seen).toContain('Healthy');
  });

  it('refuses another mailbox, and keeps nothing of it', async () => {
    const { id } = await server.create();
    server.sandbox.addMailbox('bob@example.com');
    server.sandbox.consent({ email: 'bob@example.com' });
    const before = await accounts();
    const seen = await person.open(await backFrom(await toGoogle(`/instances/${id}/authenticate`, {})));
    await failsWith(seen, 'That was the mailbox bob@example.com, but this instance reads ann@example.com');
    expect(await accounts()).toEqual(before);
  });

  it('moves the instance to another client when its own account is gone', async () => {
    await server.close();
    const clients = ['1-a', '2-b'].map((id) => ({
      clientId: `${id}.apps.googleusercontent.com`,
      clientSecret: `GOCSPX-${id}`,
      type: 'installed' as const,
      redirectUris: ['http://localhost'],
    }));
    server = await startServer({ sandbox: { clients } });
    person = new Visitor(server.url);
    await person.logIn(server);
    const { id } = await server.create();
    const [account] = await listAccounts(server.ctx);
    if (account === undefined) throw new Error('the instance has no account');
    await revokeAccount(server.ctx, account.key);
    await failsWith(
      await person.submit(`/instances/${id}/authenticate`),
      'The account is gone, and no OAuth client is known',
    );
    await server.ctx.store.settings.set({
      'oauth.clientId': clients[1]?.clientId ?? '',
      'oauth.clientSecret': clients[1]?.clientSecret ?? '',
    });
    server.sandbox.mailbox().receive();
    const seen = await person.open(await backFrom(await toGoogle(`/instances/${id}/authenticate`, {})));
    expect(words(seen)).toContain('is authenticated again. Polled: 1 event in 1 notification, 1 delivered');
    expect((await server.ctx.store.instanceFiles.read(id))?.account).toContain('2-b');
  });

  it('says so when the instance is gone meanwhile', async () => {
    const { id } = await server.create();
    const back = await backFrom(await toGoogle(`/instances/${id}/authenticate`, {}));
    await person.get(`/instances/${id}/delete`);
    await person.submit(`/instances/${id}/delete`);
    expect((await person.open(back)).status).toBe(404);
  });
});
