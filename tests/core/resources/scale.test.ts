import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { readSettings } from '../../../src/core/instances/index.js';
import { withLease } from '../../../src/core/lease.js';
import type { ResourceRun } from '../../../src/core/polling/resource-run.js';
import { pollCollection } from '../../../src/core/resources/collection.js';
import type { CollectionResource } from '../../../src/core/types.js';
import type { GmailApi, ListPage } from '../../../src/gmail/api.js';
import { startWorld } from '../polling/world.js';
import { HOUR, T0 } from './history/bench.js';
import { expired } from './history/expired.js';
import { RealBench } from './history/real-bench.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Of what lives, in MB. */
function heap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1e6;
}

const FILLER = 'x'.repeat(5000);

describe('a gap of 20,000 messages', () => {
  it('is recovered page by page in constant memory', async () => {
    const { gmail, bench } = await expired(0);
    for (let at = 0; at < 20_000; at += 1) gmail.receive(`m${at}`, ['INBOX'], { at: T0 - HOUR + at });
    gmail.expire();
    const { messagesGet } = gmail;
    // All of them together would take 100 MB; that of each is made anew, as by an answer.
    gmail.messagesGet = async (...given) => ({
      ...(await messagesGet.apply(gmail, given)),
      body: `${FILLER}${given[0]}`,
    });
    const heaps: number[] = [];
    let told = 0;
    let parts = 0;
    bench.crash = (when) => {
      if (when !== 'after') return;
      told += bench.events.splice(0).length;
      bench.parts.splice(0);
      gmail.calls.splice(0);
      if (parts++ % 20 === 0) heaps.push(heap());
    };
    await bench.poll();
    expect(told).toBe(20_000);
    expect(parts).toBeGreaterThanOrEqual(200);
    expect(bench.mailbox).toMatchObject([{ record: { recovered: 20_000 } }]);
    // The first holds one part. What grows is the list of emitted ids, which in the product the store keeps.
    expect(Math.max(...heaps) - (heaps[1] ?? 0)).toBeLessThan(15);
  }, 60_000);
});

describe('a collection of 100,000 records', () => {
  it('is compared in constant memory beyond its ids', async () => {
    const world = await startWorld();
    try {
      const id = await world.create({ resources: { messages: { url: 'messages', idField: 'id' } } });
      const { ctx } = world;
      const instance = await ctx.store.instanceFiles.read(id);
      const row = await ctx.store.resources.get(id, 'messages');
      if (instance === null || row === null) throw new Error('the instance was made');
      const heaps: number[] = [];
      const list = async (_path: string, query: [string, string][]): Promise<ListPage> => {
        const page = Number(new Map(query).get('pageToken') ?? 0);
        if (page % 20 === 0) heaps.push(heap());
        const records = Array.from({ length: 500 }, (_, at) => ({
          id: `${page}-${at}`,
          filler: `${FILLER.slice(4000)}${at}`,
        }));
        return { records, ...(page < 199 && { nextPageToken: String(page + 1) }) };
      };
      let listed = 0;
      const done = await withLease(ctx, `poll:${id}`, (lease) =>
        pollCollection(
          {
            ctx,
            lease,
            instance,
            settings: readSettings(instance),
            row,
            gmail: { list, clockAheadMs: 0 } as Partial<GmailApi> as GmailApi,
            pollStart: ctx.clock.now(),
            commit: async (part: Parameters<ResourceRun['commit']>[0]) => {
              listed = part.snapshot?.upsert.length ?? 0;
              await ctx.store.resources.commitPart(lease, {
                ...part,
                instanceId: id,
                resource: 'messages',
                now: ctx.clock.now(),
              });
            },
            mailboxNotification: () => [],
          } as Partial<ResourceRun> as ResourceRun,
          {
            kind: 'collection',
            name: 'messages',
            path: 'messages',
            idField: 'id',
            query: [],
          } as Partial<CollectionResource> as CollectionResource,
        ),
      );
      expect(done).toEqual({ value: { events: 0 } });
      expect(listed).toBe(100_000);
      // An id and its hash; the records are 100 MB.
      expect(Math.max(...heaps) - (heaps[0] ?? 0)).toBeLessThan(60);
    } finally {
      await world.close();
    }
  }, 120_000);
});

describe('a page of 500 messages, of which a minute’s budget fetches 50', () => {
  it('is committed part by part: a poll that is killed after each part comes to the end all the same', async () => {
    const bench = await RealBench.start();
    try {
      await bench.set({ 'quota.perAccountPerMinute': 1000 });
      const ids = bench.mailbox.receiveMany(500);
      bench.crash = (when) => {
        if (when === 'after') throw new Error('killed');
      };
      for (let poll = 0; poll < 5; poll += 1) {
        await expect(bench.poll()).rejects.toThrow('killed');
        expect(await bench.types()).toHaveLength((poll + 1) * 100);
      }
      bench.crash = () => {};
      await bench.poll();
      expect(await bench.types()).toEqual(ids.map((each) => `CREATED ${each}`));
    } finally {
      await bench.close();
    }
  }, 60_000);
});
