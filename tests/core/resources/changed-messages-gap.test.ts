import { describe, expect, it } from '@jest/globals';
import { eventId } from '../../../src/core/notification/index.js';
import { Bench, HOUR, historyResource, MINUTE, T0 } from './history/bench.js';
import { created, DAY, expired } from './history/expired.js';
import { FakeGmail, gmailError, gone, throttled } from './history/fake-gmail.js';

const UUID = '0b5f8f5e-9f43-4c1b-8d1a-1d6a5d0c7a11';

const GAP = { objectType: 'mailbox', objectId: 'ann@example.com', eventType: 'GAP' };

describe('an expired cursor', () => {
  it('new baseline, the window listed, what is new emitted as recovered, one GAP, history goes on', async () => {
    const { gmail, bench, from, baseline } = await expired(3);
    await bench.poll();
    expect(gmail.calls.map(({ method }) => method)).toEqual([
      'historyList',
      'getProfile',
      'messagesList',
      ...Array(3).fill('messagesGet'),
      'historyList',
    ]);
    expect(gmail.callsOf('messagesList')).toEqual([{ maxResults: 500, q: `after:${(T0 - DAY - HOUR) / 1000 - 1}` }]);
    expect(bench.types()).toEqual(created(3));
    expect(bench.events[0]).toMatchObject({
      id: eventId([UUID, 'changed-messages', 'CREATED', 'm0']),
      date: new Date(T0 - HOUR).toISOString().replace('.000', ''),
      record: { id: 'm0', snippet: 'text of m0', changes: [{ type: 'messageAdded' }], recovered: true },
    });
    const record = { id: 'ann@example.com', resource: 'changed-messages', from, to: baseline, recovered: 3 };
    expect(bench.mailbox).toMatchObject([{ ...GAP, record }]);
    expect(Object.keys(bench.mailbox[0]?.record ?? {})).toEqual(['id', 'resource', 'from', 'to', 'recovered']);
    expect(bench.row).toMatchObject({ cursor: baseline, cursorAt: T0, gap: null, lastEndAt: T0, head: baseline });
    expect(gmail.callsOf('historyList').at(-1)).toMatchObject({ startHistoryId: baseline });
  });

  it('400 for a cursor that Google refuses is the same; a mailbox that Gmail does not serve is not', async () => {
    const { gmail, bench } = await expired(1);
    let refusals = 0;
    gmail.fault = ({ method }) => {
      if (method !== 'historyList' || refusals++ > 0) return;
      throw gmailError(400, { class: 'bug', reason: 'badRequest' });
    };
    await bench.poll();
    expect(bench.mailbox).toHaveLength(1);
    // Its reason is missing at times, or told as the status alone.
    for (const reason of [{ reason: 'failedPrecondition' }, { reason: 'FAILED_PRECONDITION' }, {}]) {
      gmail.fault = ({ method }) => {
        if (method === 'historyList') throw gmailError(400, { class: 'permanent', ...reason });
      };
      await expect(bench.poll()).rejects.toMatchObject({ status: 400 });
      expect(bench.mailbox).toHaveLength(1);
      expect(bench.row.gap).toBeNull();
    }
  });

  it('a label that is no more: Gmail refuses to list by it, and the window is filtered here', async () => {
    const { gmail, bench } = await expired(0, { labelIds: ['INBOX', 'Label_gone'] });
    gmail.receive('yes', ['INBOX', 'Label_gone'], { at: T0 - 5 });
    gmail.receive('no', ['INBOX'], { at: T0 - 4 });
    gmail.expire();
    gmail.fault = ({ method, query }) => {
      if (method === 'messagesList' && query['labelIds'] !== undefined) throw gmailError(400, { class: 'bug' });
    };
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED yes']);
    expect(gmail.callsOf('messagesList').map(({ labelIds }) => labelIds)).toEqual([['INBOX', 'Label_gone'], undefined]);
    expect(bench.row.gap).toBeNull();
  });

  it('filters as for a record without labels: drafts, spam and other labels are dropped', async () => {
    const { gmail, bench } = await expired(0, { labelIds: ['INBOX'] });
    gmail.receive('yes', ['INBOX'], { at: T0 - 5 });
    gmail.receive('draft', ['INBOX', 'DRAFT'], { at: T0 - 4 });
    gmail.receive('spam', ['INBOX', 'SPAM'], { at: T0 - 3 });
    gmail.receive('other', ['X'], { at: T0 - 2 });
    gmail.expire();
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED yes']);
    expect(gmail.callsOf('messagesList')[0]).toMatchObject({ labelIds: ['INBOX'] });
    expect(bench.mailbox[0]?.record).toMatchObject({ recovered: 1 });
  });

  it('spam and trash are listed when they are asked for', async () => {
    const { gmail, bench } = await expired(0, { includeSpamTrash: true });
    gmail.receive('spam', ['SPAM'], { at: T0 - 3 });
    gmail.expire();
    await bench.poll();
    expect(gmail.callsOf('messagesList')[0]).toMatchObject({ includeSpamTrash: true });
    expect(bench.types()).toEqual(['CREATED spam']);
  });

  it('`ids` fetches minimal, so that drafts are known', async () => {
    const { gmail, bench } = await expired(1, { format: 'ids' });
    gmail.receive('draft', ['DRAFT'], { at: T0 - 4 });
    gmail.expire();
    await bench.poll();
    expect(gmail.callsOf('messagesGet').map(({ format }) => format)).toEqual(['minimal', 'minimal']);
    expect(bench.events.map(({ record }) => record)).toEqual([
      { id: 'm0', threadId: 't-m0', labelIds: ['INBOX'], changes: [{ type: 'messageAdded' }], recovered: true },
    ]);
  });

  it('takes only what lies in the window; what came later is told by history', async () => {
    const { gmail, bench } = await expired(0);
    gmail.receive('at the end', ['INBOX'], { at: T0 + MINUTE });
    gmail.receive('from the future', ['INBOX'], { at: T0 + MINUTE + 1 });
    gmail.receive('too old by 1 ms', ['INBOX'], { at: T0 - DAY - HOUR - 1 });
    gmail.expire();
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED at the end']);
  });

  it('mail between baseline and listing comes once: recovered, and not again from history', async () => {
    const { gmail, bench } = await expired(1);
    gmail.fault = ({ method }) => {
      if (method === 'messagesList') gmail.receive('between', ['INBOX'], { at: T0 });
    };
    await bench.poll();
    expect(bench.types()).toEqual([...created(1), 'CREATED between']);
    expect(bench.events.map(({ record }) => record['recovered'])).toEqual([true, true]);
  });

  it('without messageAdded there is nothing to recover: straight to the GAP', async () => {
    const { gmail, bench, from, baseline } = await expired(3, { historyTypes: ['labelAdded', 'messageDeleted'] });
    await bench.poll();
    expect(gmail.callsOf('messagesList')).toEqual([]);
    expect(bench.mailbox).toMatchObject([{ ...GAP, record: { from, to: baseline, recovered: 0 } }]);
    expect(bench.row).toMatchObject({ cursor: baseline, gap: null });
  });

  it('a message that is gone when it is fetched gives its event without payload', async () => {
    const { gmail, bench } = await expired(2);
    gmail.fault = ({ query }) => {
      if (query['id'] === 'm0') throw gone();
    };
    await bench.poll();
    expect(bench.types()).toEqual(created(2));
    expect(bench.events[0]?.record).toMatchObject({ id: 'm0', gone: true, recovered: true });
  });

  it('a message that fails is given up in the third poll', async () => {
    const { gmail, bench } = await expired(5);
    gmail.fault = ({ query }) => {
      if (query['id'] === 'm2') throw gmailError(500);
    };
    for (const polls of [1, 2]) {
      await expect(bench.poll()).rejects.toMatchObject({ name: 'CoreError' });
      expect(bench.row.stuck).toEqual({ messageId: 'm2', polls });
      expect(bench.types()).toEqual(created(2));
    }
    await bench.poll();
    expect(bench.types()).toEqual(created(5));
    expect(bench.events[2]?.record).toMatchObject({ recovered: true, payloadError: expect.any(String) });
    expect(bench.mailbox[0]?.record).toMatchObject({ recovered: 5 });
    expect(bench.row.stuck).toBeNull();
  });

  it('a new baseline that is refused as well fails the poll instead of going round', async () => {
    const { gmail, bench } = await expired(1);
    gmail.fault = ({ method }) => {
      if (method === 'historyList') throw gone();
    };
    await expect(bench.poll()).rejects.toMatchObject({ name: 'CoreError', code: 'failed' });
    expect(gmail.callsOf('historyList')).toHaveLength(2);
    expect(bench.mailbox).toHaveLength(1);
  });

  it('history that expires again while a gap waits is a gap of its own, told by the next poll under its own id', async () => {
    const { gmail, bench, from, baseline } = await expired(1);
    gmail.fault = ({ method }) => {
      if (method === 'messagesList') throw throttled();
    };
    await expect(bench.poll()).rejects.toMatchObject({ class: 'throttle' });
    gmail.fault = () => {};
    gmail.relabel('m0', { add: ['STARRED'] });
    gmail.expire();
    await expect(bench.poll()).rejects.toMatchObject({ name: 'CoreError', code: 'failed' });
    bench.now += MINUTE;
    await bench.poll();
    const { cursor } = bench.row;
    expect(bench.mailbox.map(({ record }) => [record['from'], record['to']])).toEqual([
      [from, baseline],
      [baseline, cursor],
    ]);
    expect(new Set(bench.mailbox.map(({ id }) => id)).size).toBe(2);
    expect(bench.types()).toEqual(created(1));
  });
});

