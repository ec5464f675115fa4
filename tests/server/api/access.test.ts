import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServerKey } from '../../../src/core/server-keys/index.js';
import { parseAuthorization } from '../../../src/server/api/access.js';
import { startServer, type TestServer } from '../../support/server.js';

describe('the parts of an Authorization header', () => {
  it.each<[string | undefined, object]>([
    ['User a, Organization b', { user: 'a', organization: 'b' }],
    ['Organization b, User a', { user: 'a', organization: 'b' }],
    ['  user   a ,ELEMENT c=  ', { user: 'a', element: 'c=' }],
    ['User a', { user: 'a' }],
    ['User a b, Element c', { element: 'c' }],
    ['Bearer abc', {}],
    ['User', {}],
    [undefined, {}],
  ])('%j', (header, parts) => {
    expect(parseAuthorization(header)).toEqual(parts);
  });
});

describe('who may call', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it('takes parts in any order, and every pair of secrets with its own other half alone', async () => {
    const second = await createServerKey(server.ctx);
    const { user, organization } = server.key;
    await server.create();
    const status = async (authorization: string | null) =>
      (await server.call('GET', '/instances', { authorization })).status;
    expect(await status(`Organization ${organization}, User ${user}`)).toBe(200);
    expect(await status(`User ${second.user}, Organization ${second.organization}`)).toBe(200);
    expect(await status(`User ${user}, Organization ${second.organization}`)).toBe(401);
    expect(await status(`User ${organization}, Organization ${user}`)).toBe(401);
    expect(await status(`User ${user}`)).toBe(401);
    expect(await status(null)).toBe(401);
  });

  it('needs the User secret beside an Element token, and a token that is an instance’s', async () => {
    const { token } = await server.create();
    const status = async (authorization: string) => (await server.call('GET', '/instances', { authorization })).status;
    expect(await status(server.hub(token))).toBe(200);
    expect(await status(`Element ${token}`)).toBe(401);
    expect(await status(`User wrong, Element ${token}`)).toBe(401);
    expect(await status(server.hub('wrong'))).toBe(401);
    // As a platform call it is refused for what is wrong in it, whatever the token.
    expect(await status(`User ${server.key.user}, Organization wrong, Element ${token}`)).toBe(401);
  });

  it('tells a refusal as the old service did, and nothing of the secrets', async () => {
    const answer = await server.call('GET', '/instances', { authorization: 'User S3CRET, Organization S3CRET' });
    expect([answer.status, answer.json]).toEqual([401, { message: expect.any(String), requestId: expect.any(String) }]);
    expect(answer.text).not.toContain('S3CRET');
  });

  it('is asked before the body is read', async () => {
    const body = '{"not json';
    expect((await server.call('POST', '/instances', { authorization: null, body })).status).toBe(401);
    expect((await server.call('POST', '/instances', { body })).status).toBe(400);
  });

  it('lets an address that failed 20 times in a minute wait, even with the right secrets', async () => {
    for (let tries = 0; tries < 20; tries += 1) {
      expect((await server.call('GET', '/instances', { authorization: `User ${tries}, Organization x` })).status).toBe(
        401,
      );
    }
    const refused = await server.call('GET', '/instances');
    expect([refused.status, refused.json]).toMatchObject([429, { message: expect.stringContaining('too many') }]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('shuts nobody out for the token of a deleted instance, whose client goes on with the right User secret', async () => {
    const { id, token } = await server.create();
    expect((await server.call('DELETE', `/instances/${id}`)).status).toBe(200);
    for (let tries = 0; tries < 30; tries += 1) {
      expect((await server.call('GET', '/hubs/general/ping', { authorization: server.hub(token) })).status).toBe(401);
    }
    expect((await server.call('POST', '/instances', { body: server.body() })).status).toBe(200);
  });
});
