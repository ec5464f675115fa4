import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer, type TestServer } from '../../support/server.js';

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
