import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { type Caller, caller } from './caller.js';

interface RawAnswer {
  status: number;
  headers: Record<string, unknown>;
  body: Buffer;
}

describe('the wire', () => {
  const now = Date.UTC(2026, 10, 24, 12);
  let sandbox: Sandbox;
  let gmail: Caller;
  beforeEach(async () => {
    sandbox = await startSandbox({ now: () => now, messages: 2 });
    gmail = await caller(sandbox);
    sandbox.resetRequests();
  });
  afterEach(() => sandbox.close());

  const raw = (path: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const all = { authorization: `Bearer ${gmail.accessToken}`, ...headers };
      const sent = request(`${sandbox.url}${path}`, { headers: all }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', reject).end();
    });

  it.each([
    ['both', { 'accept-encoding': 'gzip', 'user-agent': 'my program (gzip)' }, true],
    ['no User-Agent that says so', { 'accept-encoding': 'gzip', 'user-agent': 'my program' }, false],
    ['no Accept-Encoding', { 'user-agent': 'my program (gzip)' }, false],
  ])('is compressed with %s: %#', async (_, headers, compressed) => {
    const plain = await raw('/gmail/v1/users/me/messages');
    const answer = await raw('/gmail/v1/users/me/messages', headers);
    expect(answer.headers['content-encoding']).toBe(compressed ? 'gzip' : undefined);
    expect(compressed ? gunzipSync(answer.body) : answer.body).toEqual(plain.body);
    expect(Number(answer.headers['content-length'])).toBe(answer.body.length);
  });

  it('indents unless told not to, and dates by its own clock', async () => {
    const pretty = await raw('/gmail/v1/users/me/profile');
    const plain = await raw('/gmail/v1/users/me/profile?prettyPrint=false');
    expect(pretty.body.toString()).toMatch(/^\{\n {2}"emailAddress": /);
    expect(plain.body.toString()).toMatch(/^\{"emailAddress":/);
    expect(JSON.parse(pretty.body.toString())).toEqual(JSON.parse(plain.body.toString()));
    expect([pretty.headers['date'], pretty.headers['content-type']]).toEqual([
      'Tue, 24 Nov 2026 12:00:00 GMT',
      'application/json; charset=UTF-8',
    ]);
  });

  it('logs every request with its price', async () => {
    const [id] = sandbox.mailbox().messageIds();
    const { historyId } = sandbox.mailbox();
    for (const path of [
      'profile',
      `history?startHistoryId=${historyId}&historyTypes=messageAdded&historyTypes=labelAdded`,
      'messages',
      `messages/${id}`,
      'threads',
      `threads/${id}`,
      'labels',
      'labels/INBOX',
      'drafts',
      'settings/filters',
      'settings/sendAs',
    ]) {
      await gmail.get(path);
    }
    expect(sandbox.requests.map(({ method, units, status }) => [method, units, status])).toEqual([
      ['getProfile', 1, 200],
      ['history.list', 2, 200],
      ['messages.list', 5, 200],
      ['messages.get', 20, 200],
      ['threads.list', 10, 200],
      ['threads.get', 40, 200],
      ['labels.list', 1, 200],
      ['labels.get', 1, 200],
      ['drafts.list', 5, 200],
      ['settings.filters.list', 1, 200],
      ['settings.sendAs.list', 1, 200],
    ]);
    expect(sandbox.requests[1]).toEqual({
      method: 'history.list',
      httpMethod: 'GET',
      path: '/gmail/v1/users/me/history',
      query: { startHistoryId: [historyId], historyTypes: ['messageAdded', 'labelAdded'] },
      email: 'sandbox@example.com',
      status: 200,
      units: 2,
      at: now,
    });
    expect(sandbox.spent()).toEqual({ requests: 11, units: 87 });
    await caller(sandbox);
    expect(sandbox.requests.at(-1)).toMatchObject({ method: 'token', units: 0, email: 'sandbox@example.com' });
    expect(sandbox.spent().requests).toBe(11);
    const { requests } = sandbox;
    sandbox.resetRequests();
    expect([sandbox.spent(), requests]).toEqual([{ requests: 0, units: 0 }, []]);
  });

  it('takes a busy port for what it is', async () => {
    await expect(startSandbox({ port: sandbox.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('begins with sensible options only', async () => {
    await expect(startSandbox({ historyIdStart: '-1' })).rejects.toThrow('historyIdStart must be decimal text');
    await expect(startSandbox({ clients: [] })).rejects.toThrow('a sandbox needs at least one client');
  });

  it('refuses a body of more than 10 MB', async () => {
    const response = await fetch(`${sandbox.url}/token`, { method: 'POST', body: 'x'.repeat(10_000_001) });
    expect(response.status).toBe(413);
  });
});
