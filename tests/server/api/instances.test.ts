import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { markAccountFailed } from '../../../src/core/accounts/index.js';
import { findInstance } from '../../../src/core/instances/index.js';
import { GmailError } from '../../../src/gmail/errors.js';
import { startServer, type TestServer } from '../../support/server.js';

const MASK = '********';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

describe('POST /instances', () => {
  it('makes an instance and answers 200 with its object: token in full, secrets masked, no code', async () => {
    const body = server.body();
    const made = await server.call('POST', '/instances', { body });
    expect(made.status).toBe(200);
    expect(made.headers.get('content-type')).toMatch(/^application\/json/);
    expect(made.headers.get('elements-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.json).toEqual({
      id: 1,
      name: 'API Instance with Polling',
      token: expect.stringMatching(/^[\w+/]{43}=$/),
      createdDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      elementId: 6409,
      element: { id: 6409, key: 'gmail', name: 'Gmail', hub: 'general' },
      tags: ['Docs'],
      valid: true,
      disabled: false,
      configuration: {
        'oauth.api.key': server.sandbox.client.clientId,
        'oauth.api.secret': MASK,
        'oauth.callback.url': 'http://127.0.0.1:9/oauth',
        'oauth.user.token': MASK,
        'oauth.user.refresh_token': MASK,
        'event.notification.enabled': 'true',
        'event.notification.callback.url': server.receiver.url,
        'event.poller.refresh_interval': '15',
        'event.poller.configuration': '{"changed-messages":{"url":"/hubs/general/changed-messages","idField":"id"}}',
      },
      eventsEnabled: true,
      eventsNotificationCallbackUrl: server.receiver.url,
      externalAuthentication: 'none',
      user: { id: 1, emailAddress: 'ann@example.com', firstName: '', lastName: '' },
    });
    expect(made.text).not.toContain(server.sandbox.client.clientSecret);
    expect(server.receiver.requests).toEqual([]);
  });

  it('is at the element too, by key and by id', async () => {
    for (const element of ['gmail', '6409']) {
      const made = await server.call('POST', `/elements/${element}/instances`, { body: server.body() });
      expect([made.status, made.json]).toMatchObject([200, { elementId: 6409 }]);
    }
    const other = await server.call('POST', '/elements/outlook/instances', { body: server.body() });
    expect([other.status, other.json]).toMatchObject([404, { message: expect.stringContaining('"outlook"') }]);
  });

  it('names every fault at once, stores nothing and keeps the code for a second try', async () => {
    const body = server.body({
      element: { key: 'outlook' },
      name: '',
      configuration: { 'event.poller.refresh_interval': '<minutes>', 'event.notification.signature.key': 7 },
    });
    const refused = await server.call('POST', '/instances', { body });
    expect(refused.status).toBe(400);
    expect(refused.headers.get('elements-error')).toBe('true');
    const { message, ...rest } = refused.json as { message: string };
    expect(rest).toEqual({ requestId: refused.headers.get('elements-request-id') });
    for (const named of ['element.key', 'name ', 'refresh_interval', 'signature.key']) expect(message).toContain(named);
    expect((await server.call('GET', '/instances')).status).toBe(404);
    const { providerData } = body;
    expect((await server.call('POST', '/instances', { body: server.body({ providerData }) })).status).toBe(200);
  });

  it('tells what Google said of a code that was used', async () => {
    const body = server.body();
    await server.call('POST', '/instances', { body });
    const again = await server.call('POST', '/instances', { body });
    expect(again.status).toBe(400);
    expect(again.json).toEqual({
      message: expect.any(String),
      providerMessage: expect.stringMatching(/code|grant/i),
      requestId: expect.any(String),
    });
  });

  it('is a platform call: an Element token does not make instances', async () => {
    const { token } = await server.create();
    const made = await server.call('POST', '/instances', { authorization: server.hub(token), body: server.body() });
    expect(made.status).toBe(401);
  });
});

describe('GET /instances/{id}', () => {
  it('reads what was made, with its token as the old service did', async () => {
    const made = await server.create();
    const read = await server.call('GET', `/instances/${made.id}`);
    expect([read.status, read.json]).toEqual([200, made]);
    expect((await server.call('GET', `/elements/6409/instances/${made.id}`)).json).toEqual(made);
  });

  it.each(['/instances/99', '/instances/0', '/instances/abc', '/instances/1.5', `/instances/${'9'.repeat(400)}`])(
    'is 404 for %s',
    async (path) => {
      await server.create();
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const answer = await server.call(method, path, method === 'PATCH' ? { body: { name: 'x' } } : {});
        expect([answer.status, answer.json]).toMatchObject([404, { message: expect.stringContaining('no instance') }]);
      }
    },
  );

  it('tells that its grant does not work any more', async () => {
    const { id } = await server.create();
    const { account } = await findInstance(server.ctx, String(id));
    await markAccountFailed(
      server.ctx,
      account,
      new GmailError('revoked', { class: 'reauthorize', code: 'auth', hint: null }),
    );
    expect((await server.call('GET', `/instances/${id}`)).json).toMatchObject({ id, valid: false });
  });
});

describe('DELETE /instances/{id}', () => {
  it('answers 200 without a body; then it is gone and its token is none', async () => {
    const { id, token } = await server.create();
    const gone = await server.call('DELETE', `/instances/${id}`);
    expect([gone.status, gone.text]).toEqual([200, '']);
    expect((await server.call('GET', `/instances/${id}`)).status).toBe(404);
    expect((await server.call('GET', '/instances', { authorization: server.hub(token) })).status).toBe(401);
    expect((await server.call('DELETE', `/instances/${id}`)).status).toBe(404);
  });

  it('bears an empty body that is said to be JSON', async () => {
    const { id } = await server.create();
    const headers = { 'content-type': 'application/json' };
    expect((await server.call('DELETE', `/instances/${id}`, { headers })).status).toBe(200);
  });
});
