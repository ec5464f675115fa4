import { describe, expect, it } from '@jest/globals';
import { Bench, HOUR, historyResource, MINUTE, T0 } from './history/bench.js';
import { created, DAY, expired } from './history/expired.js';
import { FakeGmail, gmailError, throttled } from './history/fake-gmail.js';

describe('a long window', () => {
  it('is committed in parts of 100 with its page token, and a throttle goes on where it ended', async () => {
    const { gmail, bench } = await expired(1203);
    let fetches = 0;
    gmail.fault = ({ method }) => {
      if (method === 'messagesGet' && ++fetches > 750) throw throttled();
    };
    await expect(bench.poll()).rejects.toMatchObject({ class: 'throttle' });
    expect(bench.row.gap).toMatchObject({ pageToken: 'm500', recovered: 750 });
    gmail.fault = () => {};
    gmail.calls.splice(0);
    await bench.poll();
    expect(gmail.calls[0]).toMatchObject({ method: 'messagesList', query: { pageToken: 'm500' } });
    expect(new Set(bench.types())).toEqual(new Set(created(1203)));
    expect(bench.events).toHaveLength(1203);
    expect(bench.mailbox).toHaveLength(1);
    expect(bench.mailbox[0]?.record).toMatchObject({ recovered: 1203 });
    expect(Math.max(...bench.parts.map((part) => part.emitted.length))).toBe(100);
    expect(gmail.callsOf('messagesGet')).toHaveLength(1203 - 750);
  });

  it.each([400, 404])('a page token refused with %s restarts the window, nothing comes twice', async (status) => {
    const { gmail, bench } = await expired(1203);
    gmail.fault = ({ method, query }) => {
      if (method === 'messagesList' && query['pageToken'] !== undefined) throw gmailError(500);
    };
    await expect(bench.poll()).rejects.toMatchObject({ status: 500 });
    expect(bench.events).toHaveLength(500);
    let refused = 0;
    gmail.fault = ({ method, query }) => {
      if (method === 'messagesList' && query['pageToken'] === 'm500' && refused++ === 0) {
        throw gmailError(status, { class: 'bug' });
      }
    };
    await bench.poll();
    expect(bench.events).toHaveLength(1203);
    expect(new Set(bench.types())).toEqual(new Set(created(1203)));
    expect(bench.mailbox[0]?.record).toMatchObject({ recovered: 1203 });
  });

  it.each<[string, (bench: Bench) => void]>([
    [
      'the url asks for other labels',
      (bench) => {
        bench.resource = historyResource({ labelIds: ['INBOX'] });
      },
    ],
    [
      'the grant has another scope',
      (bench) => {
        bench.metadataOnly = true;
      },
    ],
  ])('a page token is of one list alone: once %s, the window restarts', async (_name, change) => {
    const { gmail, bench } = await expired(1203);
    gmail.fault = ({ method, query }) => {
      if (method === 'messagesList' && query['pageToken'] !== undefined) throw throttled();
    };
    await expect(bench.poll()).rejects.toMatchObject({ class: 'throttle' });
    expect(bench.row.gap).toMatchObject({ pageToken: 'm500' });
    gmail.fault = () => {};
    change(bench);
    gmail.calls.splice(0);
    await bench.poll();
    expect(gmail.callsOf('messagesList')[0]).not.toHaveProperty('pageToken');
    expect(bench.events).toHaveLength(1203);
    expect(new Set(bench.types())).toEqual(new Set(created(1203)));
    expect(bench.mailbox[0]?.record).toMatchObject({ recovered: 1203 });
  });

  it('a token that is refused again and again fails the poll', async () => {
    const { gmail, bench } = await expired(600);
    gmail.fault = ({ method, query }) => {
      if (method === 'messagesList' && query['pageToken'] !== undefined) throw gmailError(400, { class: 'bug' });
    };
    await expect(bench.poll()).rejects.toMatchObject({ status: 400 });
    expect(bench.events).toHaveLength(500);
  });

  it('an endless chain of pages fails the poll', async () => {
    const { gmail, bench } = await expired(1203);
    gmail.forgeToken = () => 'm500';
    await expect(bench.poll()).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('messages.list'),
    });
  });

  it('stops between parts when asked to, and goes on in the next poll', async () => {
    const { bench } = await expired(250);
    bench.crash = (when, part) => {
      if (when === 'after' && part.emitted.length > 0) bench.signal.abort();
    };
    // The first part holds the oldest hundred, and one of them was emitted before.
    expect(await bench.poll()).toBe(99);
    bench.crash = () => {};
    bench.signal = new AbortController();
    await bench.poll();
    expect(bench.events).toHaveLength(250);
    expect(bench.mailbox).toHaveLength(1);
  });
});

describe('the metadata scope', () => {
  it('lists without q, newest first, until a whole page is older than the window', async () => {
    const gmail = new FakeGmail();
    for (let at = 0; at < 500; at += 1) gmail.receive(`old${at}`, ['INBOX'], { at: T0 - 10 * DAY - at });
    const bench = new Bench(gmail, historyResource(), { firstBaselineAt: T0 - DAY });
    bench.metadataOnly = true;
    for (let at = 0; at < 130; at += 1) gmail.receive(`m${at}`, ['INBOX'], { at: T0 - HOUR + at });
    gmail.expire();
    await bench.poll();
    expect(gmail.callsOf('messagesList')).toEqual([
      { maxResults: 100 },
      { maxResults: 100, pageToken: 'm100' },
      { maxResults: 100, pageToken: 'm200' },
    ]);
    expect(new Set(bench.types())).toEqual(new Set(created(130)));
    expect(bench.events).toHaveLength(130);
    expect(bench.mailbox[0]?.record).toMatchObject({ recovered: 130 });
  });

  it('a page of emitted messages is no page that is older than the window', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail, historyResource(), { firstBaselineAt: T0 - DAY });
    bench.metadataOnly = true;
    for (let at = 0; at < 250; at += 1) gmail.receive(`m${at}`, ['INBOX'], { at: T0 - HOUR + at });
    for (let at = 100; at < 250; at += 1) bench.emitted.set(`m${at}`, T0 - MINUTE);
    gmail.expire();
    await bench.poll();
    expect(new Set(bench.types())).toEqual(new Set(created(100)));
  });

  it('ends at the last page too', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail, historyResource(), { firstBaselineAt: T0 - DAY });
    bench.metadataOnly = true;
    gmail.receive('m0', ['INBOX'], { at: T0 - HOUR });
    gmail.expire();
    await bench.poll();
    expect(bench.types()).toEqual(created(1));
    expect(bench.mailbox).toHaveLength(1);
  });
});

describe('a crash during recovery', () => {
  it.each(['before', 'after'] as const)(
    'at every commit in turn (%s it is stored) loses nothing, repeats nothing',
    async (when) => {
      for (let crashAt = 1; ; crashAt += 1) {
        const { bench, from } = await expired(250);
        let commits = 0;
        let crashed = false;
        bench.crash = (at) => {
          if (at !== when || ++commits !== crashAt) return;
          crashed = true;
          throw new Error('killed');
        };
        await bench.poll().catch((error: Error) => expect(error.message).toBe('killed'));
        bench.crash = () => {};
        await bench.poll();
        expect(bench.events).toHaveLength(250);
        expect(new Set(bench.types())).toEqual(new Set(created(250)));
        expect(bench.mailbox).toHaveLength(1);
        expect(bench.mailbox[0]?.record).toMatchObject({ from, recovered: 250 });
        if (!crashed) {
          expect(commits).toBeGreaterThanOrEqual(4);
          return;
        }
      }
    },
  );
});
