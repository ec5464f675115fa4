import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pollInstance } from '../../../src/core/polling/index.js';
import { type CreatedObject, startServer, type TestServer } from '../../support/server.js';

interface Documented {
  paths: Record<string, Record<string, { security?: Record<string, string[]>[] }>>;
}

let server: TestServer;
let mine: CreatedObject;
let theirs: CreatedObject;
let routes: { method: string; path: string; callers: string[] }[];
let caller = 0;

beforeAll(async () => {
  server = await startServer({ behindProxy: true });
  mine = await server.create({ name: 'Mine' });
  theirs = await server.create({ name: 'Theirs' });
  server.sandbox.mailbox().receive();
  for (const { id } of [mine, theirs]) await pollInstance(server.ctx, id, { deliver: true, scheduled: false });
  const { paths } = (await server.call('GET', '/docs')).json as Documented;
  routes = Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([method, { security = [] }]) => ({
      method: method.toUpperCase(),
      path: path.replace(/^\/elements\/api-v2/, ''),
      callers: security.flatMap((one) => Object.keys(one)),
    })),
  );
});
afterAll(() => server.close());

/** The route as it is called: its instance is `id`. */
function filled(path: string, id: number): string {
  return path
    .replace('{keyOrId}', 'gmail')
    .replace('{hub}', 'general')
    .replace('{id}', String(id))
    .replace('{configId}', '1')
    .replace('{eventId}', 'x');
}

function call(method: string, path: string, authorization: string | null) {
  caller += 1;
  const headers = { 'x-forwarded-for': `203.0.${caller >> 8}.${caller & 255}` };
  const body = method === 'PATCH' || method === 'POST' || method === 'PUT' ? { body: { name: 'Stolen' } } : {};
  return server.call(method, path, { authorization, headers, ...body });
}

describe('every route there is', () => {
  test('refuses who shows nothing, unless it is open to anyone', async () => {
    const open: string[] = [];
    for (const { method, path, callers } of routes) {
      const { status } = await call(method, filled(path, mine.id), null);
      if (callers.length === 0) open.push(`${method} ${path}`);
      else expect([method, path, status]).toEqual([method, path, 401]);
    }
    expect(routes.length).toBeGreaterThan(30);
    expect(open.filter((route) => !/docs|oauth|metadata|configuration/.test(route))).toEqual([]);
  });

  test('by another instance’s id: 403 with an own token, and nothing of it is told or changed', async () => {
    const before = (await server.call('GET', `/instances/${theirs.id}`)).text;
    const tried = routes.filter(({ path }) => path.includes('{id}'));
    for (const { method, path } of tried) {
      const answer = await call(method, filled(path, theirs.id), server.hub(mine.token));
      expect([method, path, answer.status]).toEqual([method, path, 403]);
      expect(answer.text).not.toContain('Theirs');
      expect(answer.text).not.toContain(theirs.token);
    }
    const shown = tried.map(({ method, path }) => `${method} ${path}`);
    for (const what of ['GET /instances/{id}', 'GET /instances/{id}/configuration', 'GET /instances/{id}/events']) {
      expect(shown).toContain(what);
    }
    expect((await server.call('GET', `/instances/${theirs.id}`)).text).toBe(before);
  });

  test('of the platform alone: 401 with an Element token', async () => {
    const tried = routes.filter(({ callers }) => callers.length === 1 && callers[0] === 'platform');
    expect(tried.length).toBeGreaterThan(3);
    for (const { method, path } of tried) {
      const answer = await call(method, filled(path, mine.id), server.hub(mine.token));
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
  });
});

test('an own id does not open another’s event', async () => {
  const list = await server.call('GET', `/instances/${theirs.id}/events`);
  const [event] = list.json as { id: string }[];
  expect((await call('GET', `/instances/${theirs.id}/events/${event?.id}`, server.hub(theirs.token))).status).toBe(200);
  for (const path of [`/instances/${mine.id}/events/${event?.id}`, `/instances/events/${event?.id}`]) {
    const answer = await call('GET', path, server.hub(mine.token));
    expect([path, answer.status]).toEqual([path, 404]);
  }
  const own = await call('GET', '/instances/events', server.hub(mine.token));
  expect((own.json as { id: string }[]).map(({ id }) => id)).not.toContain(event?.id);
});

test('ids in other forms are no way around', async () => {
  const id = theirs.id;
  for (const form of [`0${id}`, `+${id}`, `${id}.0`, `%20${id}`, `0x${id}`, `${id}e0`, `${mine.id},${id}`, `%3${id}`]) {
    const { status } = await call('GET', `/instances/${form}`, server.hub(mine.token));
    expect([form, [403, 404].includes(status)]).toEqual([form, true]);
  }
  // A query does not take the place of the path.
  const answer = await call('GET', `/instances/${mine.id}?id=${id}`, server.hub(mine.token));
  expect((answer.json as CreatedObject).name).toBe('Mine');
});
