import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CreatedObject, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let mine: CreatedObject;
let other: CreatedObject;
beforeAll(async () => {
  server = await startServer();
  mine = await server.create({ name: 'mine' });
  other = await server.create({ name: 'other' });
});
afterAll(() => server.close());

const asMine = () => ({ authorization: server.hub(mine.token) });

describe('without an id, by the Element token', () => {
  it('reads the instance', async () => {
    const answer = await server.call('GET', '/instances', asMine());
    expect([answer.status, answer.json]).toEqual([200, mine]);
    expect((await server.call('GET', '/elements/gmail/instances', asMine())).json).toEqual(mine);
  });

  it.each(['PUT', 'PATCH'])('changes it by %s', async (method) => {
    const answer = await server.call(method, '/instances', { ...asMine(), body: { tags: [method] } });
    expect([answer.status, answer.json]).toMatchObject([200, { id: mine.id, name: 'mine', tags: [method] }]);
    expect(answer.json).not.toHaveProperty('providerData');
    expect((await server.call('GET', `/instances/${other.id}`)).json).toEqual(other);
  });

  it('takes the parts in any order, names in any case, Organization beside them', async () => {
    const { user, organization } = server.key;
    for (const authorization of [
      `Element ${mine.token}, User ${user}`,
      `element ${mine.token},user ${user}`,
      `User ${user}, Organization ${organization}, Element ${mine.token}`,
    ]) {
      const answer = await server.call('PATCH', '/instances', { authorization, body: { name: 'mine' } });
      expect([answer.status, answer.json]).toMatchObject([200, { id: mine.id }]);
    }
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('has nothing to %s for User and Organization alone', async (method) => {
    const body = method === 'DELETE' ? {} : { body: { name: 'x' } };
    const answer = await server.call(method, '/instances', body);
    expect([answer.status, answer.json]).toMatchObject([401, { message: expect.stringContaining('Element') }]);
  });

  it('deletes it', async () => {
    const { id, token } = await server.create({ name: 'short-lived' });
    const authorization = server.hub(token);
    const gone = await server.call('DELETE', '/instances', { authorization });
    expect([gone.status, gone.text]).toEqual([200, '']);
    expect((await server.call('GET', `/instances/${id}`)).status).toBe(404);
    expect((await server.call('DELETE', '/instances', { authorization })).status).toBe(401);
  });
});

describe('with an id, by the Element token', () => {
  it('reaches its own instance', async () => {
    expect((await server.call('GET', `/instances/${mine.id}`, asMine())).json).toMatchObject({ id: mine.id });
    const named = await server.call('PATCH', `/instances/${mine.id}`, { ...asMine(), body: { name: 'still mine' } });
    expect([named.status, named.json]).toMatchObject([200, { name: 'still mine' }]);
  });

  it.each<[string, string, object | null]>([
    ['GET', '', null],
    ['PUT', '', { name: 'taken' }],
    ['PATCH', '', { configuration: { 'event.notification.callback.url': 'https://evil.example' } }],
    ['DELETE', '', null],
    ['PUT', '/enabled', null],
    ['DELETE', '/enabled', null],
    ['GET', '/configuration', null],
    ['GET', '/configuration/1', null],
    ['PATCH', '/configuration/1', { propertyValue: 'x' }],
  ])('refuses %s of another one%s', async (method, path, body) => {
    for (const base of ['/instances', '/elements/gmail/instances']) {
      const options = body === null ? asMine() : { ...asMine(), body };
      const answer = await server.call(method, `${base}/${other.id}${path}`, options);
      expect([answer.status, answer.text.includes(other.token)]).toEqual([403, false]);
    }
    expect((await server.call('GET', `/instances/${other.id}`)).json).toEqual(other);
  });

  it('does not tell which ids there are', async () => {
    const [there, nowhere] = [other.id, 99].map((id) => server.call('GET', `/instances/${id}`, asMine()));
    const answers = await Promise.all([there, nowhere]);
    expect(answers.map((answer) => answer?.status)).toEqual([403, 403]);
  });
});
