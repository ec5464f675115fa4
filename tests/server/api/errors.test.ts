import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BodyChanges } from '../../support/seed-body.js';
import { REDIRECT, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

async function create(): Promise<{ status: number; json: unknown; headers: Headers }> {
  const answer = await server.call('POST', '/instances', { body: server.body() });
  server.sandbox.clearFaults();
  return answer;
}

describe('a message', () => {
  const METADATA = 'https://www.googleapis.com/auth/gmail.metadata';
  const FULL = { 'changed-messages': { url: '/hubs/general/changed-messages?format=full', idField: 'id' } };

  const changes = (key: string): BodyChanges => ({ configuration: { [key]: null } });

  it.each<[what: string, body: () => BodyChanges, message: RegExp]>([
    ['a grant', () => ({ providerData: null }), /accepted: a grant code \(GET \/elements\/gmail\/oauth\/url /],
    ['a client', () => changes('oauth.api.key'), /is missing; accepted: the OAuth client id$/],
    ['its secret', () => changes('oauth.api.secret'), /is missing; accepted: the OAuth client secret$/],
    ['its redirect URI', () => changes('oauth.callback.url'), /the code was asked for with$/],
    [
      'a wider scope',
      () => ({
        providerData: { code: server.sandbox.grantCode({ redirectUri: REDIRECT, scope: METADATA }) },
        configuration: { 'event.poller.configuration': FULL },
      }),
      /authorize with the scope readonly/,
    ],
  ])('names no flag and no command where %s is missing', async (_, body, pattern) => {
    const { status, json } = await server.call('POST', '/instances', { body: server.body(body()) });
    const { message } = json as { message: string };
    expect([status, message]).toEqual([400, expect.stringMatching(pattern)]);
    expect(message).not.toMatch(/--\w|gmail-events \w|config\.json|GMAIL_EVENTS_/);
  });
});

describe('what goes wrong at Google', () => {
  it('is a 503 with the time to wait when Google is asked too often', async () => {
    server.sandbox.addFault({ method: 'getProfile', kind: 'retryAfter429', retryAfterSeconds: 100 });
    const { status, json, headers } = await create();
    expect([status, json]).toEqual([
      503,
      { message: expect.any(String), providerMessage: expect.any(String), requestId: expect.any(String) },
    ]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(60);
    expect(Number(headers.get('retry-after'))).toBeLessThan(110);
  });

  it('is a 400 with its words when Google refuses the client', async () => {
    server.sandbox.addFault({ method: 'token', kind: 'invalidClient' });
    const { status, json } = await create();
    expect([status, json]).toMatchObject([400, { providerMessage: expect.stringMatching(/client/i) }]);
  });

  it('has no words of Google when none came', async () => {
    server.sandbox.addFault({ method: 'token', kind: 'reset' });
    const { status, json } = await create();
    expect([status, json]).toEqual([502, { message: expect.any(String), requestId: expect.any(String) }]);
  });
});

describe('what goes wrong here', () => {
  it('is a 500 that names the file, not what it holds', async () => {
    const { writeFile } = await import('node:fs/promises');
    const other = await startServer();
    const { id } = await other.create();
    await writeFile(`${other.ctx.home}/instances/${id}.json`, '{"token":"S3CRET');
    const answer = await other.call('GET', `/instances/${id}`);
    expect([answer.status, answer.json]).toMatchObject([500, { message: expect.stringContaining(`${id}.json`) }]);
    expect(answer.text).not.toContain('S3CRET');
    expect((await other.call('GET', '/instances')).status).toBe(404);
    await other.close();
  });
});
