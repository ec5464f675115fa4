import { createSign, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { callerWith, type GmailErrorBody, METADATA, READONLY, token } from './caller.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const now = 1_700_000_000_000;
const issuer = 'poller@project.iam.gserviceaccount.com';

function assertion(claims: Record<string, unknown>, header: Record<string, unknown> = { alg: 'RS256' }): string {
  const all = {
    iss: issuer,
    sub: 'sandbox@example.com',
    scope: READONLY,
    aud: 'https://oauth2.googleapis.com/token',
    iat: now / 1000,
    exp: now / 1000 + 3600,
    ...claims,
  };
  const signed = [header, all].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
}

describe('the jwt-bearer grant', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({
      now: () => now,
      serviceAccounts: [{ clientEmail: issuer, publicKey, scopes: [READONLY] }],
    });
  });
  afterEach(() => sandbox.close());
  const ask = (text: string) =>
    token(sandbox, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: text });

  it('opens the mailbox of the subject, delegates too', async () => {
    sandbox.mailbox().settings.delegates.push({ delegateEmail: 'd@example.com', verificationStatus: 'accepted' });
    const { status, body } = await ask(assertion({}));
    expect([status, body]).toEqual([200, { access_token: expect.any(String), expires_in: 3599, token_type: 'Bearer' }]);
    const gmail = callerWith(sandbox, body.access_token);
    expect((await gmail.get('profile')).body['emailAddress']).toBe('sandbox@example.com');
    expect((await gmail.get('settings/delegates')).body['delegates']).toHaveLength(1);
  });

  it('has no mailbox without a subject', async () => {
    const { body } = await ask(assertion({ sub: undefined, aud: `${sandbox.url}/token` }));
    const answer = await callerWith(sandbox, body.access_token).get<GmailErrorBody>('profile');
    expect([answer.status, answer.body.error.message, answer.body.error.status]).toEqual([
      400,
      'Precondition check failed.',
      'FAILED_PRECONDITION',
    ]);
  });

  it.each([
    ['another issuer', { iss: 'x@y.z' }, 400, 'invalid_grant', 'Invalid grant: account not found'],
    ['an unknown subject', { sub: 'nobody@example.com' }, 400, 'invalid_grant', 'Invalid email or User ID'],
    ['another audience', { aud: 'https://example.com' }, 400, 'invalid_grant', 'Failed audience check'],
    ['an old one', { iat: now / 1000 - 7200, exp: now / 1000 - 3600 }, 400, 'invalid_grant', 'short-lived token'],
    ['a long one', { exp: now / 1000 + 3601 }, 400, 'invalid_grant', 'short-lived token'],
    ['one of the future', { iat: now / 1000 + 1000, exp: now / 1000 + 2000 }, 400, 'invalid_grant', 'reasonable'],
    ['one without times', { iat: undefined, exp: undefined }, 400, 'invalid_grant', 'Check your iat and exp'],
    ['a scope that is not delegated', { scope: METADATA }, 401, 'unauthorized_client', 'Client is unauthorized'],
    ['no scope', { scope: '' }, 401, 'unauthorized_client', 'Client is unauthorized'],
  ])('refuses %s', async (_, claims, status, error, description) => {
    const answer = await ask(assertion(claims));
    expect([answer.status, answer.body.error]).toEqual([status, error]);
    expect(answer.body.error_description).toContain(description);
  });

  it('verifies the signature', async () => {
    const [head, body] = assertion({}).split('.');
    const forged = await ask(`${head}.${body}.${Buffer.from('forged').toString('base64url')}`);
    expect(forged.body).toEqual({ error: 'invalid_grant', error_description: 'Invalid JWT Signature.' });
    expect((await ask(assertion({}, { alg: 'none' }))).body.error_description).toBe('Invalid JWT Signature.');
    for (const text of ['nonsense', `${head}.${body}`, 'a.b.c']) {
      expect((await ask(text)).body.error).toBe('invalid_request');
    }
  });

  it('takes any issuer when none was named', async () => {
    await sandbox.close();
    sandbox = await startSandbox({ now: () => now });
    expect((await ask(assertion({ iss: 'any@one', scope: METADATA }))).status).toBe(200);
  });
});
