import { auth, gmail, type gmail_v1 } from '@googleapis/gmail';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { METADATA, READONLY } from './caller.js';

type OAuth2Client = InstanceType<typeof auth.OAuth2>;

/** Google's own client, pointed at the sandbox: what it understands is Google's wire format. */
describe('@googleapis/gmail', () => {
  let sandbox: Sandbox;
  let client: OAuth2Client;
  let api: gmail_v1.Gmail;

  beforeEach(async () => {
    sandbox = await startSandbox({ messages: 3, autoConsent: true });
    client = new auth.OAuth2({
      clientId: sandbox.client.clientId,
      clientSecret: sandbox.client.clientSecret,
      redirectUri: 'http://127.0.0.1:1234/',
      endpoints: {
        oauth2AuthBaseUrl: `${sandbox.url}/o/oauth2/v2/auth`,
        oauth2TokenUrl: `${sandbox.url}/token`,
        oauth2RevokeUrl: `${sandbox.url}/revoke`,
        tokenInfoUrl: `${sandbox.url}/tokeninfo`,
      },
    });
    api = gmail({ version: 'v1', auth: client, rootUrl: `${sandbox.url}/`, retry: false });
  });
  afterEach(() => sandbox.close());

  const signIn = (scope = READONLY): void => {
    client.setCredentials({ refresh_token: sandbox.grantRefreshToken({ scope }) });
  };

  it('signs in through the consent page, with PKCE', async () => {
    const { codeVerifier, codeChallenge } = await client.generateCodeVerifierAsync();
    const address = client.generateAuthUrl({
      access_type: 'offline',
      scope: [READONLY],
      state: 's1',
      code_challenge: codeChallenge ?? '',
      // An enum whose package is not ours to import.
      code_challenge_method: 'S256' as never,
    });
    const consent = await fetch(address, { redirect: 'manual' });
    const { searchParams } = new URL(consent.headers.get('location') ?? '');
    expect(searchParams.get('state')).toBe('s1');
    const { tokens } = await client.getToken({ code: searchParams.get('code') ?? '', codeVerifier });
    expect(tokens).toMatchObject({ token_type: 'Bearer', scope: READONLY, refresh_token: expect.any(String) });
    expect(tokens.expiry_date).toBeGreaterThan(Date.now() + 3_500_000);
    client.setCredentials(tokens);
    const { data } = await api.users.getProfile({ userId: 'me' });
    expect(data).toEqual({
      emailAddress: 'sandbox@example.com',
      messagesTotal: 3,
      threadsTotal: 3,
      historyId: sandbox.mailbox().historyId,
    });
    const info = await client.getTokenInfo(tokens.access_token ?? '');
    expect(info).toMatchObject({ aud: sandbox.client.clientId, scopes: [READONLY] });
    await client.revokeToken(tokens.refresh_token ?? '');
    await expect(api.users.getProfile({ userId: 'me' })).rejects.toMatchObject({ status: 401 });
  });

  it('reads history page by page, compressed', async () => {
    signIn();
    const startHistoryId = sandbox.mailbox().historyId;
    const ids = sandbox.mailbox().receiveMany(3);
    sandbox.mailbox().trash(ids[0] ?? '');
    const added: unknown[] = [];
    let pageToken: string | undefined;
    do {
      const { data } = await api.users.history.list({
        userId: 'me',
        startHistoryId,
        maxResults: 2,
        historyTypes: ['messageAdded', 'labelAdded'],
        ...(pageToken !== undefined && { pageToken }),
      });
      for (const record of data.history ?? [])
        added.push(...(record.messagesAdded ?? []).map(({ message }) => message?.id));
      expect(data.historyId).toBe(sandbox.mailbox().historyId);
      pageToken = data.nextPageToken ?? undefined;
    } while (pageToken !== undefined);
    expect(added).toEqual(ids);
    expect(sandbox.requests.filter(({ method }) => method === 'history.list')).toHaveLength(2);
    expect(sandbox.requests.at(-1)?.query['historyTypes']).toEqual(['messageAdded', 'labelAdded']);
  });

  it('reads messages, threads, labels, drafts and settings', async () => {
    signIn();
    const id = sandbox.mailbox().receive({ subject: 'Grüße', body: 'Hello' });
    const list = await api.users.messages.list({ userId: 'me', q: 'subject:grüße', labelIds: ['INBOX', 'UNREAD'] });
    expect(list.data).toEqual({ messages: [{ id, threadId: id }], resultSizeEstimate: 1 });
    const headers = ['Subject', 'From'];
    const metadata = await api.users.messages.get({ userId: 'me', id, format: 'metadata', metadataHeaders: headers });
    expect(metadata.data.payload?.headers?.[0]).toEqual({ name: 'Subject', value: 'Grüße' });
    const raw = await api.users.messages.get({ userId: 'me', id, format: 'raw', fields: 'id,raw' });
    expect(Object.keys(raw.data)).toEqual(['id', 'raw']);
    expect(Buffer.from(raw.data.raw ?? '', 'base64url').toString()).toMatch(/\r\n\r\nHello$/);
    expect((await api.users.threads.get({ userId: 'me', id })).data.messages?.[0]?.id).toBe(id);
    expect((await api.users.labels.list({ userId: 'me' })).data.labels?.length).toBe(14);
    const { draftId } = sandbox.mailbox().saveDraft();
    expect((await api.users.drafts.list({ userId: 'me' })).data.drafts?.[0]?.id).toBe(draftId);
    expect((await api.users.settings.filters.list({ userId: 'me' })).data).toEqual({});
    expect((await api.users.settings.sendAs.list({ userId: 'me' })).data.sendAs?.[0]?.isPrimary).toBe(true);
  });

  it('understands the errors', async () => {
    signIn();
    await expect(api.users.history.list({ userId: 'me', startHistoryId: '1' })).rejects.toMatchObject({
      status: 404,
      response: { data: { error: { errors: [{ domain: 'global', reason: 'notFound' }] } } },
    });
    sandbox.addFault({ method: '*', kind: 'retryAfter403', times: 1 });
    await expect(api.users.labels.list({ userId: 'me' })).rejects.toMatchObject({
      status: 403,
      message: expect.stringMatching(/^User-rate limit exceeded\. {2}Retry after \d{4}-/),
    });
    signIn(METADATA);
    await expect(api.users.messages.list({ userId: 'me', q: 'x' })).rejects.toMatchObject({ status: 403 });
    sandbox.revoke();
    signIn();
    sandbox.revoke();
    await expect(api.users.getProfile({ userId: 'me' })).rejects.toMatchObject({
      status: 400,
      response: { data: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } },
    });
  });
});
