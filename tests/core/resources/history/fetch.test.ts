import { describe, expect, it } from '@jest/globals';
import { FetchedMessages, fetchInOrder, fetchQuery } from '../../../../src/core/resources/history/fetch.js';
import type { GmailApi } from '../../../../src/gmail/api.js';
import { historyResource } from './bench.js';
import { FakeGmail, gmailError } from './fake-gmail.js';

const jobs = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `m${at}`, recordIndex: at }));

function mailbox(count: number): FakeGmail {
  const gmail = new FakeGmail();
  for (const { id } of jobs(count)) gmail.receive(id);
  return gmail;
}

describe('fetchQuery', () => {
  it.each([
    [historyResource({ format: 'ids' }), false, null],
    [historyResource({ format: 'ids' }), true, { format: 'minimal' }],
    [historyResource({ format: 'metadata' }), false, { format: 'metadata' }],
    [
      historyResource({ format: 'metadata', metadataHeaders: ['Subject'] }),
      true,
      { format: 'metadata', metadataHeaders: ['Subject'] },
    ],
    [historyResource({ format: 'full', metadataHeaders: ['Subject'] }), false, { format: 'full' }],
    [historyResource({ format: 'raw' }), true, { format: 'raw' }],
  ])('%#', (resource, recovering, query) => {
    expect(fetchQuery(resource, recovering)).toEqual(query);
  });
});

describe('fetchInOrder', () => {
  it('fetches all, at most 4 at a time', async () => {
    const gmail = mailbox(30);
    const into = new FetchedMessages();
    expect(await fetchInOrder(gmail, jobs(30), { format: 'metadata' }, into)).toBeNull();
    expect(gmail.mostInFlight).toBe(4);
    expect(jobs(30).map(({ id }) => into.get(id)?.kind)).toEqual(Array(30).fill('message'));
  });

  it('takes a message that is gone for an answer and counts how often it was asked for', async () => {
    const gmail = mailbox(3);
    gmail.messages.delete('m1');
    const into = new FetchedMessages();
    await fetchInOrder(gmail, jobs(3), { format: 'metadata' }, into);
    expect(into.get('m1')).toEqual({ kind: 'gone', asked: 1 });
    await fetchInOrder(gmail, [{ id: 'm1', recordIndex: 1 }], { format: 'metadata' }, into);
    expect(into.get('m1')).toEqual({ kind: 'gone', asked: 2 });
  });

  it('stops at the first failure in order, with all before it fetched', async () => {
    const gmail = mailbox(40);
    gmail.fault = ({ query }) => {
      if (query['id'] === 'm20' || query['id'] === 'm21') throw gmailError(500);
    };
    const into = new FetchedMessages();
    const stop = await fetchInOrder(gmail, jobs(40), { format: 'metadata' }, into);
    expect(stop).toMatchObject({ job: { id: 'm20' }, error: { status: 500 } });
    for (const { id } of jobs(20)) expect(into.get(id)?.kind).toBe('message');
    expect(gmail.callsOf('messagesGet').length).toBeLessThan(30);
  });

  it('names the first in order, whichever failed first in time', async () => {
    const gmail = mailbox(4);
    let later: () => void = () => {};
    const laterFailed = new Promise<void>((resolve) => {
      later = resolve;
    });
    const get = gmail.messagesGet.bind(gmail);
    gmail.messagesGet = async (id, query) => {
      if (id === 'm1') await laterFailed;
      if (id === 'm3') later();
      if (id === 'm1' || id === 'm3') throw gmailError(500);
      return get(id, query);
    };
    const stop = await fetchInOrder(gmail, jobs(4), { format: 'full' }, new FetchedMessages());
    expect(stop).toMatchObject({ job: { id: 'm1' } });
  });

  it('knows whether others came while one failed', async () => {
    const gmail = mailbox(2);
    gmail.fault = ({ query }) => {
      if (query['id'] === 'm0') throw gmailError(500);
    };
    expect(await fetchInOrder(gmail, jobs(2), { format: 'full' }, new FetchedMessages())).toMatchObject({
      othersSucceed: true,
    });
    gmail.fault = () => {
      throw gmailError(500);
    };
    expect(await fetchInOrder(gmail, jobs(2), { format: 'full' }, new FetchedMessages())).toMatchObject({
      othersSucceed: false,
    });
  });

  it('passes on what is no error of Gmail and starts nothing more', async () => {
    const gmail = mailbox(40);
    gmail.fault = () => {
      throw new TypeError('a bug');
    };
    await expect(fetchInOrder(gmail, jobs(40), { format: 'full' }, new FetchedMessages())).rejects.toThrow('a bug');
    expect(gmail.callsOf('messagesGet')).toHaveLength(4);
  });

  it('ends with what is under way when one is cut short', async () => {
    let underWay = 0;
    const messagesGet = async (id: string) => {
      underWay += 1;
      for (let turns = 0; turns < (id === 'm0' ? 1 : 5); turns += 1) await new Promise((turn) => setImmediate(turn));
      underWay -= 1;
      if (id === 'm0') throw new Error('cut short');
      return { id, threadId: id };
    };
    const gmail = { messagesGet } as Partial<GmailApi> as GmailApi;
    const fetching = fetchInOrder(gmail, jobs(4), { format: 'full' }, new FetchedMessages());
    await expect(fetching).rejects.toThrow('cut short');
    expect(underWay).toBe(0);
  });

  it('stops when the part is heavy, but never within its first record', async () => {
    const gmail = mailbox(40);
    for (const [id, message] of gmail.messages) gmail.messages.set(id, { ...message, raw: 'x'.repeat(2_000_000) });
    const into = new FetchedMessages();
    const stop = await fetchInOrder(gmail, jobs(40), { format: 'raw' }, into);
    expect(stop).toMatchObject({ error: null });
    expect(Number(stop?.job.recordIndex)).toBeGreaterThanOrEqual(8);
    expect(Number(stop?.job.recordIndex)).toBeLessThanOrEqual(12);
    expect(into.heavy).toBe(true);
    for (const { id } of jobs(40)) into.forget(id);
    expect(into.heavy).toBe(false);
    const oneRecord = jobs(40).map(({ id }) => ({ id, recordIndex: 0 }));
    expect(await fetchInOrder(gmail, oneRecord, { format: 'raw' }, new FetchedMessages())).toBeNull();
  });

  it('weighs a full message by its size, and metadata not at all', async () => {
    const gmail = mailbox(2);
    const [full, metadata] = ['m0', 'm1'].map((id) => gmail.messages.get(id));
    if (full === undefined || metadata === undefined) throw new Error('both exist');
    const into = new FetchedMessages();
    into.put('m1', { kind: 'message', message: { ...metadata, sizeEstimate: 50_000_000, payload: { headers: [] } } });
    expect(into.heavy).toBe(false);
    into.put('m0', { kind: 'message', message: { ...full, sizeEstimate: 50_000_000, payload: { parts: [] } } });
    expect(into.heavy).toBe(true);
  });
});
