import { describe, expect, it } from '@jest/globals';
import { eventId } from '../../../src/core/notification/index.js';
import { Bench, HOUR, historyResource, MINUTE, T0 } from './history/bench.js';
import { FakeGmail, gmailError, gone, throttled } from './history/fake-gmail.js';

const UUID = '0b5f8f5e-9f43-4c1b-8d1a-1d6a5d0c7a11';

describe('pages that lead nowhere', () => {
  it('an empty page with a token is followed', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    gmail.receive('a');
    gmail.emptyPages = 49;
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED a']);
    expect(gmail.callsOf('historyList')).toHaveLength(50);
  });

  it('50 empty pages in a row end the poll as failed; the cursor stays', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    const start = bench.row.cursor;
    gmail.receive('a');
    gmail.emptyPages = 50;
    await expect(bench.poll()).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('50 empty') });
    expect(bench.row).toMatchObject({ cursor: start, lastEndAt: null, head: null });
  });

  it('a page token seen before ends the poll as failed; what was committed stays', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail, historyResource({ pageSize: 1 }));
    const [first, second] = [gmail.receive('a'), gmail.receive('b')];
    gmail.receive('c');
    gmail.forgeToken = () => 'p1';
    await expect(bench.poll()).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('token') });
    expect(bench.types()).toEqual(['CREATED a', 'CREATED b']);
    expect([first, second]).toContain(bench.row.cursor);
    expect(bench.row.lastEndAt).toBeNull();
    gmail.forgeToken = null;
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED a', 'CREATED b', 'CREATED c']);
  });

  it('a page that comes twice is told once', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail, historyResource({ pageSize: 2 }));
    gmail.receive('a');
    gmail.relabel('known', { add: ['STARRED'] });
    gmail.receive('b');
    gmail.forgeToken = () => 'p0';
    await expect(bench.poll()).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('token') });
    expect(bench.types()).toEqual(['CREATED a', 'UPDATED known']);
    gmail.forgeToken = null;
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED a', 'UPDATED known', 'CREATED b']);
  });
});

describe('what is fetched', () => {
  it.each([
    ['ids', []],
    ['metadata', [{ id: 'a', format: 'metadata' }]],
    ['full', [{ id: 'a', format: 'full' }]],
    ['raw', [{ id: 'a', format: 'raw' }]],
  ] as const)('%s', async (format, expected) => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail, historyResource({ format }));
    gmail.receive('a');
    gmail.receive('spam', ['SPAM']);
    gmail.relabel('old', { add: ['X'] });
    gmail.delete('older');
    await bench.poll();
    expect(gmail.callsOf('messagesGet')).toEqual(expected);
    expect(bench.types()).toEqual(['CREATED a', 'UPDATED old', 'DELETED older']);
    expect(bench.events[0]).toMatchObject({
      date: format === 'ids' ? '2026-11-24T03:00:00Z' : '1970-01-01T00:16:40Z',
    });
  });

  it('a message added and deleted in one part is DELETED and not fetched', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    gmail.receive('a');
    const last = gmail.delete('a');
    await bench.poll();
    expect(bench.types()).toEqual(['DELETED a']);
    expect(bench.events[0]).toMatchObject({
      id: eventId([UUID, 'changed-messages', 'DELETED', 'a', last]),
      record: { changes: [{ type: 'messageAdded' }, { type: 'messageDeleted' }] },
    });
    expect(gmail.callsOf('messagesGet')).toEqual([]);
    expect(bench.parts[0]?.emitted).toEqual([]);
  });

  it('heavy messages are committed in smaller parts, none fetched twice', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail, historyResource({ format: 'full' }));
    for (let count = 0; count < 30; count += 1) {
      gmail.receive(`m${count}`);
      gmail.messages.set(`m${count}`, { id: `m${count}`, sizeEstimate: 3_000_000, payload: { parts: [] } });
    }
    await bench.poll();
    expect(bench.types()).toEqual(Array.from({ length: 30 }, (_, at) => `CREATED m${at}`));
    expect(gmail.callsOf('messagesGet')).toHaveLength(30);
    expect(bench.parts.length).toBeGreaterThanOrEqual(3);
    expect(bench.parts.length).toBeLessThanOrEqual(6);
    expect(Math.max(...bench.parts.map((part) => part.emitted.length))).toBeLessThanOrEqual(12);
  });
});

