import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CreatedObject, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let made: CreatedObject;
beforeAll(async () => {
  server = await startServer();
  made = await server.create();
});
afterAll(() => server.close());

describe('PUT and DELETE /instances/{id}/enabled', () => {
  it.each(['/instances/1/enabled', '/instances/enabled', '/elements/gmail/instances/1/enabled'])(
    'disable and enable at %s',
    async (path) => {
      const authorization = path === '/instances/enabled' ? server.hub(made.token) : server.platform;
      for (const [method, disabled] of [
        ['DELETE', true],
        ['DELETE', true],
        ['PUT', false],
        ['PUT', false],
      ] as const) {
        const answer = await server.call(method, path, { authorization });
        expect([answer.status, answer.json]).toEqual([200, { ...made, disabled }]);
        expect((await server.ctx.store.instanceFiles.read(1))?.disabled).toBe(disabled);
      }
    },
  );

  it('bear an empty body, of any type', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
      const headers = { 'content-type': type };
      expect((await server.call('PUT', '/instances/1/enabled', { headers, body: '' })).status).toBe(200);
      expect((await server.call('DELETE', '/instances/1/enabled', { headers })).status).toBe(200);
    }
    expect((await server.call('PUT', '/instances/1/enabled', { body: {} })).status).toBe(200);
  });

  it('are 404 for an instance that is none', async () => {
    expect((await server.call('PUT', '/instances/7/enabled')).status).toBe(404);
    expect((await server.call('DELETE', '/instances/x/enabled')).status).toBe(404);
  });
});
