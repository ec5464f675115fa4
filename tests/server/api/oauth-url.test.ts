import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REDIRECT, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const PATH = '/elements/gmail/oauth/url';

function query(changes: Record<string, string | undefined> = {}): string {
  const { clientId: apiKey, clientSecret: apiSecret } = server.sandbox.client;
  const given = { apiKey, apiSecret, callbackUrl: REDIRECT, siteAddress: 'site', ...changes };
  return `?${new URLSearchParams(Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined))}`;
}

function urlOf(json: unknown): URL {
  return new URL((json as { oauthUrl: string }).oauthUrl);
}

describe('GET /elements/{keyOrId}/oauth/url', () => {
  it('answers with the address of the consent page, for anyone', async () => {
    for (const authorization of [null, server.platform, 'User nobody, Organization nobody']) {
      const answer = await server.call('GET', PATH + query(), { authorization });
      expect([answer.status, answer.json]).toEqual([200, { oauthUrl: expect.any(String), element: 'gmail' }]);
      expect(answer.text).not.toContain(server.sandbox.client.clientSecret);
      const { origin, searchParams } = urlOf(answer.json);
      expect(origin).toBe(server.sandbox.url);
      expect(Object.fromEntries(searchParams)).toMatchObject({
        client_id: server.sandbox.client.clientId,
        redirect_uri: REDIRECT,
        response_type: 'code',
        access_type: 'offline',
        prompt: 'consent',
        scope: 'https://www.googleapis.com/auth/gmail.readonly',
        state: 'gmail',
      });
    }
  });

  it('leads to a code that POST /instances takes', async () => {
    const { json } = await server.call('GET', PATH + query({ state: 'mine & yours' }));
    const back = await fetch(urlOf(json), { redirect: 'manual' });
    const { searchParams } = new URL(back.headers.get('location') ?? '');
    expect(searchParams.get('state')).toBe('mine & yours');
    const body = server.body({ providerData: { code: searchParams.get('code') } });
    expect((await server.call('POST', '/instances', { body })).status).toBe(200);
  });

  it('takes a scope: names, or URLs of several', async () => {
    const several = 'https://mail.google.com/ https://www.googleapis.com/auth/gmail.settings.basic';
    const answers = [query({ scope: 'metadata' }), query({ scope: several })].map((text) =>
      server.call('GET', PATH + text),
    );
    const scopes = (await Promise.all(answers)).map(({ json }) => urlOf(json).searchParams.get('scope'));
    expect(scopes).toEqual(['https://www.googleapis.com/auth/gmail.metadata', several]);
  });

  it('is at the element’s number too, and at no other element', async () => {
    expect((await server.call('GET', `/elements/6409/oauth/url${query()}`)).status).toBe(200);
    expect((await server.call('GET', `/elements/box/oauth/url${query()}`)).status).toBe(404);
  });

  it('names all that is missing or wrong, in the words of the query', async () => {
    const nothing = await server.call('GET', PATH);
    expect([nothing.status, nothing.json]).toMatchObject([
      400,
      { message: expect.stringMatching(/apiKey is missing.*callbackUrl is missing/) },
    ]);
    const wrong = await server.call('GET', PATH + query({ callbackUrl: 'ftp://x', scope: 'everything' }));
    expect([wrong.status, wrong.json]).toMatchObject([
      400,
      { message: expect.stringMatching(/callbackUrl is refused.*scope is refused/) },
    ]);
    expect(wrong.text).not.toContain('--');
  });

  it('falls back to the client and the redirect URI of config.json', async () => {
    await server.ctx.store.settings.set({ 'oauth.clientId': 'kept', 'oauth.callbackUrl': 'https://kept.example/' });
    const { json } = await server.call('GET', PATH);
    expect(urlOf(json).searchParams.get('client_id')).toBe('kept');
    expect(urlOf(json).searchParams.get('redirect_uri')).toBe('https://kept.example/');
    await server.ctx.store.settings.set({ 'oauth.clientId': null, 'oauth.callbackUrl': null });
  });
});

describe('POST /elements/{keyOrId}/oauth/url', () => {
  it('takes the same as JSON', async () => {
    const body = { apiKey: 'id', apiSecret: 'S3CRET', callbackUrl: REDIRECT, state: 'x', scope: 'metadata' };
    const answer = await server.call('POST', PATH, { authorization: null, body });
    expect([answer.status, answer.text.includes('S3CRET')]).toEqual([200, false]);
    expect(Object.fromEntries(urlOf(answer.json).searchParams)).toMatchObject({ client_id: 'id', state: 'x' });
  });

  it.each(['', '[]', '"x"', 'null'])('refuses the body %j', async (body) => {
    const answer = await server.call('POST', PATH, { body });
    expect([answer.status, answer.json]).toMatchObject([400, { message: expect.stringContaining('one JSON object') }]);
  });
});

describe('GET /elements/{keyOrId}/metadata and /configuration', () => {
  it('tell what the element can do and what may be configured', async () => {
    const metadata = await server.call('GET', '/elements/gmail/metadata');
    expect([metadata.status, metadata.json]).toMatchObject([
      200,
      {
        id: 6409,
        key: 'gmail',
        events: { supported: true, methods: ['polling'], polling: { 'changed-messages': {} } },
      },
    ]);
    const { status, json } = await server.call('GET', '/elements/6409/configuration');
    const defaults = Object.fromEntries(
      (json as { key: string; defaultValue: string | null }[]).map(({ key, defaultValue }) => [key, defaultValue]),
    );
    expect([status, defaults]).toMatchObject([
      200,
      { 'event.notification.enabled': 'false', 'event.poller.refresh_interval': '15', 'oauth.api.key': null },
    ]);
    expect((await server.call('GET', '/elements/gmail/metadata', { authorization: null })).status).toBe(401);
    expect((await server.call('GET', '/elements/jira/configuration')).status).toBe(404);
  });
});
