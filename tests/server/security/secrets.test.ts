import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { FastifyBaseLogger } from 'fastify';
import { pollInstance } from '../../../src/core/polling/index.js';
import { type Answered, startServer, type TestServer } from '../../support/server.js';
import { exchange } from './raw.js';

/** Keeps whatever it is told, errors and their own fields included. */
function recorder(): { logger: FastifyBaseLogger; lines: string[] } {
  const lines: string[] = [];
  const keep = (...told: unknown[]) => {
    lines.push(JSON.stringify(told, (_key, value: unknown) => (value instanceof Error ? whole(value) : value)));
  };
  const logger: FastifyBaseLogger = {
    level: 'trace',
    fatal: keep,
    error: keep,
    warn: keep,
    info: keep,
    debug: keep,
    trace: keep,
    silent: keep,
    child: (bindings: object) => {
      keep(bindings);
      return logger;
    },
  };
  return { logger, lines };
}

function whole(error: Error): Record<string, unknown> {
  return { ...error, name: error.name, message: error.message, stack: error.stack, cause: error.cause };
}

const OF_THE_BODY = {
  'event.notification.signature.key': 'signature-S3CRET',
  'event.notification.basic.username': 'someone',
  'event.notification.basic.password': 'basic-S3CRET',
  'event.notification.callback.headers': { 'X-Key': 'header-S3CRET' },
};

let server: TestServer;
let lines: string[];
beforeEach(async () => {
  const recorded = recorder();
  lines = recorded.lines;
  server = await startServer({ logger: recorded.logger, behindProxy: true });
});
afterEach(() => server.close());

test('no secret is in an error’s body or in a log line, whatever goes wrong', async () => {
  const { user, organization } = server.key;
  const body = server.body({ configuration: OF_THE_BODY });
  const { code } = body['providerData'] as { code: string };
  const refreshToken = server.sandbox.grantRefreshToken();
  const made = await server.call('POST', '/instances', { body });
  const { id, token } = made.json as { id: number; token: string };
  const secrets = [user, organization, token, code, refreshToken, server.sandbox.client.clientSecret, 'S3CRET'];
  for (const secret of [code, refreshToken, server.sandbox.client.clientSecret, 'S3CRET']) {
    expect(made.text).not.toContain(secret);
  }

  const failures: Answered[] = [];
  let caller = 0;
  const fails = async (method: string, path: string, options: Parameters<TestServer['call']>[2] = {}) => {
    caller += 1;
    const headers = { 'x-forwarded-for': `203.0.113.${caller}`, ...options.headers };
    const answer = await server.call(method, path, { ...options, headers });
    expect([method, path, answer.status >= 400]).toEqual([method, path, true]);
    failures.push(answer);
  };
  const patch = (configuration: Record<string, unknown>) =>
    fails('PATCH', `/instances/${id}`, { body: { configuration } });
  await fails('POST', '/instances', { body });
  await fails('POST', '/instances', { body: `${JSON.stringify(body)}}` });
  await fails('POST', '/instances', { body: JSON.stringify(body), headers: { 'content-type': 'text/plain' } });
  await fails('POST', '/instances', { body: { ...body, name: '', tags: [7], element: { key: refreshToken } } });
  await fails('GET', '/instances', { authorization: `User ${organization}, Organization ${user}` });
  await fails('GET', '/hubs/general/ping', { authorization: `User ${token}, Element ${user}` });
  await fails('GET', `/instances/${id + 1}`, { authorization: server.hub(token) });
  await fails('POST', `/instances?authorization=${encodeURIComponent(user)}&code=${code}`, { body: {} });
  await patch({ 'event.notification.callback.url': 'http://me:S3CRET@example.com/' });
  await patch({ 'event.notification.callback.url': 'nonsense-S3CRET' });
  await patch({ 'event.notification.callback.headers': { 'X-Key': 'S3CRET\r\nx' } });
  await patch({ 'event.notification.signing.secret': 'whsec_S3CRET!' });
  await patch({ 'event.notification.signature.key': ['S3CRET'] });
  await fails('PATCH', `/instances/${id}`, { body: { providerData: { code: '4/S3CRET-used-up' } } });
  await fails('POST', '/instances', {
    body: server.body({ providerData: {}, configuration: { 'oauth.user.refresh_token': '1//S3CRET' } }),
  });

  // Google and the receiver fail, and what the receiver says holds what it was sent.
  server.sandbox.addFault({ method: 'getProfile', kind: 'html502' });
  await fails('GET', '/hubs/general/ping', { authorization: server.hub(token) });
  server.sandbox.clearFaults();
  server.receiver.respond((request) => ({ status: 500, body: JSON.stringify(request.headers) }));
  server.sandbox.mailbox().receive();
  await pollInstance(server.ctx, id, { deliver: true, scheduled: false });
  const events = await server.call('GET', `/instances/${id}/events`);
  const deliveries = await server.call(
    'GET',
    `/notifications/subscriptions/deliveries?hydrate=true&where=${encodeURIComponent("channel='webhook' and status='retry'")}`,
  );
  server.sandbox.revoke();
  await fails('GET', '/hubs/general/changed-messages', { authorization: server.hub(token) });

  // The store fails, which nobody expects.
  await server.ctx.store.close();
  await fails('GET', '/instances');
  await fails('GET', '/hubs/general/ping', { authorization: server.hub(token) });

  const broken = await exchange(server.url, `GET / HTTP/1.1\r\nAuthorization : ${server.platform}\r\n\r\n`);
  const told = [...failures.map(({ text }) => text), events.text, deliveries.text, broken];
  for (const secret of secrets) {
    expect(told.filter((text) => text.includes(secret))).toEqual([]);
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
  }
  const bytes = `${Buffer.from(`User ${user}`).toJSON().data}`;
  expect(lines.filter((line) => line.includes(bytes))).toEqual([]);
  expect(lines.length).toBeGreaterThan(failures.length);
  for (const { status, json } of failures) {
    const { message } = json as { message: string };
    expect([status, message.length > 0, /\n\s+at |node_modules|SQLITE/.test(message)]).toEqual([status, true, false]);
  }
}, 60_000);
