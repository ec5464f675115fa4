import { describe, expect, it } from '@jest/globals';
import { Bench, HOUR, historyResource, MINUTE, T0 } from './history/bench.js';
import { FakeGmail, gone } from './history/fake-gmail.js';

describe("history.list, as Gmail's reference and live probes tell it", () => {
  it('startHistoryId: the cursor as text, exclusive, no arithmetic', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    const start = bench.row.cursor;
    const first = gmail.receive('a');
    await bench.poll();
    gmail.receive('b');
    await bench.poll();
    expect(gmail.callsOf('historyList').map((query) => query['startHistoryId'])).toEqual([start, first]);
    expect(bench.types()).toEqual(['CREATED a', 'CREATED b']);
  });

  it('maxResults: 500 records a page, or what pageSize says', async () => {
    const gmail = new FakeGmail();
    await new Bench(gmail).poll();
    await new Bench(gmail, historyResource({ pageSize: 7 })).poll();
    expect(gmail.callsOf('historyList').map((query) => query['maxResults'])).toEqual([500, 7]);
  });

  it('historyTypes: sent as they were asked for, absent when all are', async () => {
    const gmail = new FakeGmail();
    await new Bench(gmail).poll();
    await new Bench(gmail, historyResource({ historyTypes: ['messageAdded', 'labelRemoved'] })).poll();
    const [all, some] = gmail.callsOf('historyList');
    expect(all).not.toHaveProperty('historyTypes');
    expect(some).toMatchObject({ historyTypes: ['messageAdded', 'labelRemoved'] });
  });

  it('labelId: never sent, filters are applied here', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail, historyResource({ labelIds: ['INBOX'] }));
    gmail.receive('archived', ['INBOX', 'X']);
    gmail.relabel('archived', { remove: ['INBOX'] });
    gmail.receive('other', ['X']);
    await bench.poll();
    expect(gmail.callsOf('historyList')[0]).not.toHaveProperty('labelId');
    expect(bench.types()).toEqual(['CREATED archived']);
  });

  it('pageToken: followed with the same start and filters, whatever was committed meanwhile', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail, historyResource({ pageSize: 10, historyTypes: ['messageAdded'] }));
    const start = bench.row.cursor;
    for (let count = 0; count < 35; count += 1) gmail.receive(`m${count}`);
    await bench.poll();
    const query = { startHistoryId: start, maxResults: 10, historyTypes: ['messageAdded'] };
    expect(gmail.callsOf('historyList')).toEqual([
      query,
      { ...query, pageToken: 'p10' },
      { ...query, pageToken: 'p20' },
      { ...query, pageToken: 'p30' },
    ]);
    expect(bench.events).toHaveLength(35);
  });

  it('order: events in the order of history, 10 at most in a notification', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    const ids = Array.from({ length: 23 }, (_, at) => `m${at}`);
    for (const id of ids) gmail.receive(id);
    expect(await bench.poll()).toBe(23);
    expect(bench.types()).toEqual(ids.map((id) => `CREATED ${id}`));
    expect(bench.notificationSizes).toEqual([10, 10, 3]);
  });

  it('1,203 changes over several pages: each once, in order, in parts of at most 100 fetches', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    const ids = Array.from({ length: 1203 }, (_, at) => `m${at}`);
    for (const id of ids) gmail.receive(id);
    await bench.poll();
    expect(bench.types()).toEqual(ids.map((id) => `CREATED ${id}`));
    expect(new Set(bench.events.map(({ id }) => id)).size).toBe(1203);
    expect(gmail.callsOf('historyList')).toHaveLength(3);
    expect(Math.max(...bench.parts.map((part) => part.emitted.length))).toBe(100);
    expect(bench.parts).toHaveLength(5 + 5 + 3);
    expect(bench.row.cursor).toBe(gmail.records.at(-1)?.id);
    expect(gmail.mostInFlight).toBe(4);
  });

  it('ids of 21 digits: the cursor is the very text', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    const last = gmail.receive('a');
    await bench.poll();
    expect(last).toHaveLength(21);
    expect(bench.row.cursor).toBe(last);
  });

  it('order that Gmail breaks: every record counts, and the cursor does not move back', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail, historyResource({ pageSize: 1 }));
    gmail.receive('a');
    const last = gmail.receive('b');
    gmail.records.reverse();
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED b', 'CREATED a']);
    expect(bench.row.cursor).toBe(last);
  });

  it('historyId of the answer: kept as head, never as the cursor while there are records', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    const last = gmail.receive('a');
    const head = gmail.tick();
    await bench.poll();
    expect(bench.row).toMatchObject({ cursor: last, head, headAt: T0, lastEndAt: T0 });
  });

  it('an empty last page is no poll without records: the cursor stays at the last record', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    const last = gmail.receive('late');
    const hidden = gmail.records.splice(0);
    gmail.tick();
    await bench.poll();
    bench.now += HOUR;
    gmail.records.push(...hidden);
    const list = gmail.historyList.bind(gmail);
    gmail.historyList = async (query) => {
      const page = await list(query);
      return query.pageToken === 'end' ? { ...page, history: [] } : { ...page, nextPageToken: 'end' };
    };
    const head = gmail.tick();
    await bench.poll();
    expect(bench.row).toMatchObject({ cursor: last, head, headAt: T0 + HOUR });
  });

  it('empty result: a quiet mailbox costs one request and advances all the same', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    const start = bench.row.cursor;
    const head = gmail.tick();
    await bench.poll();
    expect(gmail.calls).toHaveLength(1);
    expect(bench.row).toMatchObject({ cursor: start, head, headAt: T0 });
    bench.now += 59_000;
    const later = gmail.tick();
    await bench.poll();
    expect(bench.row).toMatchObject({ cursor: start, head, headAt: T0 });
    bench.now += 1000;
    await bench.poll();
    expect(bench.row).toMatchObject({ cursor: head, cursorAt: T0, head: later, headAt: T0 + MINUTE });
    expect(gmail.calls.map(({ method }) => method)).toEqual(['historyList', 'historyList', 'historyList']);
    expect(bench.parts.flatMap((part) => part.notifications)).toEqual([]);
  });

  it('a record that becomes visible late is not jumped over', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    gmail.receive('late');
    const [hidden] = gmail.records.splice(0);
    if (hidden === undefined) throw new Error('a record was made');
    await bench.poll();
    bench.now += 30_000;
    await bench.poll();
    gmail.records.push(hidden);
    bench.now += 30_000;
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED late']);
  });

  it('no type but `messages`: something changed, nothing is emitted, the cursor moves', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    const last = gmail.record({});
    expect(await bench.poll()).toBe(0);
    expect(bench.row.cursor).toBe(last);
    expect(gmail.callsOf('messagesGet')).toEqual([]);
  });

  it('labels absent from an added record: fetched, then filtered; `ids` lets it pass', async () => {
    const gmail = new FakeGmail();
    const start = gmail.historyId.toString();
    gmail.receive('a', ['INBOX'], { told: false });
    gmail.receive('b', ['X'], { told: false });
    gmail.receive('d', ['DRAFT'], { told: false });
    const fetching = new Bench(gmail, historyResource({ labelIds: ['INBOX'] }), { cursor: start });
    await fetching.poll();
    expect(fetching.types()).toEqual(['CREATED a']);
    expect(fetching.parts.flatMap((part) => part.emitted)).toEqual(['a']);
    const ids = new Bench(gmail, historyResource({ labelIds: ['INBOX'], format: 'ids' }), { cursor: start });
    await ids.poll();
    expect(ids.types()).toEqual(['CREATED a', 'CREATED b', 'CREATED d']);
  });

  it('a message without labels is known as such once fetched', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    gmail.record({ messagesAdded: [{ message: { id: 'a' } }] });
    gmail.messages.set('a', { id: 'a' });
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED a']);
  });

  it('a label put on by a filter at arrival comes in the added record', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail, historyResource({ labelIds: ['Label_7'] }));
    gmail.receive('filtered', ['INBOX', 'Label_7']);
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED filtered']);
  });

  it('trash and spam are label changes: UPDATED, both ways', async () => {
    const gmail = new FakeGmail();
    gmail.receive('a');
    gmail.receive('s', ['SPAM']);
    const bench = new Bench(gmail);
    gmail.relabel('a', { add: ['TRASH'], remove: ['INBOX'] });
    gmail.relabel('s', { add: ['INBOX'], remove: ['SPAM'] });
    await bench.poll();
    expect(bench.types()).toEqual(['UPDATED a', 'UPDATED s']);
    expect(bench.events[0]?.record.changes).toEqual([
      { type: 'labelsAdded', labelIds: ['TRASH'] },
      { type: 'labelsRemoved', labelIds: ['INBOX'] },
    ]);
  });

  it('chats: in history as mail is, and dropped before they are fetched', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    gmail.receive('chat', ['CHAT']);
    gmail.relabel('chat', { add: ['STARRED'] });
    gmail.delete('chat', ['CHAT', 'STARRED']);
    const last = gmail.receive('untold', ['CHAT'], { told: false });
    expect(await bench.poll()).toBe(0);
    expect(gmail.callsOf('messagesGet').map(({ id }) => id)).toEqual(['untold']);
    expect(bench.row.cursor).toBe(last);
  });

  it('several messages and several kinds in a record: an event for each message', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    for (const id of ['a', 'b']) gmail.receive(id);
    const messagesAdded = gmail.records.splice(0).flatMap((record) => record.messagesAdded ?? []);
    const message = { id: 'old', labelIds: ['INBOX', 'STARRED'] };
    const last = gmail.record({
      messagesAdded,
      labelsAdded: [{ message, labelIds: ['STARRED'] }],
      messagesDeleted: [{ message: { id: 'older', labelIds: ['TRASH'] } }],
    });
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED a', 'CREATED b', 'UPDATED old', 'DELETED older']);
    expect(new Set(bench.events.map(({ id }) => id)).size).toBe(4);
    expect(bench.row.cursor).toBe(last);
  });

  it('drafts: a flood of saves gives nothing, the mail sent at last gives CREATED', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    for (let save = 0; save < 50; save += 1) {
      gmail.receive(`draft${save}`, ['DRAFT']);
      gmail.delete(`draft${save}`, ['DRAFT']);
    }
    gmail.receive('sent', ['SENT']);
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED sent']);
    expect(gmail.callsOf('messagesGet').map((query) => query['id'])).toEqual(['sent']);
  });

  it('repeated records: a message whose CREATED is out is not created again, its other changes count', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    gmail.receive('a');
    await bench.poll();
    const message = { id: 'a', labelIds: ['INBOX'] };
    gmail.record({ messagesAdded: [{ message }] });
    await bench.poll();
    gmail.record({ messagesAdded: [{ message }] });
    gmail.relabel('a', { remove: ['UNREAD'] });
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED a', 'UPDATED a']);
    expect(bench.events[1]?.record.changes).toEqual([{ type: 'labelsRemoved', labelIds: ['UNREAD'] }]);
  });

  it('messages.get 404: asked once more after 3 s, then an event without payload; the cursor is not blocked', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    for (const id of ['a', 'gone', 'b', 'early']) gmail.receive(id);
    gmail.messages.delete('gone');
    let asked = 0;
    gmail.fault = ({ query }) => {
      if (query['id'] !== 'early') return;
      asked += 1;
      if (asked === 1) throw gone();
    };
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED a', 'CREATED gone', 'CREATED b', 'CREATED early']);
    expect(bench.events[1]).toMatchObject({
      date: '2026-11-24T03:00:00Z',
      record: { id: 'gone', threadId: 't-gone', labelIds: ['INBOX'], gone: true },
    });
    expect(bench.events[3]?.record).toMatchObject({ snippet: 'text of early' });
    expect(bench.events[3]?.record).not.toHaveProperty('gone');
    expect(bench.sleeps).toEqual([3000]);
    expect(gmail.callsOf('messagesGet')).toHaveLength(6);
    expect(bench.row.cursor).toBe(gmail.records.at(-1)?.id);
  });
});
