import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GmailError } from '../../src/gmail/errors.js';
import { accountBudget, Governor, projectBudget } from '../../src/gmail/quota.js';
import { createTransport, type Transport } from '../../src/gmail/transport.js';
import type { FaultKind, Sandbox } from '../../src/sandbox/index.js';
import { startSandbox } from '../../src/sandbox/index.js';
import type { Store } from '../../src/store/port.js';
import { type Home, skippingClock, temporaryHome } from '../core/accounts/context.js';
import { ACCOUNT, clientOf, PROJECT, sandboxTokens } from './sandbox-client.js';

let home: Home;
let store: Store;
let sandbox: Sandbox;
let clock: ReturnType<typeof skippingClock>;

beforeEach(async () => {
  home = temporaryHome();
  clock = skippingClock();
  store = (await home.open({}, clock)).store;
  sandbox = await startSandbox({ messages: 3 });
});
afterEach(async () => {
  await sandbox.close();
  await home.close();
});

async function failure(call: Promise<unknown>): Promise<GmailError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GmailError);
  return error as GmailError;
}

describe('the clocks', () => {
  it.each<[string, number, number, number]>([
    ['agree', 0, 0, 0],
    ['agree, though the request or its answer took half a minute', -30_000, 0, 0],
    ['agree, though the answer’s body took half a minute', 0, 30_000, 0],
    ['differ: this machine’s is behind', -30_000, -30_000, -30_000],
    ['differ: this machine’s is ahead', 40_000, 40_000, 40_000],
    ['differ by what the answer’s end says: windows begin earlier by it', 40_000, 70_000, 70_000],
  ])('%s', async (_name, before, after, ahead) => {
    let offset = before;
    const shifted = { now: () => Date.now() + offset, sleep: clock.sleep };
    const send = createTransport({});
    const transport: Transport = async (request) => {
      const answer = await send(request);
      offset = after;
      return answer;
    };
    const gmail = clientOf(sandbox, store, shifted, { transport });
    await gmail.getProfile();
    // A Date is in whole seconds.
    expect(Math.abs(gmail.clockAheadMs - ahead)).toBeLessThan(ahead === 0 ? 1 : 2500);
  });
});

describe('calls', () => {
  it('reads history in its own fields only, one request and 2 units for an idle poll', async () => {
    const gmail = clientOf(sandbox, store, clock);
    const { historyId } = await gmail.getProfile();
    sandbox.resetRequests();
    const idle = await gmail.historyList({ startHistoryId: historyId, maxResults: 500 });
    expect(idle).toEqual({ history: [], historyId });
    expect(sandbox.spent()).toEqual({ requests: 1, units: 2 });
    const id = sandbox.mailbox().receive();
    const page = await gmail.historyList({
      startHistoryId: historyId,
      maxResults: 500,
      historyTypes: ['messageAdded', 'labelAdded'],
    });
    expect(page.history[0]?.messagesAdded?.[0]?.message).toMatchObject({
      id,
      labelIds: expect.arrayContaining(['INBOX', 'UNREAD']),
    });
    expect(page.history[0]).not.toHaveProperty('messages');
    const { query } = sandbox.requests.at(-1) ?? { query: {} };
    expect(query).toMatchObject({
      historyTypes: ['messageAdded', 'labelAdded'],
      prettyPrint: ['false'],
      maxResults: ['500'],
    });
    expect(gmail.usage).toEqual({ requests: 3, units: 5 });
  });

  it('lists, gets and lists collections', async () => {
    const gmail = clientOf(sandbox, store, clock, { tokens: sandboxTokens(sandbox, 'https://mail.google.com/') });
    const { messages } = await gmail.messagesList({ labelIds: ['INBOX'], maxResults: 2, includeSpamTrash: true });
    expect(messages).toHaveLength(2);
    const id = messages[0]?.id ?? '';
    const message = await gmail.messagesGet(id, { format: 'metadata', metadataHeaders: ['Subject', 'From'] });
    expect(message).toMatchObject({ id, labelIds: expect.any(Array), internalDate: expect.stringMatching(/^\d+$/) });
    const paths = [
      'messages',
      'threads',
      'drafts',
      'labels',
      'settings/filters',
      'settings/forwardingAddresses',
      'settings/sendAs',
    ];
    for (const path of paths) expect(Array.isArray((await gmail.list(path, [])).records)).toBe(true);
    expect((await gmail.list('labels', [])).records.map(({ id }) => id)).toContain('INBOX');
    expect((await failure(gmail.list('settings/vacation', []))).class).toBe('bug');
  });

  it('finds its way back from the last page', async () => {
    const gmail = clientOf(sandbox, store, clock);
    const { historyId: startHistoryId } = await gmail.getProfile();
    const received = sandbox.mailbox().receiveMany(5);
    const found: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await gmail.historyList({ startHistoryId, maxResults: 2, ...(pageToken && { pageToken }) });
      found.push(...page.history.flatMap(({ messagesAdded = [] }) => messagesAdded.map(({ message }) => message.id)));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    expect(found).toEqual(received);
  });

  it('ignores fields it does not know', async () => {
    sandbox.addFault({ method: '*', kind: 'unknownField' });
    const gmail = clientOf(sandbox, store, clock);
    const { historyId } = await gmail.getProfile();
    sandbox.mailbox().receive();
    expect((await gmail.historyList({ startHistoryId: historyId, maxResults: 10 })).history).toHaveLength(1);
  });

  it('has at most four requests of an account in flight', async () => {
    sandbox.addFault({ method: 'messages.get', kind: 'slow', delayMs: 60 });
    const gmail = clientOf(sandbox, store, clock);
    const [id = ''] = sandbox.mailbox().messageIds();
    const before = Date.now();
    await Promise.all(Array.from({ length: 12 }, () => gmail.messagesGet(id, { format: 'minimal' })));
    expect(Date.now() - before).toBeGreaterThan(170);
  });
});

