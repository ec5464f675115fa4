import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseFields, selectFields } from '../../src/sandbox/gmail/fields.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { type Caller, caller, type GmailErrorBody } from './caller.js';

describe('fields', () => {
  const value = {
    historyId: '9',
    history: [
      { id: '1', messages: [{ id: 'a' }], messagesAdded: [{ message: { id: 'a', threadId: 't' } }] },
      { id: '2' },
    ],
  };

  it.each([
    ['historyId', { historyId: '9' }],
    ['history/id', { history: [{ id: '1' }, { id: '2' }] }],
    ['history(id),historyId', { history: [{ id: '1' }, { id: '2' }], historyId: '9' }],
    [
      'history(id,messagesAdded/message(id))',
      { history: [{ id: '1', messagesAdded: [{ message: { id: 'a' } }] }, { id: '2' }] },
    ],
    ['history/messagesAdded/message/threadId', { history: [{ messagesAdded: [{ message: { threadId: 't' } }] }, {}] }],
    ['history/id,history/messages', { history: [{ id: '1', messages: [{ id: 'a' }] }, { id: '2' }] }],
    ['history/id,history', { history: value.history }],
    ['*', value],
    ['history/*/id', { history: [{ id: '1', messages: [{ id: 'a' }], messagesAdded: [{}] }, { id: '2' }] }],
    ['nextPageToken', {}],
  ])('%s', (selector, selected) => {
    expect(selectFields(value, parseFields(selector))).toEqual(selected);
  });

  it.each(['', ',', 'a,', 'a(', 'a(b', 'a)', 'a/', 'a()', '(a)', 'a b'])('cannot read "%s"', (selector) => {
    expect(() => parseFields(selector)).toThrow('Invalid field selection');
  });

  describe('of an answer', () => {
    let sandbox: Sandbox;
    let gmail: Caller;
    beforeEach(async () => {
      sandbox = await startSandbox();
      gmail = await caller(sandbox);
    });
    afterEach(() => sandbox.close());

    it('drops the duplicate messages of history', async () => {
      const start = sandbox.mailbox().historyId;
      const id = sandbox.mailbox().receive();
      const { body } = await gmail.get(
        `history?startHistoryId=${start}&fields=${encodeURIComponent('historyId,nextPageToken,history(id,messagesAdded/message(id,threadId,labelIds))')}`,
      );
      const historyId = sandbox.mailbox().historyId;
      expect(body).toEqual({
        history: [{ id: historyId, messagesAdded: [{ message: { id, threadId: id, labelIds: ['UNREAD', 'INBOX'] } }] }],
        historyId,
      });
    });

    it.each([
      ['profile?fields=emailAdress', 'Invalid field selection emailAdress'],
      ['profile?fields=emailAddress/x', 'Invalid field selection x'],
      ['messages?fields=messages(id,labels)', 'Invalid field selection labels'],
      ['messages?fields=messages(id', 'Invalid field selection messages(id'],
    ])('%s is a 400', async (path, message) => {
      const { status, body } = await gmail.get<GmailErrorBody>(path);
      expect([status, body.error.message]).toEqual([400, message]);
    });

    it('reaches into nested parts and settings', async () => {
      const id = sandbox.mailbox().receive({ subject: 'Hello' });
      const part = await gmail.get(`messages/${id}?fields=payload(headers/name,parts/parts/body/size)`);
      expect(Object.keys(part.body)).toEqual(['payload']);
      const { body } = await gmail.get('settings/sendAs?fields=sendAs/sendAsEmail');
      expect(body).toEqual({ sendAs: [{ sendAsEmail: 'sandbox@example.com' }] });
    });
  });
});
