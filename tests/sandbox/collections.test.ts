import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Mailbox, type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { type Caller, caller } from './caller.js';

describe('collections', () => {
  let sandbox: Sandbox;
  let mailbox: Mailbox;
  let gmail: Caller;
  beforeEach(async () => {
    let now = 1_700_000_000_000;
    sandbox = await startSandbox({
      now: () => {
        now += 1000;
        return now;
      },
    });
    mailbox = sandbox.mailbox();
    gmail = await caller(sandbox);
  });
  afterEach(() => sandbox.close());
  const body = async (path: string): Promise<Record<string, unknown>> => {
    const { status, body } = await gmail.get(path);
    expect([path, status]).toEqual([path, 200]);
    return body;
  };

  it('groups messages into threads, the latest first', async () => {
    const first = mailbox.receive({ body: 'one' });
    const other = mailbox.receive({ body: 'two' });
    const otherHistory = mailbox.historyId;
    const reply = mailbox.receive({ threadId: first, body: 'three' });
    expect(await body('threads')).toEqual({
      threads: [
        { id: first, snippet: 'three', historyId: mailbox.historyId },
        { id: other, snippet: 'two', historyId: otherHistory },
      ],
      resultSizeEstimate: 2,
    });
    const page = await body('threads?maxResults=1');
    expect(page['threads']).toHaveLength(1);
    const next = await body(`threads?maxResults=1&pageToken=${page['nextPageToken']}`);
    expect(next['threads']).toMatchObject([{ id: other }]);
    expect(await body(`threads/${first}?format=minimal`)).toMatchObject({
      id: first,
      historyId: mailbox.historyId,
      messages: [{ id: first }, { id: reply, threadId: first }],
    });
    expect((await gmail.get(`threads/${reply}`)).status).toBe(404);
    mailbox.delete(first);
    mailbox.delete(reply);
    expect((await body('threads'))['threads']).toHaveLength(1);
  });

  it('lists drafts under stable ids', async () => {
    expect(await body('drafts')).toEqual({ resultSizeEstimate: 0 });
    mailbox.receive();
    const one = mailbox.saveDraft({ subject: 'One' });
    const two = mailbox.saveDraft();
    const saved = mailbox.saveDraft({ draftId: one.draftId });
    expect(await body('drafts')).toEqual({
      drafts: [
        { id: one.draftId, message: { id: saved.messageId, threadId: one.messageId } },
        { id: two.draftId, message: { id: two.messageId, threadId: two.messageId } },
      ],
      resultSizeEstimate: 2,
    });
    expect(await body(`drafts/${one.draftId}?format=metadata`)).toMatchObject({
      id: one.draftId,
      message: { id: saved.messageId, labelIds: ['DRAFT'] },
    });
    mailbox.sendDraft(one.draftId);
    mailbox.deleteDraft(two.draftId);
    expect(await body('drafts')).toEqual({ resultSizeEstimate: 0 });
    expect((await gmail.get(`drafts/${one.draftId}`)).status).toBe(404);
  });

  it('lists labels, the own ones with their counts', async () => {
    const id = mailbox.createLabel('Work');
    mailbox.receive({ labelIds: [id, 'UNREAD'] });
    mailbox.receive({ labelIds: [id] });
    mailbox.renameLabel(id, 'Works');
    const { labels } = (await body('labels')) as { labels: { id: string; name: string; type: string }[] };
    expect(labels.find((label) => label.id === 'INBOX')).toEqual({ id: 'INBOX', name: 'INBOX', type: 'system' });
    expect(labels.filter((label) => label.type === 'user')).toEqual([
      { id, name: 'Works', messageListVisibility: 'show', labelListVisibility: 'labelShow', type: 'user' },
    ]);
    expect(await body(`labels/${id}`)).toMatchObject({
      messagesTotal: 2,
      messagesUnread: 1,
      threadsTotal: 2,
      threadsUnread: 1,
    });
    mailbox.deleteLabel(id);
    expect((await gmail.get(`labels/${id}`)).status).toBe(404);
  });

  it('lists settings, and no key when there are none', async () => {
    expect(await body('settings/filters')).toEqual({});
    expect(await body('settings/forwardingAddresses')).toEqual({});
    mailbox.settings.filters.push({ id: 'f1', criteria: { from: 'boss' }, action: { addLabelIds: ['STARRED'] } });
    mailbox.settings.forwardingAddresses.push({ forwardingEmail: 'me@example.net', verificationStatus: 'pending' });
    // The one list with a singular key.
    expect(await body('settings/filters')).toEqual({ filter: mailbox.settings.filters });
    expect(await body('settings/forwardingAddresses')).toEqual({
      forwardingAddresses: [{ forwardingEmail: 'me@example.net', verificationStatus: 'pending' }],
    });
    expect(await body('settings/sendAs')).toMatchObject({ sendAs: [{ sendAsEmail: mailbox.email, isPrimary: true }] });
  });

  it('counts in the profile', async () => {
    const first = mailbox.receive();
    mailbox.receive({ threadId: first });
    expect(await body('profile')).toEqual({
      emailAddress: 'sandbox@example.com',
      messagesTotal: 2,
      threadsTotal: 1,
      historyId: mailbox.historyId,
    });
  });

  it.each([
    [() => mailbox.delete('18ffffffffffffff'), 'there is no message 18ffffffffffffff'],
    [() => mailbox.trash('x'), 'there is no message x'],
    [() => mailbox.sendDraft('r1'), 'there is no draft r1'],
    [() => mailbox.deleteLabel('Label_9'), 'there is no label Label_9'],
    [() => mailbox.renameLabel('INBOX', 'x'), 'INBOX is a system label'],
    [() => sandbox.mailbox('nobody@example.com'), 'there is no mailbox nobody@example.com'],
    [() => sandbox.addMailbox('SANDBOX@example.com'), 'there is a mailbox SANDBOX@example.com already'],
    [() => sandbox.grantCode({ clientId: 'x' }), 'there is no client x'],
  ])('a slip of whoever drives it is a clear error (%#)', (slip, message) => {
    expect(slip).toThrow(message);
  });
});
