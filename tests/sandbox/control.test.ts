import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { type Caller, caller, control, redeem, refresh } from './caller.js';

describe('driving over HTTP', () => {
  let sandbox: Sandbox;
  let gmail: Caller;
  beforeEach(async () => {
    sandbox = await startSandbox();
    gmail = await caller(sandbox);
  });
  afterEach(() => sandbox.close());

  const does = async <T = Record<string, unknown>>(name: string, body?: unknown): Promise<T> => {
    const answer = await control<T>(sandbox, name, body);
    expect([name, answer.status, answer.body]).toEqual([name, 200, answer.body]);
    return answer.body;
  };

  it('lets mail arrive', async () => {
    const { ids, historyId } = await does<{ ids: string[]; historyId: string }>('receive', {
      count: 2,
      subject: 'Hello',
      labelIds: ['INBOX'],
    });
    expect(ids).toEqual(sandbox.mailbox().messageIds());
    expect(historyId).toBe(sandbox.mailbox().historyId);
    const { body } = await gmail.get(`messages/${ids[0]}?format=metadata&metadataHeaders=Subject`);
    expect(body).toMatchObject({ labelIds: ['INBOX'], payload: { headers: [{ name: 'Subject', value: 'Hello' }] } });
    expect((await does<{ ids: string[] }>('receive')).ids).toHaveLength(1);
    const before = sandbox.mailbox().historyId;
    await does('receive', { count: 3, inOneRecord: true });
    expect((await gmail.get(`history?startHistoryId=${before}`)).body['history']).toHaveLength(1);
  });

  it('changes messages', async () => {
    const id = sandbox.mailbox().receive();
    expect(await does('labels', { id, add: ['STARRED'], remove: ['UNREAD'] })).toMatchObject({
      labelIds: ['INBOX', 'STARRED'],
    });
    expect(await does('trash', { id })).toMatchObject({ labelIds: ['STARRED', 'TRASH'] });
    expect(await does('untrash', { id })).toMatchObject({ labelIds: ['STARRED'] });
    expect(await does('spam', { id })).toMatchObject({ labelIds: ['STARRED', 'SPAM'] });
    expect(await does('unspam', { id })).toMatchObject({ labelIds: ['STARRED', 'INBOX'] });
    await does('delete', { id });
    expect(sandbox.mailbox().messageIds()).toEqual([]);
  });

  it('writes drafts and sends them', async () => {
    const draft = await does<{ draftId: string; messageId: string }>('draft', { subject: 'A plan' });
    const sent = await does<{ messageId: string }>('draft', { draftId: draft.draftId, send: true });
    expect(sandbox.mailbox().labelsOf(sent.messageId)).toEqual(['SENT']);
  });

  it('makes labels and mailboxes', async () => {
    const { id } = await does<{ id: string }>('create-label', { name: 'Work' });
    expect((await gmail.get(`labels/${id}`)).body['name']).toBe('Work');
    await does('delete-label', { id });
    await does('mailbox', { email: 'two@example.com', messages: 4 });
    expect(sandbox.mailbox('two@example.com').messageIds()).toHaveLength(4);
    await does('receive', { email: 'two@example.com' });
    expect(sandbox.mailbox('two@example.com').messageIds()).toHaveLength(5);
  });

  it('expires history and gives empty pages', async () => {
    const start = sandbox.mailbox().historyId;
    sandbox.mailbox().receive();
    await does('empty-pages', { count: 1 });
    expect((await gmail.get(`history?startHistoryId=${start}`)).body).not.toHaveProperty('history');
    await does('expire-history');
    expect((await gmail.get(`history?startHistoryId=${start}`)).status).toBe(404);
  });

  it('switches faults on and off', async () => {
    await does('fault', { kind: 'backendError503', method: 'getProfile', times: 1, after: 1 });
    expect((await gmail.get('profile')).status).toBe(200);
    expect((await gmail.get('profile')).status).toBe(503);
    await does('fault', { kind: 'rateLimit403' });
    expect((await gmail.get('profile')).status).toBe(403);
    await does('clear-faults');
    expect((await gmail.get('profile')).status).toBe(200);
  });

  it('grants, expires, rotates and revokes', async () => {
    const { code } = await does<{ code: string }>('grant-code', { redirectUri: 'https://x.example/cb' });
    const { body } = await redeem(sandbox, code, { redirect_uri: 'https://x.example/cb' });
    await does('expire-access-tokens');
    expect((await gmail.get('profile')).status).toBe(401);
    await does('rotate-refresh-tokens');
    const rotated = await refresh(sandbox, body.refresh_token ?? '');
    expect(rotated.body.refresh_token).toBeDefined();
    await does('rotate-refresh-tokens', { on: false });
    await does('revoke');
    expect((await refresh(sandbox, rotated.body.refresh_token ?? '')).body.error).toBe('invalid_grant');
  });

  it('answers the consent page', async () => {
    const address = `${sandbox.url}/o/oauth2/v2/auth?${new URLSearchParams({
      client_id: sandbox.client.clientId,
      redirect_uri: 'http://127.0.0.1:1/',
      response_type: 'code',
      scope: 'https://mail.google.com/',
    })}`;
    const location = async (): Promise<string | null> =>
      (await fetch(address, { redirect: 'manual' })).headers.get('location');
    await does('consent', {});
    expect(await location()).toContain('code=');
    await does('consent', { deny: true });
    expect(await location()).toContain('error=access_denied');
    await does('ask-consent');
    expect(await location()).toBeNull();
  });

  it('shows its state and its requests, without a secret', async () => {
    sandbox.mailbox().receive({ subject: 'Newest' });
    sandbox.addFault({ method: 'getProfile', kind: 'backendError500', times: 2 });
    await gmail.get('profile');
    const state = await (await fetch(`${sandbox.url}/sandbox/state`)).text();
    expect(JSON.parse(state)).toMatchObject({
      url: sandbox.url,
      mailboxes: [{ email: 'sandbox@example.com', messages: 1, newest: [{ subject: 'Newest' }] }],
      faults: [{ method: 'getProfile', kind: 'backendError500', times: 1 }],
      spent: { requests: 1, units: 1 },
    });
    expect(state).not.toContain(sandbox.client.clientSecret);
    const shown = await fetch(`${sandbox.url}/sandbox/requests?method=getProfile`);
    expect(await shown.json()).toMatchObject({
      requests: [{ method: 'getProfile', status: 500 }],
      spent: { units: 1 },
    });
    await does('reset-requests');
    expect(sandbox.requests).toEqual([]);
  });

  it.each([
    ['explode', {}, 'there is no command "explode"; there are receive, labels,'],
    ['constructor', {}, 'there is no command "constructor"'],
    ['receive', '{"count":', 'receive: the body is not JSON'],
    ['receive', '[1]', 'receive: the body must be a JSON object'],
    ['receive', { howMany: 3 }, 'receive: unknown field "howMany"; it takes email, count,'],
    ['receive', { count: '3' }, 'receive: "count" must be a whole number, 0 or more'],
    ['receive', { count: -1 }, 'receive: "count" must be a whole number, 0 or more'],
    ['receive', { count: 100_001 }, 'receive: "count" must be at most 100000'],
    ['receive', { labelIds: 'INBOX' }, 'receive: "labelIds" must be a list of texts'],
    ['receive', { subject: 5 }, 'receive: "subject" must be a text'],
    ['receive', { inOneRecord: 'yes' }, 'receive: "inOneRecord" must be true or false'],
    ['receive', { email: 'nobody@example.com' }, 'there is no mailbox nobody@example.com'],
    ['trash', {}, 'trash: "id" is missing'],
    ['trash', { id: 'x' }, 'there is no message x'],
    ['expire-history', { now: true }, 'expire-history: unknown field "now"; it takes email'],
    ['clear-faults', { all: true }, 'clear-faults: unknown field "all"; it takes none'],
    ['fault', { kind: 'explode' }, 'unknown fault kind "explode"'],
  ])('POST %s with %j is a 400 that says why', async (name, body, sentence) => {
    const answer = await control(sandbox, name, body);
    expect([answer.status, answer.body['error']]).toEqual([400, expect.stringContaining(sentence)]);
  });

  it('is not logged, and is not there when it is not wanted', async () => {
    sandbox.resetRequests();
    expect((await fetch(`${sandbox.url}/sandbox/nothing`)).status).toBe(400);
    expect((await fetch(`${sandbox.url}/sandbox/receive`, { method: 'DELETE' })).status).toBe(400);
    expect(sandbox.requests).toEqual([]);
    const closed = await startSandbox({ control: false });
    try {
      expect((await fetch(`${closed.url}/sandbox/state`)).status).toBe(404);
    } finally {
      await closed.close();
    }
  });
});
