import { describe, expect, it } from '@jest/globals';
import { readRedirect } from '../../../src/core/oauth/redirect.js';
import { planRedirect } from '../../../src/core/oauth/redirect-uri.js';

describe('what comes back from the consent page', () => {
  it.each([
    ['code=4%2F0A&state=s&scope=x', { kind: 'code', code: '4/0A' }],
    ['code=c', { kind: 'stray' }],
    ['code=c&state=', { kind: 'stray' }],
    ['code=c&state=other', { kind: 'stray' }],
    ['code=c&state=ss', { kind: 'stray' }],
    ['state=s', { kind: 'stray' }],
    ['state=s&code=', { kind: 'stray' }],
    ['error=access_denied', { kind: 'stray' }],
    ['error=access_denied&state=other', { kind: 'stray' }],
    ['error=access_denied&state=s', { kind: 'refused' }],
    ['', { kind: 'stray' }],
  ])('%s', (query, redirect) => {
    expect(readRedirect(new URLSearchParams(query), 's')).toMatchObject(redirect);
  });

  it.each([
    ['access_denied', /access was denied/],
    ['admin_policy_enforced', /administrator/],
    ['org_internal', /organization/],
    ['deleted_client', /deleted/],
    ['redirect_uri_mismatch', /not registered/],
    ['something_new', /something_new/],
    ['<script>', /an unknown error/],
  ])('error=%s needs authorization, and says why', (error, message) => {
    const found = readRedirect(new URLSearchParams({ error, state: 's' }), 's');
    if (found.kind !== 'refused') throw new Error('not refused');
    expect(found.error).toMatchObject({
      code: 'auth',
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
  });
});

describe('where the browser is sent', () => {
  const installed = {
    clientId: 'i',
    clientSecret: 's',
    type: 'installed' as const,
    redirectUris: ['http://localhost'],
  };
  const unknown = { ...installed, type: 'unknown' as const, redirectUris: [] };
  const web = (...redirectUris: string[]) => ({ ...installed, type: 'web' as const, redirectUris });
  const at = (host: string, port: number, path: string) => ({ host, port, path });

  it.each([
    ['a free port', installed, {}, 'http://127.0.0.1', at('127.0.0.1', 0, '/')],
    ['a client of which only the id is known', unknown, {}, 'http://127.0.0.1', at('127.0.0.1', 0, '/')],
    [
      'a registered loopback URI',
      web('https://x.example/cb', 'http://localhost:8080/cb'),
      {},
      'http://localhost:8080/cb',
      at('localhost', 8080, '/cb'),
    ],
    ['without a port', web('http://localhost'), {}, 'http://localhost', at('localhost', 80, '/')],
    ['of IPv6', web('http://[::1]:81/cb'), {}, 'http://[::1]:81/cb', at('::1', 81, '/cb')],
    [
      '--callback-url',
      installed,
      { callbackUrl: 'http://127.0.0.1:9/x' },
      'http://127.0.0.1:9/x',
      at('127.0.0.1', 9, '/x'),
    ],
    [
      '--callback-url over what is registered',
      web('http://localhost:1'),
      { callbackUrl: 'http://localhost:2' },
      'http://localhost:2',
      at('localhost', 2, '/'),
    ],
    ['by hand', installed, { manual: true }, 'http://127.0.0.1', null],
    ['by hand for a web client', web('https://x.example/cb'), { manual: true }, 'https://x.example/cb', null],
    ['by hand with a URL', web(), { manual: true, callbackUrl: 'https://y.example/' }, 'https://y.example/', null],
  ])('%s', (_, client, options, redirectUri, listen) => {
    expect(planRedirect(client, { manual: false, ...options })).toEqual({ redirectUri, listen });
  });

  it.each([
    ['a web client without a loopback URI', web('https://x.example/cb'), {}],
    ['a callback elsewhere', installed, { callbackUrl: 'https://x.example/cb' }],
    ['https on this machine', installed, { callbackUrl: 'https://localhost:8443/cb' }],
    ['a web client without any URI, by hand', web(), { manual: true }],
    ['no URL', installed, { callbackUrl: 'localhost:8080' }],
    ['a fragment', installed, { callbackUrl: 'http://localhost:8080/#x' }],
  ])('refuses %s', (_, client, options) => {
    expect(() => planRedirect(client, { manual: false, ...options })).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.any(String) }),
    );
  });
});