describe('a lost cursor', () => {
  it('is an expired one: GAP from null, the window 7 days back at most', async () => {
    const gmail = new FakeGmail();
    gmail.receive('old', ['INBOX'], { at: T0 - 8 * DAY });
    gmail.receive('in the window', ['INBOX'], { at: T0 - 6 * DAY });
    const bench = new Bench(gmail, historyResource(), { cursor: null, firstBaselineAt: T0 - 7 * DAY });
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED in the window']);
    expect(bench.mailbox).toMatchObject([
      { ...GAP, record: { from: null, to: gmail.historyId.toString(), recovered: 1 } },
    ]);
  });

  it('goes on from a gap that was stored with the marker', async () => {
    const gmail = new FakeGmail();
    gmail.receive('m0', ['INBOX'], { at: T0 - DAY });
    const baseline = gmail.historyId.toString();
    gmail.receive('after', ['INBOX'], { at: T0 });
    const window = { windowStart: T0 - 7 * DAY, windowEnd: T0 - HOUR + MINUTE };
    const gap = { from: null, baseline, ...window, pageToken: null, recovered: 0 };
    const bench = new Bench(gmail, historyResource(), { cursor: null, firstBaselineAt: T0 - 7 * DAY, gap });
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED m0', 'CREATED after']);
    expect(bench.events.map(({ record }) => record['recovered'])).toEqual([true, undefined]);
    expect(bench.mailbox[0]?.record).toMatchObject({ from: null, to: baseline, recovered: 1 });
  });

  it('lost anew before the end of history was reached: a clock that was set in between hides no mail', async () => {
    const gmail = new FakeGmail();
    gmail.clockAheadMs = 2 * MINUTE;
    const bench = new Bench(gmail, historyResource(), { cursor: null, firstBaselineAt: T0 + 2 * MINUTE });
    bench.now = T0 + 2 * MINUTE;
    bench.crash = (when, { patch }) => {
      if (when === 'after' && patch.gap === null) throw new Error('died when the gap was closed');
    };
    await expect(bench.poll()).rejects.toThrow('died');
    bench.crash = () => {};
    gmail.receive('m0', ['INBOX'], { at: T0 + 1000 });
    gmail.tick();
    gmail.expire();
    gmail.clockAheadMs = MINUTE;
    bench.now = T0 + HOUR;
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED m0']);
  });
});
