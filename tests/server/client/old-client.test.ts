import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pollInstance } from '../../../src/core/polling/index.js';
import { elementsSignatureHolds } from '../../support/receiver.js';
import { REDIRECT, startServer, type TestServer } from '../../support/server.js';
import { type CallbackBody, ElementsError, OldClient } from './old-client.js';

const SIGNATURE_KEY = 'MySecretEventSignatureKey';
const SECONDS_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

let server: TestServer;
let client: OldClient;

beforeEach(async () => {
  server = await startServer();
  client = new OldClient(server.api, server.key.user, server.key.organization);
});
afterEach(() => server.close());

/** The person at the consent page; the code that the redirect brings. */
async function consented(changes: { state?: string } = {}): Promise<URL> {
  const { clientId: apiKey, clientSecret: apiSecret } = server.sandbox.client;
  const { oauthUrl, element } = await client.oauthUrl({ apiKey, apiSecret, callbackUrl: REDIRECT, ...changes });
  expect(element).toBe('gmail');
  const asked = new URL(oauthUrl).searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    access_type: 'offline',
    prompt: 'consent',
    response_type: 'code',
    redirect_uri: REDIRECT,
    client_id: apiKey,
  });
  expect(asked.get('scope')).toContain('https://');
  const answer = await fetch(oauthUrl, { redirect: 'manual' });
  expect(answer.status).toBe(302);
  const back = new URL(answer.headers.get('location') ?? '');
  expect(`${back.origin}${back.pathname}`).toBe(REDIRECT);
  return back;
}

async function consentedCode(): Promise<string> {
  const back = await consented();
  expect(back.searchParams.get('state')).toBe('gmail');
  return back.searchParams.get('code') ?? '';
}

/** The first sample of the documentation, its placeholders filled in. */
async function sample(name = 'Support mailbox', changes: Record<string, unknown> = {}) {
  return {
    element: { key: 'gmail' },
    providerData: { code: await consentedCode() },
    configuration: {
      'oauth.api.key': server.sandbox.client.clientId,
      'oauth.api.secret': server.sandbox.client.clientSecret,
      'oauth.callback.url': REDIRECT,
      'event.notification.enabled': true,
      'event.notification.callback.url': server.receiver.url,
      'event.notification.signature.key': SIGNATURE_KEY,
      'event.poller.refresh_interval': '5',
      'event.poller.configuration': { '/changed-messages': { url: '/hubs/general/changed-message', idField: 'id' } },
      ...changes,
    },
    tags: ['support', '<b>eu</b>'],
    name,
  };
}

const poll = (id: number) => pollInstance(server.ctx, id, { deliver: true, scheduled: false });

async function refused(call: Promise<unknown>): Promise<ElementsError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ElementsError)) throw new Error(`expected a refusal, got ${String(error)}`);
  expect(error.message).not.toBe('');
  expect(error.requestId).not.toBe('');
  expect(error.headers.get('elements-request-id')).toBe(error.requestId);
  return error;
}

