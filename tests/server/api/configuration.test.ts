import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CreatedObject, startServer, type TestServer } from '../../support/server.js';

interface Entry {
  id: number;
  key: string;
  name: string;
  propertyValue: string | null;
}

let server: TestServer;
let made: CreatedObject;
beforeAll(async () => {
  server = await startServer();
  made = await server.create({
    configuration: { 'event.notification.signature.key': 'S3CRET-key', 'bulk.added': 'mine' },
  });
});
afterAll(() => server.close());

async function entries(path = `/instances/${made.id}/configuration`, authorization = server.platform) {
  const answer = await server.call('GET', path, { authorization });
  expect([answer.status, answer.text.includes('S3CRET')]).toEqual([200, false]);
  return new Map((answer.json as Entry[]).map((entry) => [entry.key, entry]));
}

async function idOf(key: string): Promise<number> {
  return (await entries()).get(key)?.id ?? 0;
}

describe('GET /instances/{id}/configuration', () => {
  it('lists what is set, what could be set, and what was brought beside it; secrets masked', async () => {
    const found = await entries();
    for (const [key, value] of Object.entries(made.configuration)) {
      expect([key, found.get(key)]).toMatchObject([
        key,
        { id: expect.any(Number), name: expect.any(String), propertyValue: value },
      ]);
    }
    expect(found.get('event.notification.callback.url')).toEqual({
      id: expect.any(Number),
      key: 'event.notification.callback.url',
      name: 'Event Notification Callback URL',
      description: expect.any(String),
      defaultValue: null,
      type: 'TEXTFIELD_1000',
      displayOrder: expect.any(Number),
      required: false,
      hideFromConsole: false,
      active: true,
      internal: false,
      groupControl: false,
      resellerConfig: false,
      companyConfig: false,
      propertyValue: server.receiver.url,
    });
    expect(found.get('event.notification.signature.key')?.propertyValue).toBe('********');
    expect(found.get('oauth.api.secret')?.propertyValue).toBe('********');
    expect(found.get('event.notification.basic.username')?.propertyValue).toBeNull();
    expect(found.get('bulk.added')?.name).toBe('bulk.added');
    const ids = [...found.values()].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < 2 ** 31)).toBe(true);
  });

  it('numbers a key alike in every instance, without an id and at the element', async () => {
    const here = await entries();
    const other = await server.create();
    for (const found of [
      await entries(`/instances/${other.id}/configuration`),
      await entries('/instances/configuration', server.hub(other.token)),
      await entries(`/elements/gmail/instances/${other.id}/configuration`),
      await entries('/elements/gmail/configuration'),
    ]) {
      expect(found.size).toBeGreaterThan(15);
      for (const [key, { id }] of found) if (here.has(key)) expect([key, id]).toEqual([key, here.get(key)?.id]);
    }
  });

  it('reads one by its number', async () => {
    const id = await idOf('event.poller.refresh_interval');
    for (const [path, authorization] of [
      [`/instances/${made.id}/configuration/${id}`, server.platform],
      [`/instances/configuration/${id}`, server.hub(made.token)],
    ] as const) {
      const { status, json } = await server.call('GET', path, { authorization });
      expect([status, json]).toMatchObject([200, { id, key: 'event.poller.refresh_interval', propertyValue: '15' }]);
    }
  });

  it.each(['0', 'x', '-1', '99999999999', 'event.notification.enabled'])('has no entry %s', async (number) => {
    const { status, json } = await server.call('GET', `/instances/${made.id}/configuration/${number}`);
    expect([status, json]).toMatchObject([404, { message: expect.stringContaining(`"${number}"`) }]);
  });

  it('is 404 for an instance that is none', async () => {
    expect((await server.call('GET', '/instances/99/configuration')).status).toBe(404);
    expect((await server.call('PATCH', '/instances/99/configuration/1', { body: { propertyValue: 1 } })).status).toBe(
      404,
    );
  });
});

describe('PATCH /instances/{id}/configuration/{configId}', () => {
  async function patch(key: string, body: unknown) {
    return server.call('PATCH', `/instances/${made.id}/configuration/${await idOf(key)}`, { body });
  }

  it('changes the value alone, whatever else is sent along', async () => {
    const key = 'event.notification.callback.url';
    const body = { name: 'ignored', key: 'event.notification.callbackurl', propertyValue: 'https://example.com/a' };
    const answer = await patch(key, body);
    expect([answer.status, answer.json]).toMatchObject([
      200,
      { key, name: 'Event Notification Callback URL', propertyValue: 'https://example.com/a' },
    ]);
    const { json } = await server.call('GET', `/instances/${made.id}`);
    expect(json).toMatchObject({ eventsNotificationCallbackUrl: 'https://example.com/a' });
  });

  it('takes back a whole entry with another value, as clients send it; by the Element token too', async () => {
    const entry = (await entries()).get('event.poller.refresh_interval');
    const options = { authorization: server.hub(made.token), body: { ...entry, propertyValue: 30 } };
    const answer = await server.call('PATCH', `/instances/configuration/${entry?.id}`, options);
    expect([answer.status, answer.json]).toEqual([200, { ...entry, propertyValue: '30' }]);
  });

  it('sets what was not set; null removes it again', async () => {
    expect((await patch('event.notification.order', { propertyValue: 'parallel' })).json).toMatchObject({
      propertyValue: 'parallel',
    });
    expect((await patch('event.notification.order', { propertyValue: null })).json).toMatchObject({
      propertyValue: null,
    });
    expect((await patch('bulk.added', { propertyValue: null })).json).toMatchObject({
      key: 'bulk.added',
      propertyValue: null,
    });
    expect((await entries()).has('bulk.added')).toBe(false);
  });

  it('does not show a secret that it changes', async () => {
    const answer = await patch('event.notification.signature.key', { propertyValue: 'S3CRET-two' });
    expect([answer.status, answer.json]).toMatchObject([200, { propertyValue: '********' }]);
    const stored = await server.ctx.store.instanceFiles.read(made.id);
    expect(stored?.configuration['event.notification.signature.key']).toBe('S3CRET-two');
  });

  it.each<[string, unknown, string]>([
    ['event.poller.refresh_interval', { propertyValue: 0 }, 'the number 0'],
    ['event.poller.refresh_interval', {}, 'propertyValue is missing'],
    ['event.poller.refresh_interval', [], 'propertyValue is missing'],
    ['event.notification.callback.url', { propertyValue: 'nowhere' }, 'no URL'],
  ])('refuses %s %j', async (key, body, told) => {
    const before = await entries();
    const { status, json } = await patch(key, body);
    expect([status, json]).toMatchObject([400, { message: expect.stringContaining(told) }]);
    expect(await entries()).toEqual(before);
  });

  it('refuses a private callback where the server does not allow it', async () => {
    const closed = await startServer({ allowPrivate: false });
    const { id } = await closed.create({
      configuration: { 'event.notification.callback.url': 'https://example.com/' },
    });
    const config = await idOf('event.notification.callback.url');
    const body = { propertyValue: 'http://127.0.0.1/' };
    expect((await closed.call('PATCH', `/instances/${id}/configuration/${config}`, { body })).status).toBe(400);
    await closed.close();
  });
});
