import { describe, expect, it } from '@jest/globals';
import { googleAddresses } from '../../src/core/google-addresses.js';

describe("Google's addresses", () => {
  it('are Google’s own by default', () => {
    expect(googleAddresses({ GMAIL_EVENTS_TOKEN_URL: '' })).toEqual({
      gmail: 'https://gmail.googleapis.com',
      auth: 'https://accounts.google.com/o/oauth2/v2/auth',
      token: 'https://oauth2.googleapis.com/token',
      revoke: 'https://oauth2.googleapis.com/revoke',
    });
  });

  it.each([
    ['https://proxy.example/gmail/', 'https://proxy.example/gmail'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.8.9.1:1', 'http://127.8.9.1:1'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('take %s', (value, address) => {
    expect(googleAddresses({ GMAIL_EVENTS_GMAIL_URL: value }).gmail).toBe(address);
  });

  it.each(['https://proxy.example/token/', 'http://127.0.0.1:8080/authorize?hl=de&continue=/'])(
    'take %s to the letter where it is a whole address',
    (value) => {
      for (const [name, variable] of [
        ['auth', 'GMAIL_EVENTS_AUTH_URL'],
        ['token', 'GMAIL_EVENTS_TOKEN_URL'],
        ['revoke', 'GMAIL_EVENTS_REVOKE_URL'],
      ] as const) {
        expect(googleAddresses({ [variable]: value })[name]).toBe(value);
      }
    },
  );

  it.each(['https://proxy.example/gmail?key=1', 'http://localhost:8080/#a'])(
    'refuse %s as the base of Gmail’s paths',
    (value) => {
      expect(() => googleAddresses({ GMAIL_EVENTS_GMAIL_URL: value })).toThrow(
        expect.objectContaining({ code: 'usage', message: expect.stringContaining('without ? or #') }),
      );
    },
  );

  it.each([
    'http://gmail.example',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'gmail.googleapis.com',
    'https://user:password@example.com',
  ])('refuse %s by the name of the variable', (value) => {
    for (const variable of ['GMAIL', 'AUTH', 'TOKEN', 'REVOKE'].map((name) => `GMAIL_EVENTS_${name}_URL`)) {
      expect(() => googleAddresses({ [variable]: value })).toThrow(
        expect.objectContaining({ code: 'usage', message: expect.stringContaining(variable) }),
      );
    }
  });
});
