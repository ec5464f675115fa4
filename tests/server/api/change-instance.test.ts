import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createInstance } from '../../../src/core/instances/index.js';
import { type CreatedObject, REDIRECT, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let made: CreatedObject;
beforeEach(async () => {
  server = await startServer();
  made = await server.create();
});
afterEach(() => server.close());

const url = () => `/instances/${made.id}`;
const read = async () => (await server.call('GET', url())).json;

describe.each(['PUT', 'PATCH'])('%s /instances/{id}', (method) => {
  it('changes what is named and nothing else, and answers with the whole instance', async () => {
    const answer = await server.call(method, url(), {
      body: { name: '<b>SFDC</b> Updated', tags: ['sandbox', 'new'] },
    });
    expect([answer.status, answer.json]).toEqual([200, { ...made, name: 'SFDC Updated', tags: ['sandbox', 'new'] }]);
    expect(await read()).toEqual(answer.json);
  });

  it('merges the configuration key by key; null removes one, a mask leaves it alone', async () => {
    const configuration = {
      'event.poller.refresh_interval': 5,
      'event.notification.signature.key': 'k3y',
      'oauth.api.secret': '********',
      'bulk.x': { y: 1 },
    };
    const changed = await server.call(method, url(), { body: { configuration } });
    expect(changed.json).toEqual({
      ...made,
      configuration: {
        ...made.configuration,
        'event.poller.refresh_interval': '5',
        'event.notification.signature.key': '********',
        'bulk.x': '{"y":1}',
      },
    });
    const back = { 'event.notification.signature.key': null, 'bulk.x': null, 'event.poller.refresh_interval': '15' };
    expect((await server.call(method, url(), { body: { configuration: back } })).json).toEqual(made);
  });

  it('takes back what GET answered', async () => {
    const answer = await server.call(method, url(), { body: made });
    expect([answer.status, answer.json]).toEqual([200, made]);
  });

  it('authenticates anew with a new code: the id and the token stay, no providerData comes back', async () => {
    const code = server.sandbox.grantCode({ redirectUri: REDIRECT });
    server.sandbox.resetRequests();
    const answer = await server.call(method, url(), { body: { name: 'again', providerData: { code } } });
    expect([answer.status, answer.json]).toEqual([200, { ...made, name: 'again' }]);
    expect(server.sandbox.requests.map((request) => request.method)).toContain('token');
    expect(answer.json).not.toHaveProperty('providerData');
  });

  it('refuses the code of another mailbox, and keeps all as it was', async () => {
    server.sandbox.addMailbox('bob@example.com');
    const code = server.sandbox.grantCode({ redirectUri: REDIRECT, email: 'bob@example.com' });
    const answer = await server.call(method, url(), { body: { name: 'bob', providerData: { code } } });
    expect([answer.status, answer.json]).toMatchObject([400, { message: expect.stringContaining('another mailbox') }]);
    expect(await read()).toEqual(made);
  });

  it('names every fault at once and changes nothing', async () => {
    const configuration = { 'event.poller.refresh_interval': 0, 'event.notification.callback.url': 'ftp://x' };
    const answer = await server.call(method, url(), { body: { name: '', tags: [7], configuration } });
    const { message } = answer.json as { message: string };
    expect(answer.status).toBe(400);
    for (const named of ['name ', 'tags[0]', 'refresh_interval', 'callback.url']) expect(message).toContain(named);
    expect(await read()).toEqual(made);
  });

  it.each([undefined, '', '[]', 'null', '"x"'])('refuses %j as a body', async (body) => {
    const answer = await server.call(method, url(), { body, headers: { 'content-type': 'application/json' } });
    expect([answer.status, answer.json]).toMatchObject([400, { message: expect.stringContaining('one JSON object') }]);
  });
});

describe('private and loopback callbacks', () => {
  let closed: TestServer;
  const CALLBACK = 'event.notification.callback.url';
  const PUBLIC = 'https://example.com/events';
  beforeEach(async () => {
    closed = await startServer({ allowPrivate: false });
  });
  afterEach(() => closed.close());

  it.each(['http://127.0.0.1:9/', 'http://localhost/x', 'http://10.1.2.3/', 'http://[::1]/', 'http://2130706433/'])(
    'refuses %s at creation and at a change',
    async (callback) => {
      const body = closed.body({ configuration: { [CALLBACK]: callback } });
      const refused = await closed.call('POST', '/instances', { body });
      expect([refused.status, refused.json]).toMatchObject([400, { message: expect.stringContaining(CALLBACK) }]);
      const { id } = await closed.create({ configuration: { [CALLBACK]: PUBLIC } });
      const changes = { configuration: { [CALLBACK]: callback } };
      for (const method of ['PUT', 'PATCH']) {
        expect((await closed.call(method, `/instances/${id}`, { body: changes })).status).toBe(400);
      }
      expect((await closed.ctx.store.instanceFiles.read(id))?.configuration[CALLBACK]).toBe(PUBLIC);
      expect((await closed.ctx.store.instanceFiles.read(id))?.allowPrivate).toBe(false);
    },
  );

  it('takes the right away from an instance of the command line that it changes', async () => {
    const body = closed.body({ configuration: { [CALLBACK]: PUBLIC } });
    const { document } = await createInstance(closed.ctx, body, { allowPrivate: true });
    expect(document.allowPrivate).toBe(true);
    expect((await closed.call('PATCH', `/instances/${document.id}`, { body: { name: 'x' } })).status).toBe(200);
    expect((await closed.ctx.store.instanceFiles.read(document.id))?.allowPrivate).toBe(false);
  });

  it('accepts them, and stores that it did, when the server allows it; never a cloud-metadata address', async () => {
    expect((await server.ctx.store.instanceFiles.read(made.id))?.allowPrivate).toBe(true);
    const body = { configuration: { [CALLBACK]: 'http://10.0.0.8/hook' } };
    expect((await server.call('PATCH', url(), { body })).status).toBe(200);
    expect((await server.ctx.store.instanceFiles.read(made.id))?.allowPrivate).toBe(true);
    const metadata = { configuration: { [CALLBACK]: 'http://169.254.169.254/latest' } };
    expect((await server.call('PATCH', url(), { body: metadata })).status).toBe(400);
  });
});
