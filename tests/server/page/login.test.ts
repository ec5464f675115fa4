import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/core/open.js';
import { startServer, type TestServer } from '../../support/server.js';
import { Visitor, words } from './visitor.js';

let server: TestServer;
afterEach(() => server.close());

async function visitor(options: Parameters<typeof startServer>[0] = {}): Promise<Visitor> {
  server = await startServer(options);
  return new Visitor(server.url);
}

describe('the way in', () => {
  it('shows nothing without a login, and leads back to where one wanted to go', async () => {
    const person = await visitor();
    for (const path of ['/', '/instances/new', '/instances/1', '/instances/1/notifications/x', '/instances/1/delete']) {
      const seen = await person.get(path);
      expect(seen).toMatchObject({ status: 303, text: '' });
      expect(seen.location).toMatch(/^\/login/);
    }
    await person.open('/instances/new');
    const { key } = server;
    const fields = { user: key.user, organization: key.organization, next: '/instances/new' };
    expect((await person.post('/login', fields)).location).toBe('/instances/new');
    expect(words(await person.get('/instances/new'))).toContain('Create Instance');
  });

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/instances\\..', 'javascript:alert(1)'])(
    'leads nowhere else: %s',
    async (next) => {
      const person = await visitor();
      const { key } = server;
      await person.get(`/login?next=${encodeURIComponent(next)}`);
      expect(person.page.text).toContain('name="next" value="/"');
      expect((await person.post('/login', { ...key, next })).location).toBe('/');
    },
  );

  it('takes secrets only that belong together, and never shows them again', async () => {
    const person = await visitor();
    const { key } = server;
    for (const wrong of [
      { user: key.user, organization: 'wrong' },
      { user: 'wrong', organization: key.organization },
      { user: key.organization, organization: key.user },
      { user: '', organization: '' },
    ]) {
      const seen = await person.post('/login', wrong);
      expect(seen.status).toBe(401);
      expect(words(seen)).toContain('not a User and an Organization secret that belong together');
      for (const secret of [key.user, key.organization]) expect(seen.text).not.toContain(secret);
    }
    expect(person.cookies.size).toBe(0);
  });

  it('tells whoever fails too often to wait', async () => {
    const person = await visitor();
    for (let at = 0; at < 20; at++) await person.post('/login', { user: 'x', organization: 'y' });
    const seen = await person.post('/login', { ...server.key });
    expect(seen.status).toBe(429);
    expect(Number(seen.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(words(seen)).toMatch(/too many wrong secrets .* Try again in \d+ seconds/);
  });

  it('refuses a login that another site sends', async () => {
    const person = await visitor();
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      expect((await person.post('/login', { ...server.key }, headers)).status).toBe(403);
    }
    expect(person.cookies.size).toBe(0);
  });
});

describe('a session', () => {
  it('has a cookie that no script reads, new at each login', async () => {
    const person = await visitor();
    await person.get('/login');
    person.setCookie('gmail-events', 'chosen-by-someone-else');
    const seen = await person.post('/login', { ...server.key });
    const [line] = seen.headers.getSetCookie();
    expect(line).toMatch(/^gmail-events=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const first = person.cookies.get('gmail-events');
    person.setCookie('gmail-events', '');
    await person.post('/login', { ...server.key });
    expect(person.cookies.get('gmail-events')).not.toBe(first);
  });

  it('is secure behind a proxy that speaks https', async () => {
    const person = await visitor({ behindProxy: true });
    const headers = { 'x-forwarded-proto': 'https', origin: server.url.replace('http:', 'https:') };
    const seen = await person.post('/login', { ...server.key }, headers);
    expect(seen.headers.getSetCookie()[0]).toMatch(
      /^__Host-gmail-events=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('ends half an hour after the last request, and twelve hours after the login', async () => {
    let ahead = 0;
    const person = await visitor({ clock: { ...systemClock, now: () => Date.now() + ahead } });
    await person.logIn(server);
    ahead += 29 * 60_000;
    expect((await person.get('/')).status).toBe(200);
    ahead += 31 * 60_000;
    expect(await person.get('/')).toMatchObject({ status: 303, location: '/login' });
    await person.logIn(server);
    for (let hour = 0; hour < 24; hour++) {
      ahead += 29 * 60_000;
      expect((await person.get('/')).status).toBe(200);
    }
    ahead += 29 * 60_000;
    expect((await person.get('/')).status).toBe(303);
  });

  it('does nothing that is sent after its end', async () => {
    let ahead = 0;
    const person = await visitor({ clock: { ...systemClock, now: () => Date.now() + ahead } });
    const { id } = await server.create();
    await person.logIn(server);
    ahead += 31 * 60_000;
    const seen = await person.submit(`/instances/${id}/pause`);
    expect(words(seen)).toContain('Your session has ended');
    expect((await server.ctx.store.instanceFiles.read(id))?.disabled).toBe(false);
  });

  it('ends by logging out', async () => {
    const person = await visitor();
    await person.logIn(server);
    const old = person.cookies.get('gmail-events') ?? '';
    expect(await person.post('/logout')).toMatchObject({ status: 303, location: '/login' });
    expect(person.cookies.size).toBe(0);
    person.setCookie('gmail-events', old);
    expect((await person.get('/')).status).toBe(303);
  });

  it('does not end by a form of another site', async () => {
    const person = await visitor();
    await person.logIn(server);
    await person.post('/logout', { 'form-token': 'wrong' });
    await person.post('/logout', {}, { origin: 'https://evil.example' });
    expect((await person.get('/')).status).toBe(200);
  });
});

it('says how to make a key while there is none', async () => {
  const person = await visitor();
  expect(words(await person.get('/login'))).not.toContain('No key exists yet');
  server.ctx.store.serverKeys.list = async () => [];
  expect(words(await person.get('/login'))).toContain('No key exists yet. Run gmail-events serve keys create');
});
