import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Mailbox, type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { type Caller, caller, type GmailErrorBody, METADATA, READONLY } from './caller.js';

interface Message {
  id: string;
  labelIds?: string[];
  snippet?: string;
  payload?: { headers?: { name: string; value: string }[]; body?: { size: number; data?: string }; partId?: string };
  raw?: string;
  sizeEstimate: number;
  [field: string]: unknown;
}

interface MessagePage {
  messages?: { id: string; threadId: string }[];
  nextPageToken?: string;
  resultSizeEstimate: number;
}

describe('messages', () => {
  const now = Date.UTC(2026, 10, 24, 12, 0, 0, 789);
  let sandbox: Sandbox;
  let mailbox: Mailbox;
  let gmail: Caller;

  beforeEach(async () => {
    sandbox = await startSandbox({ now: () => now });
    mailbox = sandbox.mailbox();
    gmail = await caller(sandbox);
  });
  afterEach(() => sandbox.close());

  const message = async (id: string, query = ''): Promise<Message> => {
    const { status, body } = await gmail.get<Message>(`messages/${id}${query}`);
    expect(status).toBe(200);
    return body;
  };
  const listed = async (query: string): Promise<string[]> => {
    const { status, body } = await gmail.get<MessagePage>(`messages?${query}`);
    expect(status).toBe(200);
    return (body.messages ?? []).map(({ id }) => id);
  };

  describe('get', () => {
    const mail = { from: 'Äda <ada@example.com>', subject: 'Grüße', body: 'Hello & <you>\r\nsecond line' };

    it.each([
      ['minimal', ['historyId', 'id', 'internalDate', 'labelIds', 'sizeEstimate', 'snippet', 'threadId']],
      ['metadata', ['historyId', 'id', 'internalDate', 'labelIds', 'payload', 'sizeEstimate', 'snippet', 'threadId']],
      ['full', ['historyId', 'id', 'internalDate', 'labelIds', 'payload', 'sizeEstimate', 'snippet', 'threadId']],
      ['raw', ['historyId', 'id', 'internalDate', 'labelIds', 'raw', 'sizeEstimate', 'snippet', 'threadId']],
      ['RAW', ['historyId', 'id', 'internalDate', 'labelIds', 'raw', 'sizeEstimate', 'snippet', 'threadId']],
    ])('%s has its own fields', async (format, fields) => {
      const id = mailbox.receive(mail);
      expect(Object.keys(await message(id, `?format=${format}`)).sort()).toEqual(fields);
    });

    it('writes numbers as texts, dates of whole seconds, and an escaped snippet', async () => {
      const id = mailbox.receive(mail);
      expect(await message(id, '?format=minimal')).toMatchObject({
        id,
        threadId: id,
        labelIds: ['UNREAD', 'INBOX'],
        snippet: 'Hello &amp; &lt;you&gt; second line',
        historyId: mailbox.historyId,
        internalDate: String(Math.floor(now / 1000) * 1000),
      });
    });

    it('is full without a format: headers decoded, body in base64url', async () => {
      const id = mailbox.receive(mail);
      const { payload, sizeEstimate } = await message(id);
      const header = (name: string) => payload?.headers?.find((one) => one.name === name)?.value;
      expect([header('Subject'), header('From'), header('To')]).toEqual([mail.subject, mail.from, mailbox.email]);
      expect(header('Date')).toBe('Tue, 24 Nov 2026 12:00:00 +0000');
      expect(Buffer.from(payload?.body?.data ?? '', 'base64url').toString()).toBe(mail.body);
      expect(payload?.body?.size).toBe(mail.body.length);
      const { raw } = await message(id, '?format=raw');
      const text = Buffer.from(raw ?? '', 'base64url').toString();
      expect(text).toContain('Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n');
      expect(text).toContain('From: =?UTF-8?B?w4RkYQ==?= <ada@example.com>\r\n');
      expect(text.endsWith(`\r\n\r\n${mail.body}`)).toBe(true);
      expect(sizeEstimate).toBe(Buffer.byteLength(text));
    });

    it('gives the asked headers of metadata only, in any case', async () => {
      const id = mailbox.receive(mail);
      const some = await message(id, '?format=metadata&metadataHeaders=subject&metadataHeaders=FROM');
      expect(some.payload?.headers?.map(({ name }) => name)).toEqual(['Subject', 'From']);
      const none = await message(id, '?format=metadata&metadataHeaders=X-Nothing');
      expect(none.payload).toEqual({ mimeType: 'text/plain' });
      expect((await message(id, '?format=metadata')).payload?.headers?.length).toBeGreaterThan(8);
    });

    it('leaves labelIds out when there are none', async () => {
      const id = mailbox.receive({ labelIds: [] });
      expect(await message(id)).not.toHaveProperty('labelIds');
    });

    it('fills a large message up to its size', async () => {
      const id = mailbox.receive({ size: 3_000_000, body: 'begins so ' });
      const { payload } = await message(id);
      const body = Buffer.from(payload?.body?.data ?? '', 'base64url');
      expect([payload?.body?.size, body.length, body.subarray(0, 10).toString()]).toEqual([
        3_000_000,
        3_000_000,
        'begins so ',
      ]);
    });

    it('answers 404 to what is gone and 400 to what is no id', async () => {
      const id = mailbox.receive();
      mailbox.delete(id);
      const gone = await gmail.get<GmailErrorBody>(`messages/${id}`);
      expect([gone.status, gone.body.error.errors[0]?.reason]).toEqual([404, 'notFound']);
      const wrong = await gmail.get<GmailErrorBody>('messages/not-an-id');
      expect([wrong.status, wrong.body.error.message]).toEqual([400, 'Invalid id value']);
    });
  });

  describe('with the metadata scope', () => {
    it.each([METADATA, `${METADATA} ${READONLY}`])('%s: no full, no raw, no q, no snippet', async (scope) => {
      const id = mailbox.receive();
      gmail = await caller(sandbox, { scope });
      for (const [path, sentence] of [
        [`messages/${id}`, "Metadata scope doesn't allow format FULL"],
        [`messages/${id}?format=raw`, "Metadata scope doesn't allow format RAW"],
        [`threads/${id}?format=full`, "Metadata scope doesn't allow format FULL"],
        ['messages?q=in:inbox', "Metadata scope does not support 'q' parameter"],
      ]) {
        const { status, body } = await gmail.get<GmailErrorBody>(path ?? '');
        expect([path, status, body.error.message]).toEqual([path, 403, sentence]);
        expect([body.error.status, body.error.errors[0]?.reason]).toEqual(['PERMISSION_DENIED', 'forbidden']);
      }
      const allowed = await message(id, '?format=metadata');
      expect(allowed).not.toHaveProperty('snippet');
      expect(allowed.payload?.headers?.length).toBeGreaterThan(8);
      expect(await listed('labelIds=INBOX')).toEqual([id]);
    });
  });

  describe('list', () => {
    it('is newest first, whatever the order of arrival', async () => {
      const middle = mailbox.receive({ internalDate: now - 2000 });
      const oldest = mailbox.receive({ internalDate: now - 3000 });
      const [first, second] = mailbox.receiveMany(2, { internalDate: now });
      expect(await listed('')).toEqual([second, first, middle, oldest]);
      expect(mailbox.messageIds()).toEqual([oldest, middle, first, second]);
    });

    it('has no messages key when it is empty', async () => {
      const { body } = await gmail.get('messages');
      expect(body).toEqual({ resultSizeEstimate: 0 });
    });

    it('leaves spam and trash out unless they are asked for', async () => {
      const inbox = mailbox.receive();
      const spam = mailbox.receive();
      mailbox.markSpam(spam);
      const trash = mailbox.receive();
      mailbox.trash(trash);
      expect(await listed('')).toEqual([inbox]);
      expect(await listed('includeSpamTrash=true')).toEqual([trash, spam, inbox]);
      expect(await listed('labelIds=TRASH')).toEqual([trash]);
      expect(await listed('q=in:anywhere')).toEqual([trash, spam, inbox]);
      expect(await listed('q=in:spam')).toEqual([spam]);
    });

    it('needs all of the labels', async () => {
      mailbox.receive();
      const both = mailbox.receive({ labelIds: ['INBOX', 'STARRED'] });
      expect(await listed('labelIds=INBOX&labelIds=STARRED')).toEqual([both]);
    });

    it('pages without repeating or skipping when mail arrives meanwhile', async () => {
      const ids = mailbox.receiveMany(5).reverse();
      const first = await gmail.get<MessagePage>('messages?maxResults=2');
      expect(first.body.resultSizeEstimate).toBe(5);
      mailbox.receive();
      const second = await gmail.get<MessagePage>(`messages?maxResults=2&pageToken=${first.body.nextPageToken}`);
      const third = await gmail.get<MessagePage>(`messages?maxResults=2&pageToken=${second.body.nextPageToken}`);
      const seen = [first, second, third].flatMap(({ body }) => (body.messages ?? []).map(({ id }) => id));
      expect(seen).toEqual(ids);
      expect(third.body).not.toHaveProperty('nextPageToken');
    });

    it('refuses the page token of another method', async () => {
      mailbox.receiveMany(3);
      const { body } = await gmail.get<MessagePage>('threads?maxResults=1');
      const { status } = await gmail.get(`messages?pageToken=${body.nextPageToken}`);
      expect(status).toBe(400);
    });
  });
});
