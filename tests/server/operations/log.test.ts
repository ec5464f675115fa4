import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/ui/log.js';
import { startServer, type TestServer } from '../../support/server.js';
import { SECRET_MARK } from '../../support/setup.js';

interface Line {
  level: number;
  reqId: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  msg: string;
  [field: string]: unknown;
}

/** A logger as `serve` has it, and the lines that it has written. */
async function logging() {
  const written: string[] = [];
  const logger = await createLogger('debug', { write: (line: string) => written.push(line) });
  return { logger, text: () => written.join(''), lines: () => written.map((line) => JSON.parse(line) as Line) };
}

describe('the log of the server', () => {
  let server: TestServer;
  afterEach(() => server.close());

  it('has a line a request: method, path without its query, status, time and id', async () => {
    const log = await logging();
    server = await startServer({ logger: log.logger });
    const answer = await server.call('GET', '/instances?searchText=nothing');
    const lines = log.lines().filter(({ msg }) => msg === 'request');
    expect(lines).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        reqId: answer.headers.get('elements-request-id'),
        method: 'GET',
        path: '/elements/api-v2/instances',
        status: 404,
        ms: expect.any(Number),
        msg: 'request',
      },
    ]);
  });

  it.each(['ping', 'changed-messages'])('calls it no failure when the caller of %s leaves', async (path) => {
    const log = await logging();
    server = await startServer({ logger: log.logger });
    const { token } = await server.create();
    for (const method of ['getProfile', 'history.list'] as const) server.sandbox.addFault({ method, kind: 'hang' });
    const headers = { authorization: server.hub(token) };
    const call = fetch(`${server.api}/hubs/general/${path}`, { headers, signal: AbortSignal.timeout(200) });
    await expect(call).rejects.toThrow();
    // The server hears of it a moment later.
    await setTimeout(200);
    expect(log.lines().filter(({ level }) => level > 30)).toEqual([]);
  });

  it('never holds a secret, whatever is called and whatever goes wrong', async () => {
    const log = await logging();
    const client = {
      clientId: '123-a.apps.googleusercontent.com',
      clientSecret: `${SECRET_MARK}-client`,
      type: 'web' as const,
      redirectUris: ['http://127.0.0.1:9/oauth'],
    };
    server = await startServer({ logger: log.logger, sandbox: { clients: [client] } });
    const { user, organization } = server.key;
    const secrets = {
      'event.notification.signature.key': `${SECRET_MARK}-signature`,
      'event.notification.callback.headers': { 'X-Key': `${SECRET_MARK}-header` },
    };
    const body = server.body({ configuration: secrets });
    const { code } = body['providerData'] as { code: string };
    const made = await server.call('POST', '/instances', { body });
    const { id, token } = made.json as { id: number; token: string };
    // The same code again, half a body, and secrets where none belong.
    await server.call('POST', '/instances', { body });
    await server.call('POST', '/instances', { body: JSON.stringify(body).slice(0, -9) });
    await server.call('GET', `/hubs/general/ping?code=${SECRET_MARK}-query`, { authorization: server.hub(token) });
    await server.call('GET', '/instances', { authorization: `User ${SECRET_MARK}-user, Organization x` });
    await server.call('GET', '/nowhere', { headers: { cookie: `session=${SECRET_MARK}-cookie` } });
    await server.call('PATCH', `/instances/${id}`, { body: { configuration: { 'oauth.api.secret': [SECRET_MARK] } } });
    server.sandbox.revoke();
    server.sandbox.expireAccessTokens();
    await server.call('GET', '/hubs/general/changed-messages', { authorization: server.hub(token) });
    await fetch(`${server.url}/%ff?code=${SECRET_MARK}-broken`);
    await fetch(`${server.url}/login`, { method: 'POST', body: new URLSearchParams({ user, organization }) });

    const text = log.text();
    expect(log.lines().filter(({ msg }) => msg === 'request').length).toBeGreaterThanOrEqual(8);
    expect(text).toContain('/elements/api-v2/instances');
    for (const secret of [SECRET_MARK, user, organization, token, code]) expect(text).not.toContain(secret);
  });

  it('hides fields that hold secrets should anybody ever log them, and all of an error but what it says', async () => {
    const log = await logging();
    server = await startServer();
    const secret = `${SECRET_MARK}-field`;
    const error = Object.assign(new Error('no'), { config: { data: secret } });
    log.logger.info({ authorization: secret, headers: { cookie: secret }, of: { a: { token: secret } } }, 'fields');
    log.logger.child({}).warn({ err: error, req: { method: 'GET', url: `/x?code=${secret}` } }, 'error');
    expect(log.text()).not.toContain(SECRET_MARK);
    expect(log.lines()).toMatchObject([
      { authorization: '********', headers: { cookie: '********' } },
      { err: { message: 'no' }, req: { method: 'GET', path: '/x' } },
    ]);
  });
});