describe('faults', () => {
  const retried: FaultKind[] = [
    'backendError500',
    'backendError502',
    'backendError503',
    'backendError504',
    'html502',
    'truncatedJson',
    'emptyBody',
    'reset',
    'hang',
  ];

  it.each(retried)('%s once is retried', async (kind) => {
    sandbox.addFault({ method: 'getProfile', kind, times: 1 });
    const gmail = clientOf(sandbox, store, clock);
    expect(await gmail.getProfile()).toMatchObject({ emailAddress: sandbox.mailbox().email });
    expect(gmail.usage.requests).toBe(2);
    expect(clock.slept).toEqual([1500]);
  });

  it.each(retried.filter((kind) => kind !== 'hang'))('%s for good is a failure after five tries', async (kind) => {
    sandbox.addFault({ method: 'getProfile', kind });
    const gmail = clientOf(sandbox, store, clock);
    const error = await failure(gmail.getProfile());
    expect(error).toMatchObject({ class: 'retry', code: 'failed', hint: expect.any(String) });
    expect(error.message.length).toBeGreaterThan(20);
    expect(clock.slept).toEqual([1500, 2000, 3000, 5000]);
    expect(gmail.usage).toEqual({ requests: 5, units: 5 });
  });

  it.each<[FaultKind, string, string, number]>([
    ['insufficientScope403', 'reauthorize', 'auth', 403],
    ['apiDisabled403', 'operator', 'failed', 403],
    ['domainPolicy403', 'operator', 'auth', 403],
    ['metadataScope403', 'permanent', 'auth', 403],
    ['forbidden403', 'permanent', 'failed', 403],
    ['badRequest400', 'bug', 'failed', 400],
    ['failedPrecondition400', 'permanent', 'failed', 400],
    ['mailNotEnabled400', 'permanent', 'failed', 400],
    ['notFound404', 'permanent', 'failed', 404],
  ])('%s is final: %s', async (kind, errorClass, code, status) => {
    sandbox.addFault({ method: 'history.list', kind });
    const gmail = clientOf(sandbox, store, clock);
    const error = await failure(gmail.historyList({ startHistoryId: '1', maxResults: 500 }));
    expect(error).toMatchObject({ class: errorClass, code, status });
    expect(error.notFound).toBe(status === 404);
    expect(gmail.usage.requests).toBe(1);
  });

  it.each<FaultKind>([
    'rateLimit403',
    'userRateLimit403',
    'quotaExceeded403',
    'tooManyConcurrent429',
    'resourceExhausted429',
  ])('%s is waited for a little, five tries in all, and then ends with 75', async (kind) => {
    sandbox.addFault({ method: 'getProfile', kind, times: 2 });
    const gmail = clientOf(sandbox, store, clock);
    await gmail.getProfile();
    expect(gmail.usage.requests).toBe(3);
    sandbox.addFault({ method: 'getProfile', kind });
    const error = await failure(gmail.getProfile());
    expect(error).toMatchObject({ class: 'throttle', code: 'retry_later', retryAt: expect.any(Number) });
    expect(error.reason).toMatch(/rateLimitExceeded|userRateLimitExceeded/i);
    expect(gmail.usage.requests).toBe(8);
  });

  it.each<[FaultKind, boolean]>([
    ['retryAfter403', false],
    ['retryAfter429', false],
    ['rateLimit403', true],
    ['resourceExhausted429', true],
  ])('%s (header: %s): never asks again before the time, in no process', async (kind, header) => {
    sandbox.addFault({ method: 'getProfile', kind, times: 1, retryAfterSeconds: 900, header });
    const first = clientOf(sandbox, store, clock);
    const error = await failure(first.getProfile());
    expect(error).toMatchObject({ class: 'throttle', code: 'retry_later' });
    expect((error.retryAt ?? 0) - clock.now()).toBeGreaterThan(890_000);
    const second = clientOf(sandbox, (await home.open({}, clock)).store, clock);
    await failure(second.getProfile());
    await failure(first.historyList({ startHistoryId: '1', maxResults: 1 }));
    expect(sandbox.spent().requests).toBe(1);
    clock.skipped += 900_000 + 1000;
    expect(await second.getProfile()).toMatchObject({ emailAddress: sandbox.mailbox().email });
  });

  it('heeds the time that a fault of Google’s names, and gives up on a long one', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'html502', times: 1, retryAfterSeconds: 7, header: true });
    const gmail = clientOf(sandbox, store, clock);
    await gmail.getProfile();
    expect(clock.slept).toEqual([7000]);
    sandbox.addFault({ method: 'getProfile', kind: 'html502', retryAfterSeconds: 120, header: true });
    expect(await failure(gmail.getProfile())).toMatchObject({ class: 'retry', status: 502 });
    expect(gmail.usage.requests).toBe(3);
  });

  it('waits for a cooldown of up to 10 s, with at most a second more', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'retryAfter429', times: 1, retryAfterSeconds: 8 });
    await clientOf(sandbox, store, clock).getProfile();
    const waited = clock.slept.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThan(6900);
    expect(waited).toBeLessThan(10_000);
  });

  it('waits for a long cooldown when told to', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'retryAfter403', times: 1, retryAfterSeconds: 3600 });
    const gmail = clientOf(sandbox, store, clock, { waitForCooldown: true });
    await gmail.getProfile();
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(3_590_000);
  });

  it('heeds a cooldown that another process was given while the budget was waited for', async () => {
    const budgets = { account: accountBudget(ACCOUNT, 1), project: projectBudget(PROJECT, 1000) };
    const waiting = {
      now: clock.now,
      async sleep(ms: number) {
        await store.quota.setCooldown(ACCOUNT, clock.now() + 3_600_000, clock.now(), 'another was told');
        await clock.sleep(ms);
      },
    };
    const governor = new Governor(store.quota, waiting, { unit: () => 0.5 });
    const gmail = clientOf(sandbox, store, clock, { budgets, governor });
    await gmail.getProfile();
    expect(await failure(gmail.getProfile())).toMatchObject({ class: 'throttle', code: 'retry_later' });
    expect(sandbox.spent().requests).toBe(1);
    expect(gmail.usage).toEqual({ requests: 1, units: 1 });
  });

  it('a daily limit rests the whole project until midnight Pacific', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'dailyLimit403' });
    const error = await failure(clientOf(sandbox, store, clock).getProfile());
    expect(error.message).toMatch(/daily limit.*midnight Pacific/);
    expect(await store.quota.cooldown([PROJECT], clock.now(), clock.now())).toMatchObject({ until: error.retryAt });
    const other = clientOf(sandbox, store, clock, { account: 'another@example.com~client' });
    await failure(other.getProfile());
    expect(sandbox.spent().requests).toBe(1);
  });

  it('refreshes once after a 401, also in the middle of pages', async () => {
    const tokens = sandboxTokens(sandbox);
    const gmail = clientOf(sandbox, store, clock, { tokens });
    const { historyId } = await gmail.getProfile();
    sandbox.mailbox().receiveMany(4);
    const page = await gmail.historyList({ startHistoryId: historyId, maxResults: 2 });
    sandbox.expireAccessTokens();
    const next = await gmail.historyList({
      startHistoryId: historyId,
      maxResults: 2,
      ...(page.nextPageToken && { pageToken: page.nextPageToken }),
    });
    expect(next.history).toHaveLength(2);
    expect(tokens.fetched).toHaveLength(2);
  });

  it('a 401 with a fresh token needs authorization', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'unauthorized401' });
    const gmail = clientOf(sandbox, store, clock);
    expect(await failure(gmail.getProfile())).toMatchObject({ class: 'reauthorize', code: 'auth', status: 401 });
    expect(gmail.usage.requests).toBe(2);
  });

  it('stops at once when aborted, in a request and in a wait', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'hang' });
    const stop = new AbortController();
    const gmail = clientOf(sandbox, store, clock, { signal: stop.signal });
    const call = gmail.getProfile();
    while (sandbox.requests.length === 0) await new Promise((turn) => setTimeout(turn, 2));
    stop.abort(new Error('drained'));
    await expect(call).rejects.toThrow('drained');
    await expect(gmail.getProfile()).rejects.toThrow('drained');
  });

  it('leaves no token in any error', async () => {
    const tokens = sandboxTokens(sandbox);
    const kinds: FaultKind[] = [
      'backendError500',
      'reset',
      'truncatedJson',
      'forbidden403',
      'unauthorized401',
      'retryAfter429',
    ];
    for (const kind of kinds) {
      sandbox.clearFaults();
      sandbox.addFault({ method: 'getProfile', kind });
      const error = await failure(clientOf(sandbox, store, clock, { tokens }).getProfile());
      const text = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + String(error.stack);
      for (const token of tokens.fetched) expect(text).not.toContain(token);
      expect(text).not.toContain('Bearer');
    }
  });
});

describe('spending', () => {
  it('adds up in the store what was sent', async () => {
    const gmail = clientOf(sandbox, store, clock);
    const [id = ''] = sandbox.mailbox().messageIds();
    await gmail.getProfile();
    await Promise.all(Array.from({ length: 8 }, () => gmail.messagesGet(id, { format: 'minimal' })));
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    expect(await store.quota.spentOn(day)).toEqual([{ account: ACCOUNT, requests: 9, units: 161 }]);
    expect(gmail.usage).toEqual({ requests: 9, units: 161 });
  });
});
