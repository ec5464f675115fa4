import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setEnabled } from '../../../src/core/instances/index.js';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let tokens: string[];
beforeAll(async () => {
  server = await startServer();
  tokens = [];
  for (const [name, tags] of [
    ['Sales inbox', ['sales', 'eu']],
    ['sales archive', ['sales', 'us', 'cold']],
    ['Support', ['support', 'eu']],
    ['100% [a+b]', ['odd']],
    ['last', ['sales', 'eu', 'cold']],
  ] as const) {
    tokens.push((await server.create({ name, tags })).token);
  }
});
afterAll(() => server.close());

interface Found {
  id: number;
  name: string;
  [field: string]: unknown;
}

async function search(query: string): Promise<{ ids: number[]; headers: Headers; found: Found[] }> {
  const answer = await server.call('GET', `/instances${query}`);
  expect([query, answer.status, answer.text]).toEqual([query, 200, expect.stringMatching(/^\[/)]);
  const found = answer.json as Found[];
  return { ids: found.map(({ id }) => id), headers: answer.headers, found };
}

describe('GET /instances', () => {
  it('lists all of them in order of their ids, in full', async () => {
    const { ids, headers, found } = await search('');
    expect(ids).toEqual([1, 2, 3, 4, 5]);
    expect(headers.get('elements-returned-count')).toBe('5');
    expect(headers.get('elements-total-count')).toBe('5');
    expect(headers.has('elements-next-page-token')).toBe(false);
    expect(found.map(({ token }) => token)).toEqual(tokens);
    for (const one of found) {
      expect(one).toEqual((await server.call('GET', `/instances/${one.id}`)).json);
    }
  });

  it.each<[string, number[]]>([
    ['?tags[]=sales', [1, 2, 5]],
    ['?tags%5B%5D=sales&tags%5B%5D=eu', [1, 5]],
    ['?tags[]=sales&tags[]=eu&tags[]=cold', [5]],
    ['?tags=support', [3]],
    ['?searchText=SALES', [1, 2]],
    ['?searchText=s', [1, 2, 3, 5]],
    ['?searchText=%5Ba%2Bb%5D', [4]],
    ['?searchText=100%25', [4]],
    ['?searchText=archive&tags[]=us', [2]],
    ['?searchText=&tags[]=&unknown=1', [1, 2, 3, 4, 5]],
    ['?elementKey=gmail', [1, 2, 3, 4, 5]],
  ])('%s finds %j', async (query, ids) => {
    expect((await search(query)).ids).toEqual(ids);
  });

  it.each(['?tags[]=none', '?tags[]=sales&tags[]=support', '?tags[]=SALES', '?searchText=nobody'])(
    'answers 404 to %s, which finds nothing',
    async (query) => {
      const answer = await server.call('GET', `/instances${query}`);
      expect([answer.status, answer.json]).toEqual([
        404,
        { message: 'no instance was found', requestId: expect.any(String) },
      ]);
    },
  );

  it('gives pages that do not move when instances come and go between them', async () => {
    const first = await search('?pageSize=2');
    expect(first.ids).toEqual([1, 2]);
    expect(first.headers.get('elements-returned-count')).toBe('2');
    expect(first.headers.get('elements-total-count')).toBe('5');
    const next = first.headers.get('elements-next-page-token');
    const second = await search(`?pageSize=2&nextPage=${next}`);
    expect(second.ids).toEqual([3, 4]);
    const third = await search(`?pageSize=2&nextPage=${second.headers.get('elements-next-page-token')}`);
    expect(third.ids).toEqual([5]);
    expect(third.headers.has('elements-next-page-token')).toBe(false);
    expect((await search(`?nextPage=${next}`)).ids).toEqual([3, 4, 5]);
    expect((await search('?pageSize=5')).headers.has('elements-next-page-token')).toBe(false);
  });

  it('gives short objects for hydrate=false: neither configuration nor user', async () => {
    const { found } = await search('?hydrate=false&tags[]=support');
    expect(found).toEqual([
      {
        id: 3,
        name: 'Support',
        token: tokens[2],
        createdDate: expect.any(String),
        elementId: 6409,
        element: { id: 6409, key: 'gmail', name: 'Gmail', hub: 'general' },
        tags: ['support', 'eu'],
        disabled: false,
      },
    ]);
    expect((await search('?hydrate=true&tags[]=support')).found[0]).toHaveProperty('configuration');
  });

  it('names all that is wrong with a query', async () => {
    const query = '?pageSize=0&nextPage=%21&hydrate=maybe';
    const { status, json } = await server.call('GET', `/instances${query}`);
    const { message } = json as { message: string };
    expect(status).toBe(400);
    for (const named of ['pageSize is "0"', 'nextPage is none', 'hydrate is "maybe"']) expect(message).toContain(named);
    for (const size of ['-1', '1.5', 'x', '1e3', '99999999999999999999']) {
      expect((await server.call('GET', `/instances?pageSize=${size}`)).status).toBe(400);
    }
  });

  it('is at the element too, and shows the disabled ones', async () => {
    await setEnabled(server.ctx, 3, false);
    const { status, json } = await server.call('GET', '/elements/gmail/instances?tags[]=support');
    expect([status, json]).toMatchObject([200, [{ id: 3, disabled: true }]]);
    expect((await server.call('GET', '/elements/slack/instances')).status).toBe(404);
    await setEnabled(server.ctx, 3, true);
  });

  it('lists for a platform caller who sends an Element token beside', async () => {
    const authorization = `${server.platform}, Element ${tokens[0]}`;
    const { status, json } = await server.call('GET', '/instances', { authorization });
    expect([status, (json as Found[]).length]).toEqual([200, 5]);
  });
});
