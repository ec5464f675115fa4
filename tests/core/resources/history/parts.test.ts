import { describe, expect, it } from '@jest/globals';
import { endOfPart } from '../../../../src/core/resources/history/parts.js';
import type { HistoryRecord } from '../../../../src/gmail/api.js';
import { historyResource } from './bench.js';

const message = (id: string, labelIds: string[] = ['INBOX']) => ({ message: { id, labelIds } });
const ids = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `m${from + at}`);
const numbered = (records: Omit<HistoryRecord, 'id'>[]): HistoryRecord[] =>
  records.map((record, at) => ({ id: String(at + 1), ...record }));
const adding = (count: number, labelIds?: string[]) =>
  numbered(ids(count).map((id) => ({ messagesAdded: [message(id, labelIds)] })));

describe('endOfPart', () => {
  it('cuts after 100 messages to fetch', () => {
    expect(endOfPart(adding(500), 0, historyResource())).toBe(100);
    expect(endOfPart(adding(500), 100, historyResource())).toBe(200);
    expect(endOfPart(adding(500), 450, historyResource())).toBe(500);
  });

  it.each([
    ['nothing is fetched: ids', adding(500), historyResource({ format: 'ids' })],
    ['drafts are dropped before', adding(500, ['DRAFT']), historyResource()],
    ['the filter drops them before', adding(500), historyResource({ labelIds: ['STARRED'] })],
    ['new mail is not asked for', adding(500), historyResource({ historyTypes: ['labelAdded'] })],
    [
      'label changes are not fetched',
      numbered(ids(500).map((id) => ({ labelsAdded: [{ ...message(id), labelIds: ['X'] }] }))),
      historyResource(),
    ],
  ])('takes the whole page when %s', (_name, records, resource) => {
    expect(endOfPart(records, 0, resource)).toBe(500);
  });

  it('counts messages whose labels history does not tell', () => {
    const untold = numbered(ids(150).map((id) => ({ messagesAdded: [{ message: { id } }] })));
    expect(endOfPart(untold, 0, historyResource({ labelIds: ['STARRED'] }))).toBe(100);
  });

  it('does not count what is deleted again within the part', () => {
    const records = numbered(
      ids(300).flatMap((id) => [{ messagesAdded: [message(id)] }, { messagesDeleted: [message(id)] }]),
    );
    expect(endOfPart(records, 0, historyResource())).toBe(600);
  });

  it('never cuts a record', () => {
    const records = numbered([
      { messagesAdded: ids(60).map((id) => message(id)) },
      { messagesAdded: ids(60, 60).map((id) => message(id)) },
    ]);
    expect(endOfPart(records, 0, historyResource())).toBe(1);
  });

  it('makes a record of more than 100 messages one part', () => {
    const big = { messagesAdded: ids(250, 1000).map((id) => message(id)) };
    const records = numbered([big, { messagesAdded: [message('a')] }]);
    expect(endOfPart(records, 0, historyResource())).toBe(1);
    expect(endOfPart(numbered([{ messagesAdded: [message('a')] }, big]), 0, historyResource())).toBe(1);
  });

  it('counts a message once, however many records tell of it', () => {
    const records = numbered(Array.from({ length: 300 }, () => ({ messagesAdded: [message('a')] })));
    expect(endOfPart(records, 0, historyResource())).toBe(300);
  });
});
