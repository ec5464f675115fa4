import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FAULT_KINDS, type Fault, type FaultKind, type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { type Caller, caller, type GmailErrorBody, refresh } from './caller.js';

const now = Date.UTC(2026, 7, 29, 5, 55, 52, 250);

describe('faults', () => {
  let sandbox: Sandbox;
  let gmail: Caller;
  beforeEach(async () => {
    sandbox = await startSandbox({ now: () => now, messages: 3 });
    gmail = await caller(sandbox);
  });
  afterEach(() => sandbox.close());

  const raw = (path: string): Promise<Response> =>
    fetch(`${sandbox.url}/gmail/v1/users/me/${path}`, { headers: { authorization: `Bearer ${gmail.accessToken}` } });

  const PROJECT = '123456789012';
  const gmailBodies: [FaultKind, number, string, string, string, string][] = [
    ['rateLimit403', 403, 'PERMISSION_DENIED', 'usageLimits', 'rateLimitExceeded', 'Rate Limit Exceeded'],
    ['userRateLimit403', 403, 'PERMISSION_DENIED', 'usageLimits', 'userRateLimitExceeded', 'User Rate Limit Exceeded'],
    [
      'quotaExceeded403',
      403,
      'PERMISSION_DENIED',
      'usageLimits',
      'rateLimitExceeded',
      `Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service 'gmail.googleapis.com' for consumer 'project_number:${PROJECT}'.`,
    ],
    [
      'retryAfter403',
      403,
      'PERMISSION_DENIED',
      'usageLimits',
      'userRateLimitExceeded',
      'User-rate limit exceeded.  Retry after 2026-08-29T05:56:52.250Z',
    ],
    ['dailyLimit403', 403, 'PERMISSION_DENIED', 'usageLimits', 'dailyLimitExceeded', 'Daily Limit Exceeded'],
    [
      'insufficientScope403',
      403,
      'PERMISSION_DENIED',
      'global',
      'insufficientPermissions',
      'Request had insufficient authentication scopes.',
    ],
    [
      'apiDisabled403',
      403,
      'PERMISSION_DENIED',
      'usageLimits',
      'accessNotConfigured',
      `Gmail API has not been used in project ${PROJECT} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/gmail.googleapis.com/overview?project=${PROJECT} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
    ],
    [
      'domainPolicy403',
      403,
      'PERMISSION_DENIED',
      'global',
      'domainPolicy',
      'The domain administrators have disabled Gmail apps.',
    ],
    [
      'metadataScope403',
      403,
      'PERMISSION_DENIED',
      'global',
      'forbidden',
      "Metadata scope does not support 'q' parameter",
    ],
    ['forbidden403', 403, 'PERMISSION_DENIED', 'global', 'forbidden', 'The caller does not have permission'],
    [
      'tooManyConcurrent429',
      429,
      'RESOURCE_EXHAUSTED',
      'global',
      'rateLimitExceeded',
      'Too many concurrent requests for user',
    ],
    [
      'resourceExhausted429',
      429,
      'RESOURCE_EXHAUSTED',
      'global',
      'rateLimitExceeded',
      'Resource has been exhausted (e.g. check quota).',
    ],
    [
      'retryAfter429',
      429,
      'RESOURCE_EXHAUSTED',
      'global',
      'rateLimitExceeded',
      'User-rate limit exceeded.  Retry after 2026-08-29T05:56:53Z',
    ],
    ['unauthorized401', 401, 'UNAUTHENTICATED', 'global', 'authError', 'Invalid Credentials'],
    ['badRequest400', 400, 'INVALID_ARGUMENT', 'global', 'badRequest', 'Bad Request'],
    ['failedPrecondition400', 400, 'FAILED_PRECONDITION', 'global', 'failedPrecondition', 'Precondition check failed.'],
    ['mailNotEnabled400', 400, 'FAILED_PRECONDITION', 'global', 'failedPrecondition', 'Mail service not enabled'],
    ['notFound404', 404, 'NOT_FOUND', 'global', 'notFound', 'Requested entity was not found.'],
    ['backendError500', 500, 'INTERNAL', 'global', 'backendError', 'Backend Error'],
    ['backendError502', 502, 'UNAVAILABLE', 'global', 'backendError', 'Backend Error'],
    ['backendError503', 503, 'UNAVAILABLE', 'global', 'backendError', 'Backend Error'],
    ['backendError504', 504, 'DEADLINE_EXCEEDED', 'global', 'backendError', 'Backend Error'],
  ];

  it.each(gmailBodies)('%s has Google’s body', async (kind, code, status, domain, reason, message) => {
    sandbox.addFault({ method: 'getProfile', kind });
    const { status: http, body, headers } = await gmail.get<GmailErrorBody>('profile');
    expect([http, body.error.code, body.error.status, body.error.message]).toEqual([code, code, status, message]);
    expect(body.error.errors).toHaveLength(1);
    expect([body.error.errors[0]?.domain, body.error.errors[0]?.reason]).toEqual([domain, reason]);
    expect(headers.get('retry-after')).toBeNull();
    expect(sandbox.requests.at(-1)).toMatchObject({ method: 'getProfile', status: code, units: 1 });
  });

  it('carries ErrorInfo where Google does', async () => {
    sandbox.addFault({ method: '*', kind: 'apiDisabled403' });
    const { body } = await gmail.get<GmailErrorBody>('profile');
    expect(body.error.details?.[0]).toMatchObject({
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'SERVICE_DISABLED',
      metadata: { activationUrl: expect.stringContaining(PROJECT) },
    });
  });

  const tokenBodies: [FaultKind, number, Record<string, string>][] = [
    ['invalidGrant', 400, { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' }],
    [
      'invalidRapt',
      400,
      {
        error: 'invalid_grant',
        error_description: 'reauth related error (invalid_rapt)',
        error_subtype: 'invalid_rapt',
      },
    ],
    ['invalidClient', 401, { error: 'invalid_client', error_description: 'The provided client secret is invalid.' }],
    [
      'unauthorizedClient',
      401,
      {
        error: 'unauthorized_client',
        error_description:
          'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
      },
    ],
    ['backendError503', 503, { error: 'internal_failure', error_description: 'Backend Error' }],
    ['resourceExhausted429', 429, { error: 'rate_limit_exceeded', error_description: 'Too Many Requests' }],
  ];

  it.each(tokenBodies)('%s at the token endpoint', async (kind, status, body) => {
    sandbox.addFault({ method: 'token', kind });
    expect(await refresh(sandbox, sandbox.grantRefreshToken())).toMatchObject({ status, body });
  });

  it('covers every kind there is', () => {
    const tested = [...gmailBodies.map(([kind]) => kind), ...tokenBodies.map(([kind]) => kind)];
    const transport = [
      'html502',
      'truncatedJson',
      'emptyBody',
      'unknownField',
      'repeatPageToken',
      'slow',
      'reset',
      'hang',
    ];
    expect([...new Set<string>([...tested, ...transport])].sort()).toEqual([...FAULT_KINDS].sort());
  });

  it('speaks of the seconds it was told, as a header too', async () => {
    sandbox.addFault({ method: '*', kind: 'retryAfter429', retryAfterSeconds: 900, header: true });
    const { body, headers } = await gmail.get<GmailErrorBody>('profile');
    expect(body.error.message).toBe('User-rate limit exceeded.  Retry after 2026-08-29T06:10:53Z');
    expect([headers.get('retry-after'), headers.get('date')]).toEqual(['900', 'Sat, 29 Aug 2026 05:55:52 GMT']);
  });

  it('answers HTML', async () => {
    sandbox.addFault({ method: '*', kind: 'html502' });
    const response = await raw('profile');
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html; charset=UTF-8']);
    expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
  });

  it('cuts JSON off, and leaves it out', async () => {
    const whole = await (await raw('profile')).text();
    sandbox.addFault({ method: '*', kind: 'truncatedJson', times: 1 });
    sandbox.addFault({ method: '*', kind: 'emptyBody', times: 1 });
    const [cut, none] = [await raw('profile'), await raw('profile')];
    const text = await cut.text();
    expect([cut.status, text.length, whole.startsWith(text)]).toEqual([200, Math.floor(whole.length / 2), true]);
    expect([none.status, await none.text()]).toEqual([200, '']);
  });

  it('adds fields nobody knows', async () => {
    sandbox.addFault({ method: '*', kind: 'unknownField' });
    const { body } = await gmail.get<{ messages: Record<string, unknown>[]; futureField: unknown }>('messages');
    expect(body.futureField).toBeDefined();
    expect(body.messages.every((message) => message['futureField'] !== undefined)).toBe(true);
    expect(body.messages[0]?.['id']).toBe(sandbox.mailbox().messageIds().at(-1));
  });

  it('repeats a page for ever', async () => {
    sandbox.addFault({ method: 'messages.list', kind: 'repeatPageToken' });
    const first = await gmail.get('messages?maxResults=2');
    const second = await gmail.get(`messages?maxResults=2&pageToken=${first.body['nextPageToken']}`);
    expect(first.body['messages']).toHaveLength(2);
    expect(second.body).toEqual(first.body);
  });

  it('resets the connection', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'reset', times: 1 });
    await expect(raw('profile')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(sandbox.requests.at(-1)).toMatchObject({ method: 'getProfile', status: 0 });
    expect((await raw('profile')).status).toBe(200);
  });

  it('hangs until it is closed', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'hang' });
    sandbox.addFault({ method: 'messages.list', kind: 'slow', delayMs: 3_600_000 });
    const ends = [raw('profile'), raw('messages')].map((call) =>
      call.then(
        () => 'answered',
        () => 'ended',
      ),
    );
    const arrived = sandbox.requests.length;
    while (sandbox.requests.length < arrived + 2) await new Promise((wake) => setImmediate(wake));
    await sandbox.close();
    expect(await Promise.all(ends)).toEqual(['ended', 'ended']);
  });

  it('is slow, then right', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'slow', delayMs: 120 });
    const before = performance.now();
    expect((await raw('profile')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(110);
  });

  it('strikes as often as it was told, after those that pass first', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'backendError500', after: 2, times: 2 });
    const statuses: number[] = [];
    for (let call = 0; call < 6; call++) statuses.push((await raw('profile')).status);
    expect(statuses).toEqual([200, 200, 500, 500, 200, 200]);
    sandbox.addFault({ method: 'getProfile', kind: 'backendError500' });
    expect((await raw('profile')).status).toBe(500);
    sandbox.clearFaults();
    expect((await raw('profile')).status).toBe(200);
  });

  it('strikes one mailbox, and one message', async () => {
    sandbox.addMailbox('other@example.com');
    const other = await caller(sandbox, { email: 'other@example.com' });
    sandbox.addFault({ method: '*', kind: 'backendError503', email: 'Other@example.com' });
    expect([(await gmail.get('profile')).status, (await other.get('profile')).status]).toEqual([200, 503]);
    expect((await refresh(sandbox, sandbox.grantRefreshToken({ email: 'other@example.com' }))).status).toBe(503);
    expect((await refresh(sandbox, sandbox.grantRefreshToken())).status).toBe(200);
    const [first = '', second = ''] = sandbox.mailbox().messageIds();
    sandbox.addFault({ method: 'messages.get', kind: 'notFound404', messageId: first });
    expect([(await gmail.get(`messages/${first}`)).status, (await gmail.get(`messages/${second}`)).status]).toEqual([
      404, 200,
    ]);
  });

  it('for all methods leaves alone those that never answer so', async () => {
    sandbox.addFault({ method: '*', kind: 'rateLimit403' });
    expect((await refresh(sandbox, sandbox.grantRefreshToken())).status).toBe(200);
    expect((await gmail.get('labels')).status).toBe(403);
    sandbox.clearFaults();
    sandbox.addFault({ method: '*', kind: 'invalidGrant' });
    expect((await gmail.get('labels')).status).toBe(200);
    expect((await refresh(sandbox, sandbox.grantRefreshToken())).status).toBe(400);
  });

  it.each<[Fault, string]>([
    [{ method: '*', kind: 'explode' as FaultKind }, 'unknown fault kind "explode"; known: rateLimit403, '],
    [{ method: 'messages.eat', kind: 'hang' }, 'unknown method "messages.eat"; known: auth, token, '],
    [{ method: 'token', kind: 'retryAfter403' }, 'token never answers with retryAfter403'],
    [{ method: 'history.list', kind: 'invalidGrant' }, 'history.list never answers with invalidGrant'],
  ])('refuses %j', (fault, message) => {
    expect(() => sandbox.addFault(fault)).toThrow(message);
  });
});
