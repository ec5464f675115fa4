import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Mailbox, type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { type Caller, caller, type GmailErrorBody, METADATA } from './caller.js';

interface Stub {
  id: string;
  threadId: string;
  labelIds?: string[];
}

interface Page {
  history?: {
    id: string;
    messages?: Stub[];
    messagesAdded?: { message: Stub }[];
    messagesDeleted?: { message: Stub }[];
    labelsAdded?: { message: Stub; labelIds: string[] }[];
    labelsRemoved?: { message: Stub; labelIds: string[] }[];
  }[];
  nextPageToken?: string;
  historyId: string;
}

describe('history.list', () => {
  let now = Date.UTC(2026, 10, 24, 12);
  let sandbox: Sandbox;
  let mailbox: Mailbox;
  let gmail: Caller;
  let start: string;

  const list = async (query: Record<string, string> = {}, from = start): Promise<Page> => {
    const { status, body } = await gmail.get<Page>(
      `history?${new URLSearchParams({ startHistoryId: from, ...query })}`,
    );
    expect(status).toBe(200);
    return body;
  };

  beforeEach(async () => {
    sandbox = await startSandbox({ messages: 3, now: () => now });
    mailbox = sandbox.mailbox();
    gmail = await caller(sandbox);
    start = mailbox.historyId;
  });
  afterEach(() => sandbox.close());

  it('leaves the history key out when there is nothing', async () => {
    expect(await list()).toEqual({ historyId: start });
  });

  it('tells each change once, oldest first, exclusive of the start', async () => {
    const id = mailbox.receive();
    const afterArrival = mailbox.historyId;
    mailbox.modifyLabels(id, { add: ['STARRED'], remove: ['UNREAD'] });
    mailbox.delete(id);
    const page = await list();
    expect(page.history?.map(({ id: _, messages, ...changes }) => [messages, changes])).toEqual([
      [[{ id, threadId: id }], { messagesAdded: [{ message: { id, threadId: id, labelIds: ['UNREAD', 'INBOX'] } }] }],
      [
        [{ id, threadId: id }],
        {
          labelsAdded: [{ message: { id, threadId: id, labelIds: ['INBOX', 'STARRED'] }, labelIds: ['STARRED'] }],
          labelsRemoved: [{ message: { id, threadId: id, labelIds: ['INBOX', 'STARRED'] }, labelIds: ['UNREAD'] }],
        },
      ],
      [
        [{ id, threadId: id }],
        { messagesDeleted: [{ message: { id, threadId: id, labelIds: ['INBOX', 'STARRED'] } }] },
      ],
    ]);
    expect(page.historyId).toBe(mailbox.historyId);
    expect(page.history?.[0]?.id).toBe(afterArrival);
    expect((await list({}, afterArrival)).history).toHaveLength(2);
    expect(id).toMatch(/^[\da-f]{16}$/);
  });

  it('moves to trash and spam by labels alone', async () => {
    const id = mailbox.receive({ labelIds: ['INBOX'] });
    start = mailbox.historyId;
    mailbox.trash(id);
    mailbox.untrash(id);
    mailbox.modifyLabels(id, { add: ['INBOX'] });
    mailbox.markSpam(id);
    mailbox.unmarkSpam(id);
    const changes = (await list()).history?.map((record) => [
      record.labelsAdded?.[0]?.labelIds,
      record.labelsRemoved?.[0]?.labelIds,
      record.messagesAdded,
    ]);
    expect(changes).toEqual([
      [['TRASH'], ['INBOX'], undefined],
      [undefined, ['TRASH'], undefined],
      [['INBOX'], undefined, undefined],
      [['SPAM'], ['INBOX'], undefined],
      [['INBOX'], ['SPAM'], undefined],
    ]);
  });

  it('gives a draft a new message at every save, and another when it is sent', async () => {
    const first = mailbox.saveDraft({ subject: 'One' });
    const second = mailbox.saveDraft({ draftId: first.draftId });
    expect(second.draftId).toBe(first.draftId);
    expect(second.messageId).not.toBe(first.messageId);
    const third = mailbox.saveDraft({ draftId: first.draftId, subject: 'Another subject' });
    const sent = mailbox.sendDraft(first.draftId);
    const told = (await list()).history?.map((record) => {
      const [change] = record.messagesAdded ?? record.messagesDeleted ?? [];
      return [record.messagesAdded === undefined ? 'deleted' : 'added', change?.message.id, change?.message.labelIds];
    });
    expect(told).toEqual([
      ['added', first.messageId, ['DRAFT']],
      ['deleted', first.messageId, ['DRAFT']],
      ['added', second.messageId, ['DRAFT']],
      ['deleted', second.messageId, ['DRAFT']],
      ['added', third.messageId, ['DRAFT']],
      ['deleted', third.messageId, ['DRAFT']],
      ['added', sent, ['SENT']],
    ]);
    const threads = (await list()).history?.map((record) => record.messages?.[0]?.threadId);
    expect(threads?.[2]).toBe(first.messageId);
    expect(threads?.[4]).toBe(third.messageId);
    expect(threads?.[6]).toBe(third.messageId);
  });

  it('pages by records, with the filters kept', async () => {
    const ids = mailbox.receiveMany(7);
    mailbox.receiveInOneRecord(3);
    const seen: number[] = [];
    let pageToken: string | undefined;
    do {
      const page = await list({ maxResults: '3', ...(pageToken !== undefined && { pageToken }) });
      expect(page.historyId).toBe(mailbox.historyId);
      seen.push(...(page.history ?? []).map((record) => record.messagesAdded?.length ?? 0));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    expect(seen).toEqual([1, 1, 1, 1, 1, 1, 1, 3]);
    expect(ids).toHaveLength(7);
  });

  it('gives 100 records a page by default and never more than 500', async () => {
    mailbox.receiveMany(501);
    expect((await list()).history).toHaveLength(100);
    expect((await list({ maxResults: '9999' })).history).toHaveLength(500);
  });

  it('filters by type (singular in the request) and by one label', async () => {
    const id = mailbox.receive();
    const other = mailbox.receive({ labelIds: ['Label_7'] });
    mailbox.modifyLabels(id, { add: ['STARRED'], remove: ['INBOX'] });
    mailbox.untypedRecord(other);
    const types = async (query: string): Promise<unknown> => {
      const { body } = await gmail.get<Page>(`history?startHistoryId=${start}&${query}`);
      return body.history?.map((record) => Object.keys(record).filter((key) => key !== 'id' && key !== 'messages'));
    };
    expect(await types('')).toEqual([['messagesAdded'], ['messagesAdded'], ['labelsAdded', 'labelsRemoved'], []]);
    expect(await types('historyTypes=messageAdded')).toEqual([['messagesAdded'], ['messagesAdded']]);
    expect(await types('historyTypes=labelRemoved&historyTypes=messageDeleted')).toEqual([['labelsRemoved']]);
    expect(await types('labelId=Label_7')).toEqual([['messagesAdded'], []]);
    // The message has lost INBOX by its own record: that is how labelId loses mail.
    expect(await types('labelId=INBOX')).toEqual([['messagesAdded']]);
    expect(await types('labelId=TRASH')).toBeUndefined();
  });

  it('gives records of `messages` alone, and records without labels', async () => {
    const id = mailbox.receive({ withoutLabelsInHistory: true });
    mailbox.untypedRecord(id);
    const [added, untyped] = (await list()).history ?? [];
    expect(added?.messagesAdded).toEqual([{ message: { id, threadId: id } }]);
    expect(untyped).toEqual({ id: mailbox.historyId, messages: [{ id, threadId: id }] });
  });

  it('repeats the last record under a new id', async () => {
    const id = mailbox.receive();
    mailbox.repeatLastRecord();
    const [first, second] = (await list()).history ?? [];
    expect(second?.messagesAdded).toEqual(first?.messagesAdded);
    expect(second?.messagesAdded?.[0]?.message.id).toBe(id);
    expect(BigInt(second?.id ?? 0)).toBeGreaterThan(BigInt(first?.id ?? 0));
  });

  it('counts a late record at once and lists it later', async () => {
    const late = mailbox.receive({ visibleAfterMs: 3000 });
    const early = mailbox.receive();
    const { body: profile } = await gmail.get('profile');
    expect(profile['historyId']).toBe(mailbox.historyId);
    const ids = (page: Page): unknown => page.history?.map((record) => record.messagesAdded?.[0]?.message.id);
    const before = await list();
    expect(ids(before)).toEqual([early]);
    expect(before.historyId).toBe(mailbox.historyId);
    now += 3000;
    expect(ids(await list())).toEqual([late, early]);
  });

  it('puts empty pages with a token before the real ones, once', async () => {
    const id = mailbox.receive();
    mailbox.emptyPages(2);
    let page = await list();
    for (const pages of [1, 2]) {
      expect([pages, page.history]).toEqual([pages, undefined]);
      page = await list({ pageToken: page.nextPageToken ?? '' });
    }
    expect(page.history?.[0]?.messagesAdded?.[0]?.message.id).toBe(id);
    expect(page.nextPageToken).toBeUndefined();
    expect((await list()).history).toHaveLength(1);
  });

  it('tells a deleted label as removed from the messages that had it', async () => {
    const label = mailbox.createLabel('Projects/One');
    const id = mailbox.receive({ labelIds: ['INBOX', label] });
    start = mailbox.historyId;
    mailbox.deleteLabel(label);
    expect((await list()).history).toEqual([
      {
        id: mailbox.historyId,
        messages: [{ id, threadId: id }],
        labelsRemoved: [{ message: { id, threadId: id, labelIds: ['INBOX'] }, labelIds: [label] }],
      },
    ]);
    const before = mailbox.historyId;
    mailbox.createLabel('Moves the id, tells nothing');
    expect(BigInt(mailbox.historyId)).toBeGreaterThan(BigInt(before));
    expect((await list({}, before)).history).toBeUndefined();
  });

  const expired = {
    error: {
      code: 404,
      message: 'Requested entity was not found.',
      errors: [{ message: 'Requested entity was not found.', domain: 'global', reason: 'notFound' }],
      status: 'NOT_FOUND',
    },
  };

  it('answers 404 below the floor, and to ids it never gave', async () => {
    mailbox.receive();
    const cursor = mailbox.historyId;
    mailbox.expireHistory();
    expect((await gmail.get(`history?startHistoryId=${cursor}`)).status).toBe(200);
    for (const gone of [start, '1', String(BigInt(cursor) + 1000n)]) {
      const { status, body } = await gmail.get(`history?startHistoryId=${gone}`);
      expect([gone, status, body]).toEqual([gone, 404, expired]);
    }
    mailbox.receive();
    expect((await list({}, cursor)).history).toHaveLength(1);
  });

  it.each([
    ['startHistoryId=0', 'Bad Request', 'badRequest'],
    ['startHistoryId=abc', `Invalid value at 'start_history_id' (TYPE_UINT64), "abc"`, 'invalidArgument'],
    ['startHistoryId=-5', `Invalid value at 'start_history_id' (TYPE_UINT64), "-5"`, 'invalidArgument'],
    ['maxResults=5', 'Missing/invalid startHistoryId', 'badRequest'],
    ['startHistoryId=START&pageToken=nonsense', 'Invalid pageToken', 'badRequest'],
    ['startHistoryId=START&maxResults=many', `Invalid value at 'max_results' (TYPE_UINT32), "many"`, 'invalidArgument'],
    [
      'startHistoryId=START&historyTypes=messagesAdded',
      `Invalid value at 'history_types' (TYPE_ENUM), "messagesAdded"`,
      'invalidArgument',
    ],
    [
      'startHistoryId=START&labelIds=INBOX',
      `Invalid JSON payload received. Unknown name "labelIds": Cannot bind query parameter. Field 'labelIds' could not be found in request message.`,
      'invalidArgument',
    ],
  ])('answers 400 to %s', async (query, message, reason) => {
    const { status, body } = await gmail.get<GmailErrorBody>(`history?${query.replace('START', start)}`);
    expect(status).toBe(400);
    expect(body.error).toEqual({
      code: 400,
      message,
      errors: [{ message, domain: 'global', reason }],
      status: 'INVALID_ARGUMENT',
    });
  });

  it('is open to the metadata scope', async () => {
    mailbox.receive();
    gmail = await caller(sandbox, { scope: METADATA });
    expect((await list()).history?.[0]?.messagesAdded?.[0]?.message.labelIds).toEqual(['UNREAD', 'INBOX']);
  });
});

describe('historyIds', () => {
  it('begin where they are told to, 21 digits long too, and have gaps that the seed repeats', async () => {
    const ids: string[][] = [];
    for (const _ of [1, 2]) {
      const sandbox = await startSandbox({ historyIdStart: '123456789012345678901', seed: 9, now: () => 0 });
      const mailbox = sandbox.mailbox();
      const message = mailbox.receive();
      const first = mailbox.historyId;
      mailbox.receive();
      const gmail = await caller(sandbox);
      const { body } = await gmail.get<Page>(`history?startHistoryId=${first}`);
      expect(body.history?.[0]?.id).toBe(mailbox.historyId);
      expect(first).toHaveLength(21);
      ids.push([message, first, mailbox.historyId]);
      await sandbox.close();
    }
    expect(ids[0]).toEqual(ids[1]);
  });

  it('drops records by age when told to', async () => {
    let now = 1_000_000;
    const sandbox = await startSandbox({ historyRetentionMs: 60_000, now: () => now });
    const start = sandbox.mailbox().historyId;
    sandbox.mailbox().receive();
    const cursor = sandbox.mailbox().historyId;
    now += 60_000;
    const gmail = await caller(sandbox);
    expect((await gmail.get(`history?startHistoryId=${start}`)).status).toBe(200);
    now += 1;
    expect((await gmail.get(`history?startHistoryId=${start}`)).status).toBe(404);
    expect((await gmail.get(`history?startHistoryId=${cursor}`)).status).toBe(200);
    await sandbox.close();
  });
});