describe('how a poll ends', () => {
  it('a throttle keeps what was fetched before it and fails the poll; no message is counted as stuck', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    for (let count = 0; count < 250; count += 1) gmail.receive(`m${count}`);
    gmail.fault = ({ query }) => {
      if (query['id'] === 'm130') throw throttled();
    };
    await expect(bench.poll()).rejects.toMatchObject({ class: 'throttle', code: 'retry_later' });
    expect(bench.events).toHaveLength(130);
    expect(bench.row).toMatchObject({ cursor: gmail.records[129]?.id, stuck: null, lastEndAt: null });
    gmail.fault = () => {};
    await bench.poll();
    expect(bench.types()).toEqual(Array.from({ length: 250 }, (_, at) => `CREATED m${at}`));
  });

  it.each(['reauthorize', 'operator'] as const)('an error of class %s is passed on', async (kind) => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    gmail.fault = () => {
      throw gmailError(403, { class: kind, code: 'auth' });
    };
    await expect(bench.poll()).rejects.toMatchObject({ class: kind });
    expect(bench.parts).toEqual([]);
  });

  it('a later page that fails fails the poll, an expired one too: the next poll sees it at its first page', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail, historyResource({ pageSize: 2 }));
    for (const id of ['a', 'b', 'c']) gmail.receive(id);
    gmail.fault = ({ query }) => {
      if (query['pageToken'] !== undefined) throw gone();
    };
    await expect(bench.poll()).rejects.toMatchObject({ status: 404 });
    expect(bench.types()).toEqual(['CREATED a', 'CREATED b']);
    expect(bench.row.gap).toBeNull();
  });

  it('stops after the part at hand when it is asked to, without error', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    for (let count = 0; count < 250; count += 1) gmail.receive(`m${count}`);
    bench.crash = (when) => {
      if (when === 'after') bench.signal.abort();
    };
    expect(await bench.poll()).toBe(100);
    expect(bench.parts).toHaveLength(1);
    expect(bench.row.lastEndAt).toBeNull();
  });

  it('a call cut short by the stop is no failure, and half a part is not stored', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    for (const id of ['a', 'b', 'c']) gmail.receive(id);
    gmail.fault = ({ query }) => {
      if (query['id'] !== 'b') return;
      bench.signal.abort();
      throw new Error('aborted');
    };
    expect(await bench.poll()).toBe(0);
    expect(bench.parts).toEqual([]);
  });

  it('does not begin when it was stopped before', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    bench.signal.abort();
    expect(await bench.poll()).toBe(0);
    expect(gmail.calls).toEqual([]);
  });

  it('what the commit throws goes through', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    gmail.receive('a');
    bench.crash = () => {
      throw new RangeError('lease lost');
    };
    await expect(bench.poll()).rejects.toThrow(RangeError);
  });

  it('a dry run goes through all parts and stores nothing', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    for (let count = 0; count < 250; count += 1) gmail.receive(`m${count}`);
    bench.dryRun = true;
    const before = bench.row;
    expect(await bench.poll()).toBe(250);
    expect(bench.events).toHaveLength(250);
    expect(bench.row).toBe(before);
  });
});

describe('what is remembered', () => {
  it('emitted ids are kept until the last poll that reached the end is 1 h newer than they are', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    gmail.receive('a');
    await bench.poll();
    bench.now += HOUR;
    await bench.poll();
    expect([...bench.emitted.keys()]).toEqual(['a']);
    bench.now += 30 * 24 * HOUR;
    gmail.fault = () => {
      throw gmailError(500);
    };
    await expect(bench.poll()).rejects.toMatchObject({ status: 500 });
    expect([...bench.emitted.keys()]).toEqual(['a']);
    gmail.fault = () => {};
    await bench.poll();
    expect([...bench.emitted.keys()]).toEqual([]);
  });

  it('whatever the clock says: one that is set forward forgets nothing before its time', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    gmail.receive('a', ['INBOX'], { at: T0 - MINUTE });
    await bench.poll();
    bench.now += 3 * HOUR;
    gmail.clockAheadMs = 3 * HOUR;
    await bench.poll();
    expect([...bench.emitted.keys()]).toEqual(['a']);
    gmail.tick();
    gmail.expire();
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED a']);
    expect(bench.mailbox).toHaveLength(1);
  });

  it('a head is as old as Google’s clock tells: no late record is jumped over when this machine’s clock is set', async () => {
    for (const [before, after] of [
      [0, 3 * HOUR],
      [3 * HOUR, 0],
    ] as const) {
      const gmail = new FakeGmail();
      const bench = new Bench(gmail);
      gmail.clockAheadMs = before;
      bench.now += before;
      gmail.receive('late');
      const hidden = gmail.records.splice(0);
      await bench.poll();
      gmail.clockAheadMs = after;
      bench.now += after - before + 5000;
      await bench.poll();
      gmail.records.push(...hidden);
      await bench.poll();
      expect(bench.types()).toEqual(['CREATED late']);
    }
  });
});
