import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { authUrl } from '../../../src/core/oauth/auth-url.js';
import { createPkce, secretText } from '../../../src/core/oauth/pkce.js';
import { systemRandom } from '../../../src/core/open.js';

describe('the consent page’s URL', () => {
  const request = { clientId: 'id', redirectUri: 'http://127.0.0.1:1234', scope: 'a b', state: 's&t' };

  it('asks for offline access and consent, with PKCE, and for nothing granted before', () => {
    const url = new URL(authUrl('https://accounts.google.com/o/oauth2/v2/auth', { ...request, challenge: 'c' }));
    expect(url.origin + url.pathname).toBe('https://accounts.google.com/o/oauth2/v2/auth');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'id',
      redirect_uri: 'http://127.0.0.1:1234',
      response_type: 'code',
      scope: 'a b',
      state: 's&t',
      access_type: 'offline',
      prompt: 'consent',
      code_challenge: 'c',
      code_challenge_method: 'S256',
    });
  });

  it('has no challenge when another party redeems the code', () => {
    expect(authUrl('https://a.example/auth', request)).not.toContain('challenge');
  });

  it('has a new verifier each time, of the form RFC 7636 wants', () => {
    const [one, other] = [createPkce(systemRandom), createPkce(systemRandom)];
    expect(one.verifier).toMatch(/^[A-Za-z0-9._~-]{43,128}$/);
    expect(one.challenge).toBe(createHash('sha256').update(one.verifier).digest('base64url'));
    expect(one.verifier).not.toBe(other.verifier);
    expect(secretText(systemRandom)).toMatch(/^[\w-]{43}$/);
  });
});
