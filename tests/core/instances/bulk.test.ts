import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BulkLine, type BulkResult, type CreateOptions, createBulk } from '../../../src/core/instances/index.js';
import { EMAIL, METADATA, openWorld, REDIRECT, refused, told, type World } from './world.js';

function lines(bodies: (object | string)[]): BulkLine[] {
  const texts = bodies.map((body) => (typeof body === 'string' ? body : JSON.stringify(body)));
  return texts.map((text, at) => ({ line: at + 1, bytes: new TextEncoder().encode(text) }));
}

describe('createBulk', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  async function bulk(bodies: (object | string)[], options: Partial<CreateOptions> = {}): Promise<BulkResult[]> {
    const results: BulkResult[] = [];
    for await (const result of createBulk(world.ctx, lines(bodies), { allowPrivate: true, ...options })) {
      results.push(result);
    }
    return results;
  }

  const ids = (results: BulkResult[]) =>
    results.map((result) => ('created' in result ? result.created.document.id : result.error.code));

  it('makes one instance a line, in input order, each with its own code', async () => {
    world.sandbox.addMailbox('bob@example.com');
    const code = world.sandbox.grantCode({ email: 'bob@example.com', redirectUri: REDIRECT });
    const results = await bulk([
      world.body({ name: 'a' }),
      world.body({ name: 'b', providerData: { code } }),
      world.body({ name: 'c' }),
    ]);
    expect(results.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(
      results.map((result) => 'created' in result && [result.created.document.name, result.created.email]),
    ).toEqual([
      ['a', EMAIL],
      ['b', 'bob@example.com'],
      ['c', EMAIL],
    ]);
    expect(ids(results)).toEqual([1, 2, 3]);
    expect(await world.ctx.store.instanceFiles.keys()).toEqual([1, 2, 3]);
  });

  it('checks every line before any code is used', async () => {
    const error = await refused(
      bulk([
        world.body(),
        world.body({ name: null, element: { key: 'x' } }),
        '{"cut": ',
        '[1]',
        world.body({ configuration: { 'event.poller.refresh_interval': 'S3CRET' } }),
      ]),
    );
    expect(error.code).toBe('usage');
    expect(told(error.faults)).toEqual([
      expect.stringContaining('line 2: element.key is the text "x"'),
      expect.stringContaining('line 2: name is missing'),
      expect.stringContaining('line 3 is not JSON: it ends too early'),
      expect.stringContaining('line 4: body is an array'),
      expect.stringContaining('line 5: configuration["event.poller.refresh_interval"] is the text'),
    ]);
    expect(error.hint).toContain("jq -c '.[]'");
    expect(world.asked()).toEqual([]);
    expect(await world.empty()).toBe(true);
  });

  it('refuses a line that is too long, and a file without lines', async () => {
    const error = await refused(bulk([world.body({ padding: 'x'.repeat(1024 * 1024) })]));
    expect(told(error.faults)).toEqual(['line 1 is larger than 1 MB, the most that is read']);
    expect(await refused(bulk([]))).toMatchObject({ code: 'usage', message: expect.stringContaining('no body') });
  });

  it('a body that fails at Google gives an error in its place, and the others are made', async () => {
    const used = world.body({ name: 'twice' });
    const narrow = world.body({
      providerData: { code: world.sandbox.grantCode({ redirectUri: REDIRECT, scope: METADATA }) },
      configuration: { 'event.poller.configuration': { r: { url: 'settings/filters', idField: 'id' } } },
    });
    const results = await bulk([narrow, used, used, world.body()]);
    expect(ids(results)).toEqual(['usage', 1, 'auth', 2]);
    expect(results.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
    expect(await world.ctx.store.instances.list()).toHaveLength(2);
  });

  it('a whole export under one account takes one baseline and no code', async () => {
    await world.account();
    world.asked();
    const results = await bulk(
      Array.from({ length: 120 }, (_, at) => world.body({ name: `n${at}`, providerData: { code: 'used-up' } })),
      { account: EMAIL },
    );
    expect(ids(results)).toEqual(Array.from({ length: 120 }, (_, at) => at + 1));
    expect(world.asked()).toEqual(['getProfile']);
    const rows = await world.ctx.store.instances.list();
    const spread = rows.map((row) => ((row.nextPollAt ?? 0) - row.createdAt) / (15 * 60_000));
    expect(Math.min(...spread)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...spread)).toBeLessThan(1);
    expect(Math.max(...spread) - Math.min(...spread)).toBeGreaterThan(0.5);
  });

  it("keeps an export's ids and tokens; new ids are given beyond them", async () => {
    const results = await bulk(
      [world.body({ name: 'new' }), world.body({ id: 7, token: 'seven' }), world.body({ id: 3, token: '********' })],
      { keepIds: true },
    );
    expect(ids(results)).toEqual([8, 7, 3]);
    const tokens = results.map((result) => ('created' in result ? result.created.document.token : ''));
    expect(tokens[1]).toBe('seven');
    expect(tokens[2]).toMatch(/^.{40,}$/);
  });

  it('gives new ids and tokens instead of taken ones, and says so', async () => {
    await bulk([world.body({ id: 7, token: 'seven' })], { keepIds: true });
    const results = await bulk(
      [world.body({ id: 7, token: 'x' }), world.body({ id: 9, token: 'seven' }), world.body({ id: 9, token: 'y' })],
      { keepIds: true },
    );
    expect(ids(results)).toEqual([10, 9, 11]);
    const created = results.map((result) => ('created' in result ? result.created : null));
    expect(created.map((one) => one?.document.token)).toEqual(['x', expect.stringMatching(/^.{40,}$/), 'y']);
    expect(created.map((one) => one?.warnings)).toEqual([
      ['The id 7 of the body is taken: a new one was given.'],
      ['The token of the body is taken: a new one was given.'],
      ['The id 9 of the body is taken: a new one was given.'],
    ]);
  });

  it('a fault of the store ends the run', async () => {
    const { instanceFiles } = world.ctx.store;
    const broken = {
      ...instanceFiles,
      write: () => Promise.reject(Object.assign(new Error('broken'), { code: 'store', hint: null, faults: [] })),
    };
    const ctx = { ...world.ctx, store: { ...world.ctx.store, instanceFiles: broken } };
    const run = createBulk(ctx, lines([world.body(), world.body()]), { allowPrivate: true });
    await expect(run.next()).rejects.toThrow('broken');
  });
});
