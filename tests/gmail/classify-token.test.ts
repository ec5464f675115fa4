import { describe, expect, it } from '@jest/globals';
import { tokenError } from '../../src/gmail/classify-token.js';
import { EXIT_CODES } from '../../src/ui/exit-codes.js';

const answer = (status: number, error: string, description = '', subtype?: string) => ({
  status,
  text: JSON.stringify({ error, error_description: description, ...(subtype && { error_subtype: subtype }) }),
});

describe('errors of the token endpoint', () => {
  it.each([
    [
      'revoked',
      answer(400, 'invalid_grant', 'Token has been expired or revoked.'),
      'reauthorize',
      'auth',
      /expired or was revoked/,
    ],
    ['a code used twice', answer(400, 'invalid_grant', 'Bad Request'), 'reauthorize', 'auth', /used before/],
    ['no code at all', answer(400, 'invalid_grant', 'Malformed auth code.'), 'reauthorize', 'auth', /used before/],
    [
      'session control',
      answer(400, 'invalid_grant', 'reauth related error (invalid_rapt)', 'invalid_rapt'),
      'reauthorize',
      'auth',
      /session/,
    ],
    [
      'a wrong clock',
      answer(400, 'invalid_grant', 'Invalid JWT: Token must be a short-lived token'),
      'operator',
      'auth',
      /assertion/,
    ],
    ['a wrong subject', answer(400, 'invalid_grant', 'Invalid email or User ID'), 'operator', 'auth', /does not exist/],
    [
      'a deleted account',
      answer(400, 'invalid_grant', 'The account has been deleted'),
      'operator',
      'auth',
      /does not exist/,
    ],
    [
      'a wrong secret',
      answer(401, 'invalid_client', 'The provided client secret is invalid.'),
      'operator',
      'auth',
      /secret is wrong/,
    ],
    [
      'no delegation',
      answer(401, 'unauthorized_client', 'Client is unauthorized'),
      'operator',
      'auth',
      /not authorized/,
    ],
    ['an admin', answer(400, 'admin_policy_enforced'), 'operator', 'auth', /administrator/],
    ['a wrong redirect', answer(400, 'redirect_uri_mismatch', 'Bad Request'), 'operator', 'usage', /redirect URI/],
    [
      'a wrong scope',
      answer(400, 'invalid_scope', 'Some requested scopes were invalid.'),
      'operator',
      'usage',
      /scope/,
    ],
    [
      'something new',
      answer(400, 'invalid_request', 'Missing parameter: grant_type'),
      'bug',
      'failed',
      /invalid_request: Missing/,
    ],
    ['no secret', answer(400, 'invalid_request', 'client_secret is missing.'), 'operator', 'usage', /wants the secret/],
    ['429', answer(429, 'rate_limit_exceeded'), 'retry', 'retry_later', /limits the rate/],
    ['503', answer(503, 'internal_failure', 'Backend Error'), 'retry', 'failed', /HTTP 503/],
    ['HTML', { status: 404, text: '<html>' }, 'retry', 'failed', /HTTP 404/],
  ])('%s', (_, given, kind, code, message) => {
    const error = tokenError(given, [], null);
    expect(error).toMatchObject({ class: kind, code });
    expect(error.message).toMatch(message);
  });

  it.each<[number, string, string, string, number, string, string]>([
    [400, 'invalid_grant', 'Token has been expired or revoked.', 'reauthorize', 4, 'was revoked', 'gmail-events auth'],
    [400, 'invalid_grant', 'Bad Request', 'reauthorize', 4, 'refuses the grant', 'A code works once'],
    [
      400,
      'invalid_grant',
      'reauth related error (invalid_rapt)',
      'reauthorize',
      4,
      'session length',
      'exempt the OAuth client',
    ],
    [400, 'invalid_grant', 'Invalid JWT: Token must be a short-lived token', 'operator', 4, 'assertion', 'clock'],
    [400, 'invalid_grant', 'Invalid email or User ID', 'operator', 4, 'does not exist', '--subject'],
    [400, 'invalid_grant', 'The account has been deleted', 'operator', 4, 'does not exist', '--subject'],
    [401, 'invalid_client', 'Unauthorized', 'operator', 4, 'does not accept the OAuth client', '--client-secret-file'],
    [
      401,
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
      'operator',
      4,
      'not authorized for this mailbox',
      'domain-wide delegation',
    ],
    [429, 'rate_limit_exceeded', 'Too Many Requests', 'retry', 75, 'limits the rate', 'Nothing is lost'],
    [500, 'internal_failure', 'Backend Error', 'retry', 1, 'failed to answer', 'Nothing is lost'],
    [503, 'internal_failure', 'Backend Error', 'retry', 1, 'failed to answer', 'Nothing is lost'],
    [400, 'invalid_request', 'Missing parameter: code', 'bug', 1, 'Missing parameter: code', 'report it'],
  ])(
    '%i %s "%s": %s, exit code %i, its sentence and its hint',
    (status, error, description, kind, exit, sentence, hint) => {
      const told = tokenError(answer(status, error, description), [], null);
      expect([told.class, EXIT_CODES[told.code].code]).toEqual([kind, exit]);
      expect(told.message).toContain(sentence);
      expect(told.hint).toContain(hint);
    },
  );

  it('never repeats a secret that an endpoint echoes', () => {
    const secret = '1//0g/refresh+token';
    const echoed = `${secret} and ${encodeURIComponent(secret)} \u001b[31m\n${'x'.repeat(500)}`;
    const { message } = tokenError(answer(400, 'invalid_request', echoed), [secret], null);
    expect(message).toContain('[secret] and [secret]');
    expect(message).not.toContain('refresh+token');
    expect(message).not.toContain(encodeURIComponent(secret));
    expect(message).not.toContain('\u001b');
    expect(message.length).toBeLessThan(400);
  });

  it('keeps the time a busy endpoint names', () => {
    expect(tokenError({ status: 503, text: '' }, [], 1000).retryAt).toBe(1000);
  });
});
