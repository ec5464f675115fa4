import { afterEach, describe, expect, it } from '@jest/globals';
import { type BenchOptions, RealBench } from './history/real-bench.js';

const METADATA = 'https://www.googleapis.com/auth/gmail.metadata';

let bench: RealBench;
afterEach(() => bench.close());

async function start(url?: string, options?: BenchOptions): Promise<RealBench> {
  bench = await RealBench.start(url, options);
  bench.sandbox.resetRequests();
  return bench;
}

describe('changed-messages against Gmail over HTTP and a real store', () => {
  it('mail that arrived between creation and first poll is an event, with its headers and date', async () => {
    const { mailbox } = await start('changed-messages?metadataHeaders=Subject');
    const id = mailbox.receive({ subject: 'Hello', internalDate: Date.parse('2026-11-01T10:00:00Z') });
    expect(await bench.poll()).toBe(1);
    const [event] = await bench.events();
    expect(event).toMatchObject({ eventType: 'CREATED', objectId: id, date: '2026-11-01T10:00:00Z' });
    expect(event?.record).toMatchObject({
      id,
      labelIds: ['UNREAD', 'INBOX'],
      changes: [{ type: 'messageAdded' }],
      payload: { headers: [{ name: 'Subject', value: 'Hello' }] },
    });
  });

  it('a quiet idle poll is one request of 2 units', async () => {
    await start();
    await bench.poll();
    bench.clock.offset += 61_000;
    bench.sandbox.resetRequests();
    await bench.poll();
    expect(bench.requests()).toEqual(['history.list']);
    expect(bench.sandbox.spent()).toEqual({ requests: 1, units: 2 });
  });

  it('labels, trash, spam and deletions', async () => {
    const { mailbox } = await start('changed-messages?format=ids');
    const [read, trashed, spam, deleted] = mailbox.receiveMany(4);
    if (read === undefined || trashed === undefined || spam === undefined || deleted === undefined) throw new Error();
    await bench.poll();
    mailbox.modifyLabels(read, { remove: ['UNREAD'] });
    mailbox.trash(trashed);
    mailbox.markSpam(spam);
    mailbox.unmarkSpam(spam);
    mailbox.delete(deleted);
    await bench.poll();
    expect((await bench.types()).slice(4)).toEqual([
      `UPDATED ${read}`,
      `UPDATED ${trashed}`,
      `UPDATED ${spam}`,
      `DELETED ${deleted}`,
    ]);
    expect((await bench.events()).at(-2)?.record.changes).toEqual([
      { type: 'labelsAdded', labelIds: ['SPAM'] },
      { type: 'labelsRemoved', labelIds: ['INBOX'] },
      { type: 'labelsAdded', labelIds: ['INBOX'] },
      { type: 'labelsRemoved', labelIds: ['SPAM'] },
    ]);
    expect(bench.requests()).not.toContain('messages.get');
  });

  it('drafts saved over and over give nothing; sending gives CREATED', async () => {
    const { mailbox } = await start();
    const { draftId } = mailbox.saveDraft();
    for (let save = 0; save < 5; save += 1) mailbox.saveDraft({ draftId });
    await bench.poll();
    mailbox.saveDraft({ draftId });
    const sent = mailbox.sendDraft(draftId);
    await bench.poll();
    expect(await bench.types()).toEqual([`CREATED ${sent}`]);
  });

  it('repeated, untyped, crowded and label-less records', async () => {
    const { mailbox } = await start('changed-messages?labelIds=INBOX');
    const first = mailbox.receive();
    mailbox.repeatLastRecord();
    await bench.poll();
    mailbox.repeatLastRecord();
    mailbox.untypedRecord(first);
    const crowd = mailbox.receiveInOneRecord(3);
    const untold = mailbox.receive({ withoutLabelsInHistory: true });
    mailbox.receive({ withoutLabelsInHistory: true, labelIds: ['IMPORTANT'] });
    await bench.poll();
    expect(await bench.types()).toEqual([first, ...crowd, untold].map((id) => `CREATED ${id}`));
  });

  it('1,203 changes over several pages with 21-digit ids, killed at every third commit', async () => {
    const { mailbox } = await start('changed-messages?format=ids&maxResults=100', {
      historyIdStart: '100000000000000000000',
    });
    const ids = mailbox.receiveMany(1203);
    let commits = 0;
    let kills = 0;
    bench.crash = (when) => {
      if (when !== (kills % 2 === 0 ? 'before' : 'after') || ++commits % 3 !== 0) return;
      kills += 1;
      throw new Error('killed');
    };
    for (let polls = 0; polls < 30; polls += 1) {
      const done = await bench.poll().then(
        () => true,
        () => false,
      );
      if (done) break;
    }
    expect(kills).toBeGreaterThan(3);
    expect(await bench.types()).toEqual(ids.map((id) => `CREATED ${id}`));
    expect((await bench.row()).cursor).toHaveLength(21);
  });

  it('empty pages with a token are followed; 50 in a row are an endless chain', async () => {
    const { mailbox } = await start();
    const id = mailbox.receive();
    mailbox.emptyPages(50);
    await expect(bench.poll()).rejects.toMatchObject({ code: 'failed' });
    mailbox.emptyPages(49);
    await bench.poll();
    expect(await bench.types()).toEqual([`CREATED ${id}`]);
  });

  it('a record that becomes visible late is not jumped over', async () => {
    const { mailbox } = await start();
    const id = mailbox.receive({ visibleAfterMs: 5000 });
    await bench.poll();
    bench.clock.offset += 2000;
    await bench.poll();
    bench.clock.offset += 4000;
    await bench.poll();
    expect(await bench.types()).toEqual([`CREATED ${id}`]);
  });

  it('a message that Gmail does not give: twice failed, then sent without payload', async () => {
    const { mailbox, sandbox } = await start();
    const [before, poison, after] = mailbox.receiveMany(3);
    if (before === undefined || poison === undefined || after === undefined) throw new Error();
    sandbox.addFault({ method: 'messages.get', kind: 'backendError500', messageId: poison });
    for (const polls of [1, 2]) {
      await expect(bench.poll()).rejects.toMatchObject({ name: 'CoreError', code: 'failed' });
      expect((await bench.row()).stuck).toEqual({ messageId: poison, polls });
      expect(await bench.types()).toEqual([`CREATED ${before}`]);
    }
    await bench.poll();
    expect(await bench.types()).toEqual([before, poison, after].map((id) => `CREATED ${id}`));
    expect((await bench.events())[1]?.record).toMatchObject({ id: poison, payloadError: expect.any(String) });
    expect((await bench.row()).stuck).toBeNull();
  });

  it('a message that is gone, and one that only comes 3 s later', async () => {
    const { mailbox, sandbox } = await start();
    const [late, gone] = mailbox.receiveMany(2);
    if (late === undefined || gone === undefined) throw new Error();
    sandbox.addFault({ method: 'messages.get', kind: 'notFound404', messageId: late, times: 1 });
    sandbox.addFault({ method: 'messages.get', kind: 'notFound404', messageId: gone });
    await bench.poll();
    const [first, second] = await bench.events();
    expect(first?.record).toMatchObject({ id: late, snippet: expect.any(String) });
    expect(second?.record).toMatchObject({ id: gone, gone: true });
  });

  it('a throttle keeps what came before it', async () => {
    const { mailbox, sandbox } = await start();
    const ids = mailbox.receiveMany(150);
    sandbox.addFault({ method: 'messages.get', kind: 'retryAfter429', after: 120, times: 1, retryAfterSeconds: 900 });
    await expect(bench.poll()).rejects.toMatchObject({ class: 'throttle', code: 'retry_later' });
    const committed = (await bench.types()).length;
    expect(committed).toBeGreaterThanOrEqual(100);
    expect(committed).toBeLessThanOrEqual(120);
    bench.clock.offset += 902_000;
    await bench.poll();
    expect(await bench.types()).toEqual(ids.map((id) => `CREATED ${id}`));
  });
});

