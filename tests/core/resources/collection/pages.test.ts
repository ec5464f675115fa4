import { describe, expect, it } from '@jest/globals';
import { listRecords } from '../../../../src/core/resources/collection/pages.js';
import type { CollectionResource } from '../../../../src/core/types.js';
import type { GmailApi, ListPage } from '../../../../src/gmail/api.js';

const messages: CollectionResource = {
  kind: 'collection',
  name: 'mail',
  path: 'messages',
  idField: 'id',
  query: [],
  window: false,
  pageSize: null,
  pollDelaySeconds: 0,
  timezone: null,
  fingerprint: '',
};

/** Only `list` is asked for, with the pages given; what was asked is kept. */
function gmail(page: (call: number) => ListPage) {
  const asked: [string, string][][] = [];
  const api = {
    list: async (_path: string, query: [string, string][]) => {
      asked.push(query);
      return page(asked.length - 1);
    },
  } as unknown as GmailApi;
  return { api, asked };
}

async function all(api: GmailApi, resource = messages, query: [string, string][] = []): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const record of listRecords(api, resource, query)) records.push(record);
  return records;
}

describe('listRecords', () => {
  it('follows every token, empty pages included, with the same query', async () => {
    const pages: ListPage[] = [
      { records: [{ id: 'a' }], nextPageToken: 't1' },
      { records: [], nextPageToken: 't2' },
      { records: [{ id: 'b' }] },
    ];
    const { api, asked } = gmail((call) => pages[call] ?? { records: [] });
    expect(await all(api, messages, [['q', 'from:boss']])).toEqual([{ id: 'a' }, { id: 'b' }]);
    const first = [
      ['q', 'from:boss'],
      ['maxResults', '500'],
    ];
    expect(asked).toEqual([first, [...first, ['pageToken', 't1']], [...first, ['pageToken', 't2']]]);
  });

  it.each<[CollectionResource['path'], number | null, [string, string][]]>([
    ['messages', 20, [['maxResults', '20']]],
    ['threads', null, [['maxResults', '500']]],
    ['labels', 20, []],
    ['settings/filters', null, []],
  ])('asks %s with pageSize %s for %j', async (path, pageSize, query) => {
    const { api, asked } = gmail(() => ({ records: [] }));
    await all(api, { ...messages, path, pageSize });
    expect(asked).toEqual([query]);
  });

  it.each<[string, (call: number) => ListPage, number]>([
    ['a token seen before', (call) => ({ records: [{ id: `${call}` }], nextPageToken: `t${call % 3}` }), 4],
    ['50 empty pages in a row', (call) => ({ records: [], nextPageToken: `t${call}` }), 50],
  ])('ends as failed after %s', async (_name, page, calls) => {
    const { api, asked } = gmail(page);
    await expect(all(api)).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('messages') });
    expect(asked).toHaveLength(calls);
  });

  it('takes 49 empty pages in a row, again and again', async () => {
    const { api } = gmail((call) =>
      call === 120
        ? { records: [] }
        : { records: call % 50 === 49 ? [{ id: `${call}` }] : [], nextPageToken: `t${call}` },
    );
    expect(await all(api)).toHaveLength(2);
  });
});
