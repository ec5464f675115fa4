import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServerKey, type ServerKey } from '../../../src/core/server-keys/index.js';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let other: ServerKey;
let token: string;
let deleted: string;
/** Every case has an address of its own, so that none meets the limit of another. */
let caller = 0;

beforeAll(async () => {
  server = await startServer({ behindProxy: true });
  other = await createServerKey(server.ctx);
  const gone = await server.create();
  deleted = gone.token;
  token = (await server.create()).token;
  expect((await server.call('DELETE', `/instances/${gone.id}`)).status).toBe(200);
});
afterAll(() => server.close());

async function answers(method: string, path: string, authorization: string | null): Promise<number> {
  caller += 1;
  const headers = { 'x-forwarded-for': `198.51.${caller >> 8}.${caller & 255}` };
  const answer = await server.call(method, path, { authorization, headers });
  if (answer.status !== 200) {
    expect(answer.json).toEqual({ message: expect.any(String), requestId: expect.any(String) });
    for (const secret of [server.key.user, server.key.organization, other.user, other.organization, token, deleted]) {
      expect(answer.text).not.toContain(secret);
    }
  }
  return answer.status;
}

type Header = () => string | null;
const key = () => server.key;

describe('User and Organization', () => {
  const refused: [string, Header][] = [
    ['none', () => null],
    ['empty', () => ''],
    ['blanks and commas alone', () => ' , ,, '],
    ['names without secrets', () => 'User, Organization'],
    ['the User alone', () => `User ${key().user}`],
    ['the Organization alone', () => `Organization ${key().organization}`],
    ['both wrong', () => 'User x, Organization y'],
    ['a wrong User', () => `User x, Organization ${key().organization}`],
    ['a wrong Organization', () => `User ${key().user}, Organization x`],
    ['swapped', () => `User ${key().organization}, Organization ${key().user}`],
    ['the User twice', () => `User ${key().user}, Organization ${key().user}`],
    ['the Organization of another pair', () => `User ${key().user}, Organization ${other.organization}`],
    ['the User of another pair', () => `User ${other.user}, Organization ${key().organization}`],
    ['a beginning of them', () => `User ${key().user.slice(0, -1)}, Organization ${key().organization.slice(0, -1)}`],
    ['them with more behind', () => `User ${key().user}A, Organization ${key().organization}A`],
    ['in other letters', () => `User ${key().user.toLowerCase()}, Organization ${key().organization.toUpperCase()}`],
    ['with a word between', () => `User is ${key().user}, Organization is ${key().organization}`],
    ['without a comma', () => `User ${key().user} Organization ${key().organization}`],
    ['in quotes', () => `User "${key().user}", Organization "${key().organization}"`],
    ['Bearer', () => `Bearer ${key().user}`],
    ['Basic', () => `Basic ${Buffer.from(`${key().user}:${key().organization}`).toString('base64')}`],
    ['very long ones', () => `User ${'x'.repeat(6000)}, Organization ${'y'.repeat(6000)}`],
    ['a thousand parts', () => 'User x, Organization y, '.repeat(500)],
    ['names of every object', () => 'constructor x, __proto__ y, toString z'],
    ['an Element token for the Organization', () => `User ${key().user}, Organization ${token}`],
    ['letters beyond ASCII', () => 'User \u00fc\u00df, Organization \u00e9'],
  ];
  test.each(refused)('%s: 401', async (_, header) => {
    expect(await answers('GET', '/instances', header())).toBe(401);
    expect(await answers('POST', '/instances', header())).toBe(401);
    expect(await answers('GET', '/notifications/subscriptions/deliveries', header())).toBe(401);
    expect(await answers('DELETE', '/instances/2', header())).toBe(401);
  });

  test('longer than any header may be: 431', async () => {
    const authorization = `User ${'x'.repeat(20_000)}, Organization ${'y'.repeat(20_000)}`;
    const answer = await server.call('GET', '/instances', { authorization });
    expect([answer.status, answer.json]).toEqual([431, { message: expect.any(String), requestId: expect.any(String) }]);
  });

  test('each pair opens, and the secrets in the address open nothing', async () => {
    expect(await answers('GET', '/instances', server.platform)).toBe(200);
    expect(await answers('GET', '/instances', `User ${other.user}, Organization ${other.organization}`)).toBe(200);
    const query = new URLSearchParams({
      user: key().user,
      organization: key().organization,
      authorization: server.platform,
    });
    expect(await answers('GET', `/instances?${query}`, null)).toBe(401);
  });
});

describe('User and Element', () => {
  const refused: [string, Header][] = [
    ['the Element token alone', () => `Element ${token}`],
    ['the Element token for both', () => `User ${token}, Element ${token}`],
    ['a wrong User', () => `User x, Element ${token}`],
    ['the Organization for the User', () => `User ${key().organization}, Element ${token}`],
    ['the token of a deleted instance', () => `User ${key().user}, Element ${deleted}`],
    ['a wrong token', () => `User ${key().user}, Element x`],
    ['no token', () => `User ${key().user}, Element`],
    ['a beginning of the token', () => `User ${key().user}, Element ${token.slice(0, -1)}`],
    ['the User secret for the token', () => `User ${key().user}, Element ${key().user}`],
    ['an instance’s number for the token', () => `User ${key().user}, Element 2`],
    ['a very long token', () => `User ${key().user}, Element ${'x'.repeat(12_000)}`],
    ['User and Organization, where a token is needed', () => server.platform],
  ];
  test.each(refused)('%s: 401', async (_, header) => {
    expect(await answers('GET', '/hubs/general/ping', header())).toBe(401);
    expect(await answers('GET', '/hubs/general/changed-messages', header())).toBe(401);
    expect(await answers('PATCH', '/instances', header())).toBe(401);
    expect(await answers('DELETE', '/instances', header())).toBe(401);
  });

  test('opens its own instance, and nothing of the platform', async () => {
    const own = server.hub(token);
    expect(await answers('GET', '/hubs/general/ping', own)).toBe(200);
    expect(await answers('GET', '/instances/2', own)).toBe(200);
    expect(await answers('POST', '/instances', own)).toBe(401);
    expect(await answers('GET', '/notifications/subscriptions/deliveries', own)).toBe(401);
    expect(await answers('PUT', "/notifications/subscriptions/deliveries?where=status='queued'", own)).toBe(401);
    expect(await answers('GET', '/notifications/subscriptions', own)).toBe(401);
  });
});