describe('an expired cursor, over HTTP', () => {
  it('recovers what came since, tells a GAP once, and goes on', async () => {
    const { mailbox } = await start();
    const known = mailbox.receive();
    await bench.poll();
    const from = (await bench.row()).cursor;
    bench.clock.offset += 24 * 3_600_000;
    const missed = mailbox.receiveMany(3);
    mailbox.saveDraft();
    mailbox.receive({ labelIds: ['SPAM'] });
    mailbox.expireHistory();
    await bench.poll();
    const events = await bench.events();
    expect((await bench.types()).toSorted()).toEqual([known, ...missed].map((id) => `CREATED ${id}`).toSorted());
    expect(events.map(({ record }) => record['recovered'])).toEqual([undefined, true, true, true]);
    const { cursor } = await bench.row();
    expect(await bench.events('mailbox')).toMatchObject([
      {
        objectType: 'mailbox',
        eventType: 'GAP',
        record: { id: 'ann@example.com', resource: 'changed-messages', from, to: cursor, recovered: 3 },
      },
    ]);
    const next = mailbox.receive();
    await bench.poll();
    expect((await bench.types()).at(-1)).toBe(`CREATED ${next}`);
    expect(await bench.events('mailbox')).toHaveLength(1);
  });

  it.each([
    ['two hours ahead', 2 * 3_600_000],
    ['ten minutes behind', -10 * 60_000],
  ])('recovers all of it when this machine’s clock is %s', async (_name, aheadMs) => {
    const { mailbox } = await start('changed-messages', { aheadMs });
    mailbox.receive();
    await bench.poll();
    bench.clock.offset += 24 * 3_600_000;
    const missed = [mailbox.receive({ internalDate: bench.clock.now() - aheadMs - 24 * 3_600_000 + 60_000 })];
    missed.push(mailbox.receive());
    mailbox.expireHistory();
    await bench.poll();
    expect((await bench.types()).slice(1).toSorted()).toEqual(missed.map((id) => `CREATED ${id}`).toSorted());
  });

  it('a cursor that Google refuses with 400', async () => {
    const { mailbox } = await start();
    const id = mailbox.receive();
    await bench.setCursor('0');
    await bench.poll();
    expect(await bench.types()).toEqual([`CREATED ${id}`]);
    expect(await bench.events('mailbox')).toHaveLength(1);
  });

  it('survives a crash at every other commit', async () => {
    const { mailbox } = await start();
    await bench.poll();
    bench.clock.offset += 3_600_000;
    const missed = mailbox.receiveMany(230);
    mailbox.expireHistory();
    let commits = 0;
    bench.crash = (when) => {
      if (when === (commits % 2 === 0 ? 'before' : 'after') && ++commits % 2 === 1) throw new Error('killed');
    };
    for (let polls = 0; polls < 40; polls += 1) {
      const done = await bench.poll().then(
        () => true,
        () => false,
      );
      if (done) break;
    }
    expect(commits).toBeGreaterThan(5);
    const types = await bench.types();
    expect(types).toHaveLength(230);
    expect(new Set(types)).toEqual(new Set(missed.map((id) => `CREATED ${id}`)));
    expect(await bench.events('mailbox')).toMatchObject([{ record: { recovered: 230 } }]);
    expect((await bench.row()).gap).toBeNull();
  });

  it('with the metadata scope: without q, until a whole page is older', async () => {
    const { mailbox, sandbox } = await start('changed-messages', { scope: METADATA, messages: 400 });
    bench.clock.offset += 3_600_000;
    const missed = mailbox.receiveMany(30);
    mailbox.expireHistory();
    sandbox.resetRequests();
    await bench.poll();
    expect(new Set(await bench.types())).toEqual(new Set(missed.map((id) => `CREATED ${id}`)));
    const lists = sandbox.requests.filter(({ method }) => method === 'messages.list');
    expect(lists.map(({ query, status }) => [query['q'], status])).toEqual([
      [undefined, 200],
      [undefined, 200],
    ]);
  });
});