describe('the life of an instance', () => {
  test('consent, creation, notifications, hub calls, disabling and deletion', async () => {
    const made = await client.createInstance(await sample());
    expect(made).toMatchObject({
      name: 'Support mailbox',
      tags: ['support', 'eu'],
      valid: true,
      disabled: false,
      eventsEnabled: true,
      eventsNotificationCallbackUrl: server.receiver.url,
      externalAuthentication: 'none',
      element: { key: 'gmail', hub: 'general' },
      configuration: {
        'oauth.api.key': server.sandbox.client.clientId,
        'oauth.api.secret': '********',
        'oauth.callback.url': REDIRECT,
        'event.notification.enabled': 'true',
        'event.notification.signature.key': '********',
        'event.poller.refresh_interval': '5',
      },
    });
    expect(made.id).toEqual(expect.any(Number));
    expect(made.token.length).toBeGreaterThan(20);
    expect(made.createdDate).toMatch(SECONDS_UTC);
    const { user } = made;
    expect([typeof user.id, typeof user.emailAddress, typeof user.firstName, typeof user.lastName]).toEqual([
      'number',
      'string',
      'string',
      'string',
    ]);
    const poller: unknown = JSON.parse(made.configuration['event.poller.configuration'] ?? '');
    expect(Object.keys(poller as object).map((name) => name.replace(/^\//, ''))).toEqual(['changed-messages']);

    const mail = server.sandbox.mailbox().receiveMany(12, { subject: 'Hello' });
    // Whoever asks sees what the next poll tells, page by page, and takes nothing from it.
    const changed = await client.changedMessages(made.token, 5);
    expect(changed.map((record) => record['id'])).toEqual(mail);
    await poll(made.id);
    const requests = server.receiver.requests;
    expect(requests).toHaveLength(2);
    const told: string[] = [];
    for (const request of requests) {
      expect(request.method).toBe('POST');
      expect(request.headers['content-type']).toMatch(/^application\/json/);
      expect(request.headers['elements-webhook-id']).toBeTruthy();
      expect(elementsSignatureHolds(request, SIGNATURE_KEY)).toBe(true);
      const { message } = request.json() as CallbackBody;
      expect(message.instance_id).toBe(made.id);
      expect(message.events.length).toBeLessThanOrEqual(10);
      for (const event of message.events) {
        expect(event).toMatchObject({
          objectType: 'changed-messages',
          eventType: 'CREATED',
          elementKey: 'gmail',
          hubKey: 'general',
        });
        expect(event.date).toMatch(SECONDS_UTC);
        expect(event.pollDate).toMatch(SECONDS_UTC);
        told.push(event.objectId);
      }
      expect(message.raw).toMatchObject({ objectType: 'changed-messages', instance_id: made.id });
      expect(message.raw.events).toEqual(message.events);
      const records = message.raw['changed-messages'] as { id: string }[];
      expect(records.map((record) => record.id)).toEqual(message.events.map((event) => event.objectId));

      const event = await client.event(made.token, message.eventId);
      expect(event).toMatchObject({ id: message.eventId, status: 'NOTIFIED' });
      expect(event.eventDate).toMatch(SECONDS_UTC);
      expect(typeof event.providerData).toBe('string');
    }
    expect(told).toEqual(mail);
    const events = await client.events(made.token, 1);
    expect(events.map((event) => event.id).sort()).toEqual(
      requests.map((request) => (request.json() as CallbackBody).message.eventId).sort(),
    );
    const byId = await client.platform<unknown[]>('GET', `/instances/${made.id}/events`);
    expect(byId.body).toHaveLength(2);

    const ping = await client.ping(made.token);
    expect(ping.headers.get('elements-element-instance-id')).toBe(String(made.id));
    expect(ping.headers.get('elements-request-id')).toBeTruthy();
    expect((await client.ping(made.token, 'anything')).status).toBe(200);
    expect(await client.changedMessages(made.token)).toEqual([]);

    await client.disable(made.id);
    expect((await refused(client.ping(made.token))).status).toBe(403);
    expect((await client.getInstance(made.id)).disabled).toBe(true);
    await client.enable(made.id);
    expect((await client.ping(made.token)).status).toBe(200);

    const gone = await client.deleteInstance(made.id);
    expect([gone.status, gone.body]).toEqual([200, null]);
    expect((await refused(client.ping(made.token))).status).toBe(401);
    expect((await refused(client.getInstance(made.id))).status).toBe(404);
    expect((await refused(client.deleteInstance(made.id))).status).toBe(404);
  });

  test('the second path of creation, and the calls without an id', async () => {
    const made = await client.createInstance(await sample('Own'), '/elements/gmail/instances');
    const own = await client.hub<{ id: number }>('GET', '/instances', made.token);
    expect(own.body.id).toBe(made.id);
    const patched = await client.hub<{ name: string }>('PATCH', '/instances', made.token, { body: { name: 'Mine' } });
    expect(patched.body.name).toBe('Mine');
    expect(patched.body).not.toHaveProperty('providerData');
    const put = await client.hub<{ tags: string[] }>('PUT', '/instances', made.token, {
      body: { name: 'Mine', tags: ['x'] },
    });
    expect(put.body.tags).toEqual(['x']);
    expect((await client.hub('DELETE', '/instances', made.token)).status).toBe(200);
    expect((await refused(client.ping(made.token))).status).toBe(401);
  });

  test('a state of the client comes back from the consent page, and a refusal brings an error', async () => {
    expect((await consented({ state: 'of-mine' })).searchParams.get('state')).toBe('of-mine');
    server.sandbox.consent({ deny: true });
    const back = await consented();
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.has('code')).toBe(false);
  });

  test('a new code keeps id and token, by PUT and by PATCH', async () => {
    const made = await client.createInstance(await sample());
    for (const method of ['PUT', 'PATCH'] as const) {
      server.sandbox.revoke();
      const again = await client.reauthenticate(method, made.id, await consentedCode());
      expect(again).toMatchObject({ id: made.id, token: made.token, name: made.name, tags: made.tags });
      expect(again).not.toHaveProperty('providerData');
      expect((await client.ping(made.token)).status).toBe(200);
      expect(await client.changedMessages(made.token)).toEqual([]);
    }
  });

  test('an instance moves over with its refresh token, without a consent', async () => {
    const { providerData: _, ...body } = await sample('Moved', {
      'oauth.user.refresh_token': server.sandbox.grantRefreshToken(),
    });
    const made = await client.createInstance({ ...body, externalAuthentication: 'initial' });
    expect(made.configuration['oauth.user.refresh_token']).toBe('********');
    const id = server.sandbox.mailbox().receive();
    expect((await client.changedMessages(made.token)).map((record) => record['id'])).toEqual([id]);
  });
});

describe('finding and changing', () => {
  test('by tags, by a part of the name, page by page, and 404 when there is none', async () => {
    for (const name of ['Alpha one', 'Alpha two', 'Beta']) {
      await client.createInstance({ ...(await sample(name)), tags: [name === 'Beta' ? 'b' : 'a', 'all'] });
    }
    const names = async (search: Parameters<OldClient['listInstances']>[0]) =>
      (await client.listInstances(search)).items.map((instance) => instance.name).sort();
    expect(await names({})).toEqual(['Alpha one', 'Alpha two', 'Beta']);
    expect(await names({ tags: ['b'] })).toEqual(['Beta']);
    expect(await names({ searchText: 'Alpha' })).toEqual(['Alpha one', 'Alpha two']);
    const { items, pages } = await client.listInstances({ tags: ['all'], pageSize: 2 });
    expect(new Set(items.map((instance) => instance.id)).size).toBe(3);
    expect(pages.map((page) => page.headers.get('elements-returned-count'))).toEqual(['2', '1']);
    expect(pages.map((page) => page.headers.get('elements-total-count'))).toEqual(['3', '3']);
    expect((await refused(client.listInstances({ tags: ['none'] }))).status).toBe(404);
    expect((await refused(client.listInstances({ searchText: 'Gamma' }))).status).toBe(404);
  });

  test('a part by PATCH, all by PUT; name and tags lose their HTML', async () => {
    const made = await client.createInstance(await sample());
    const patched = await client.updateInstance('PATCH', made.id, { tags: ['new'], name: '<a href="x">Short</a>' });
    expect(patched).toMatchObject({ name: 'Short', tags: ['new'], configuration: made.configuration });
    expect(patched).not.toHaveProperty('providerData');
    const put = await client.updateInstance('PUT', made.id, { ...made, name: 'Again', tags: ['t'] });
    expect(put).toMatchObject({ id: made.id, name: 'Again', tags: ['t'], configuration: made.configuration });
    expect(put).not.toHaveProperty('providerData');
  });

  test('one configuration entry by its number; the running poller obeys', async () => {
    const made = await client.createInstance(await sample('Conf', { 'event.notification.callback.url': null }));
    const entries = await client.configuration(made.id);
    expect(entries.every((entry) => typeof entry.id === 'number' && typeof entry.name === 'string')).toBe(true);
    const secret = entries.find((entry) => entry.key === 'oauth.api.secret');
    expect(secret?.propertyValue).toBe('********');
    await client.updateInstance('PATCH', made.id, {
      configuration: { 'event.notification.callback.url': `${server.receiver.url}/first` },
    });
    const url = (await client.configuration(made.id)).find((entry) => entry.key === 'event.notification.callback.url');
    if (url === undefined) throw new Error('no entry for the callback URL');
    const changed = await client.setConfiguration(made.id, url, `${server.receiver.url}/second`);
    expect(changed).toMatchObject({ id: url.id, key: url.key, propertyValue: `${server.receiver.url}/second` });
    const read = await client.platform('GET', `/instances/${made.id}/configuration/${url.id}`);
    expect(read.body).toEqual(changed);
    server.sandbox.mailbox().receive();
    await poll(made.id);
    expect(server.receiver.requests.map((request) => request.path)).toEqual(['/second']);
  });
});
