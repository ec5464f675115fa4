import { describe, expect, it } from '@jest/globals';
import { classifyAnswer } from '../../src/gmail/classify.js';
import { EXIT_CODES } from '../../src/ui/exit-codes.js';

const envelope = (
  code: number,
  message: string,
  options: { reason?: string; domain?: string; status?: string; info?: string; activationUrl?: string } = {},
) => ({
  status: code,
  text: JSON.stringify({
    error: {
      code,
      message,
      ...(options.status && { status: options.status }),
      ...(options.reason && { errors: [{ domain: options.domain ?? 'global', reason: options.reason, message }] }),
      ...(options.info && {
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: options.info,
            metadata: options.activationUrl ? { activationUrl: options.activationUrl } : {},
          },
        ],
      }),
    },
  }),
});

const QUOTA = "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service";
const PROJECT_QUOTA = "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service";

describe('errors of Gmail', () => {
  it.each([
    ['invalid argument', envelope(400, 'Bad Request', { reason: 'badRequest' }), 'bug', 'failed'],
    ['a wrong historyId', envelope(400, 'Invalid startHistoryId', { reason: 'invalidArgument' }), 'bug', 'failed'],
    [
      'no Gmail',
      envelope(400, 'Mail service not enabled', { reason: 'failedPrecondition', status: 'FAILED_PRECONDITION' }),
      'permanent',
      'failed',
    ],
    [
      'precondition',
      envelope(400, 'Precondition check failed.', { reason: 'failedPrecondition' }),
      'permanent',
      'failed',
    ],
    ['precondition without reason', envelope(400, 'x', { status: 'FAILED_PRECONDITION' }), 'permanent', 'failed'],
    [
      '401',
      envelope(401, 'Invalid Credentials', { reason: 'authError', status: 'UNAUTHENTICATED' }),
      'reauthorize',
      'auth',
    ],
    [
      'rateLimitExceeded',
      envelope(403, 'Rate Limit Exceeded', { reason: 'rateLimitExceeded' }),
      'throttle',
      'retry_later',
    ],
    [
      'userRateLimitExceeded',
      envelope(403, 'User Rate Limit Exceeded', { reason: 'userRateLimitExceeded' }),
      'throttle',
      'retry_later',
    ],
    ['quota by message alone', envelope(403, QUOTA, { status: 'PERMISSION_DENIED' }), 'throttle', 'retry_later'],
    ['quota by ErrorInfo alone', envelope(403, 'denied', { info: 'RATE_LIMIT_EXCEEDED' }), 'throttle', 'retry_later'],
    [
      'retry after',
      envelope(403, 'User-rate limit exceeded.  Retry after 2026-08-29T05:56:52Z'),
      'throttle',
      'retry_later',
    ],
    ['daily limit', envelope(403, 'Daily Limit Exceeded', { reason: 'dailyLimitExceeded' }), 'throttle', 'retry_later'],
    [
      'scope',
      envelope(403, 'Request had insufficient authentication scopes.', { reason: 'insufficientPermissions' }),
      'reauthorize',
      'auth',
    ],
    ['scope by ErrorInfo', envelope(403, 'no', { info: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }), 'reauthorize', 'auth'],
    [
      'API disabled',
      envelope(403, 'Gmail API has not been used in project 1 before or it is disabled.', {
        reason: 'accessNotConfigured',
      }),
      'operator',
      'failed',
    ],
    ['API disabled by ErrorInfo', envelope(403, 'no', { info: 'SERVICE_DISABLED' }), 'operator', 'failed'],
    [
      'domain policy',
      envelope(403, 'The domain administrators have disabled Gmail apps.', { reason: 'domainPolicy' }),
      'operator',
      'auth',
    ],
    [
      'metadata format',
      envelope(403, "Metadata scope doesn't allow format FULL", { reason: 'forbidden' }),
      'permanent',
      'auth',
    ],
    [
      'metadata q',
      envelope(403, "Metadata scope does not support 'q' parameter", { reason: 'forbidden' }),
      'permanent',
      'auth',
    ],
    ['forbidden', envelope(403, 'The caller does not have permission', { reason: 'forbidden' }), 'permanent', 'failed'],
    ['not found', envelope(404, 'Requested entity was not found.', { reason: 'notFound' }), 'permanent', 'failed'],
    [
      'concurrency',
      envelope(429, 'Too many concurrent requests for user', { reason: 'rateLimitExceeded' }),
      'throttle',
      'retry_later',
    ],
    [
      'exhausted',
      envelope(429, 'Resource has been exhausted (e.g. check quota).', { status: 'RESOURCE_EXHAUSTED' }),
      'throttle',
      'retry_later',
    ],
    ['429 alone', envelope(429, 'no'), 'throttle', 'retry_later'],
    ['429 of something else', { status: 429, text: '<html>' }, 'throttle', 'retry_later'],
    ['backend error', envelope(500, 'Backend Error', { reason: 'backendError' }), 'retry', 'failed'],
    ['backend error as 403', envelope(403, 'Backend Error', { reason: 'backendError' }), 'retry', 'failed'],
    ['503', envelope(503, 'The service is currently unavailable.', { status: 'UNAVAILABLE' }), 'retry', 'failed'],
    ['HTML 502', { status: 502, text: '<html><body>Bad Gateway</body></html>' }, 'retry', 'failed'],
    ['HTML 403', { status: 403, text: '<html>Sign in to the network</html>' }, 'retry', 'failed'],
    ['HTML 302', { status: 302, text: '' }, 'retry', 'failed'],
  ])('%s', (_, answer, kind, code) => {
    expect(classifyAnswer(answer)).toMatchObject({ class: kind, code });
  });

  const PER_USER = `${QUOTA} 'gmail.googleapis.com' for consumer 'project_number:1'`;
  const LIMITED = 'User-rate limit exceeded.  Retry after 2026-08-29T05:56:52Z';
  const NOT_USED = 'Gmail API has not been used in project 1 before or it is disabled.';
  const WAIT = 'leave it to the next poll';
  const described: [status: number, reason: string, message: string, kind: string, exit: number, string, string][] = [
    [400, 'badRequest', 'Bad Request', 'bug', 1, 'refused the request as invalid', 'report it'],
    [400, 'invalidArgument', 'Invalid label', 'bug', 1, 'refused the request as invalid', 'report it'],
    [400, 'failedPrecondition', 'Mail service not enabled', 'permanent', 1, 'has no Gmail', 'Switch Gmail on'],
    [400, 'failedPrecondition', 'Precondition check failed.', 'permanent', 1, 'refuses to serve', '--subject'],
    [401, 'authError', 'Invalid Credentials', 'reauthorize', 4, 'refuses the access token', 'gmail-events auth'],
    [403, 'rateLimitExceeded', 'Rate Limit Exceeded', 'throttle', 75, 'limits the rate', WAIT],
    [403, 'userRateLimitExceeded', 'User Rate Limit Exceeded', 'throttle', 75, 'limits the rate', WAIT],
    [403, 'rateLimitExceeded', PER_USER, 'throttle', 75, 'limits the rate', WAIT],
    [403, 'userRateLimitExceeded', LIMITED, 'throttle', 75, 'limits the rate', WAIT],
    [403, 'dailyLimitExceeded', 'Daily Limit Exceeded', 'throttle', 75, 'daily limit', 'Google Cloud console'],
    [
      403,
      'insufficientPermissions',
      'Request had insufficient authentication scopes.',
      'reauthorize',
      4,
      'lacks a scope',
      'leave every box ticked',
    ],
    [403, 'accessNotConfigured', NOT_USED, 'operator', 1, 'API is not enabled', 'Enable the Gmail API'],
    [
      403,
      'domainPolicy',
      'The domain administrators have disabled Gmail apps.',
      'operator',
      4,
      'administrators of the domain',
      "Ask the domain's administrator",
    ],
    [
      403,
      'forbidden',
      "Metadata scope doesn't allow format FULL",
      'permanent',
      4,
      'metadata scope',
      '--scope readonly',
    ],
    [
      403,
      'forbidden',
      "Metadata scope does not support 'q' parameter",
      'permanent',
      4,
      'metadata scope',
      '--scope readonly',
    ],
    [403, 'forbidden', 'The caller does not have permission', 'permanent', 1, 'refused the request', 'doctor'],
    [404, 'notFound', 'Requested entity was not found.', 'permanent', 1, 'does not know', 'next poll asks again'],
    [429, 'rateLimitExceeded', 'Too many concurrent requests for user', 'throttle', 75, 'run at once', WAIT],
    [
      429,
      'rateLimitExceeded',
      'Resource has been exhausted (e.g. check quota).',
      'throttle',
      75,
      'limits the rate',
      WAIT,
    ],
    [429, 'rateLimitExceeded', LIMITED, 'throttle', 75, 'limits the rate', WAIT],
    ...[500, 502, 503, 504].map((status): (typeof described)[number] => {
      return [status, 'backendError', 'Backend Error', 'retry', 1, 'failed to answer', 'run the command again later'];
    }),
  ];
  it.each(described)(
    '%i %s "%s": %s, exit code %i, its sentence and its hint',
    (status, reason, message, kind, exit, sentence, hint) => {
      // errors[] and details[] are each missing at times: then the message has to do.
      const known = ['badRequest', 'forbidden', 'authError', 'backendError', 'notFound', 'failedPrecondition'];
      const alone = known.includes(reason) ? [] : [envelope(status, message)];
      for (const answer of [envelope(status, message, { reason }), ...alone]) {
        const told = classifyAnswer(answer);
        expect([told.class, EXIT_CODES[told.code].code]).toEqual([kind, exit]);
        expect(told.message).toContain(sentence);
        expect(told.message).toContain(`(${message})`);
        expect(told.hint).toContain(hint);
      }
    },
  );

  it.each([
    [QUOTA, { scope: 'account', until: 'backoff', concurrency: false }],
    [PROJECT_QUOTA, { scope: 'project', until: 'backoff', concurrency: false }],
    [
      "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of",
      { scope: 'project', until: 'pacificMidnight' },
    ],
    ['Daily Limit Exceeded', { scope: 'project', until: 'pacificMidnight', concurrency: false }],
    ['Too many concurrent requests for user', { scope: 'account', concurrency: true }],
  ])('knows whose limit it is: %s', (message, throttle) => {
    const answer = envelope(403, message, { reason: 'rateLimitExceeded' });
    expect(classifyAnswer(answer).throttle).toMatchObject(throttle);
  });

  it.each([[400], [403], [404]])("a proxy's page with status %i is no answer about history or a message", (status) => {
    for (const text of ['<html>Not Found</html>', '', '{"message":"no route"}', '{"error":"not found"}', '{"err']) {
      expect(classifyAnswer({ status, text })).toMatchObject({ class: 'retry', status: null });
    }
  });

  it('names where the API is enabled, if the address is Google’s', () => {
    const google = 'https://console.developers.google.com/apis/api/gmail.googleapis.com/overview?project=1';
    const disabled = (activationUrl: string) =>
      classifyAnswer(envelope(403, 'x', { info: 'SERVICE_DISABLED', activationUrl })).hint;
    expect(disabled(google)).toContain(google);
    expect(disabled('https://evil.example/')).not.toContain('evil');
  });

  it('keeps Google’s own words in the sentence, and the reason', () => {
    expect(classifyAnswer(envelope(404, 'Requested entity was not found.', { reason: 'notFound' }))).toMatchObject({
      message: 'Gmail does not know what was asked for (Requested entity was not found.)',
      reason: 'notFound',
      status: 404,
    });
  });
});
