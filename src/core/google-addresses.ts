import { isLoopbackHost } from '../gmail/loopback.js';
import type { GoogleAddresses } from './context.js';
import { CoreError } from './errors.js';

const DEFAULTS: Record<keyof GoogleAddresses, { variable: string; address: string }> = {
  gmail: { variable: 'GMAIL_EVENTS_GMAIL_URL', address: 'https://gmail.googleapis.com' },
  auth: { variable: 'GMAIL_EVENTS_AUTH_URL', address: 'https://accounts.google.com/o/oauth2/v2/auth' },
  token: { variable: 'GMAIL_EVENTS_TOKEN_URL', address: 'https://oauth2.googleapis.com/token' },
  revoke: { variable: 'GMAIL_EVENTS_REVOKE_URL', address: 'https://oauth2.googleapis.com/revoke' },
};

/**
 * Google's addresses, each from its variable when that is set. Tokens are sent there, so anything but https, or http to
 * this machine itself, is refused with CoreError usage.
 */
export function googleAddresses(env: Readonly<Record<string, string | undefined>>): GoogleAddresses {
  return {
    gmail: address('gmail', env),
    auth: address('auth', env),
    token: address('token', env),
    revoke: address('revoke', env),
  };
}

function address(name: keyof GoogleAddresses, env: Readonly<Record<string, string | undefined>>): string {
  const { variable, address: google } = DEFAULTS[name];
  const value = env[variable]?.trim();
  if (!value) return google;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null) throw refused(variable, 'is not a URL');
  if (url.username !== '' || url.password !== '') throw refused(variable, 'must not hold a user name or password');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    throw refused(variable, 'must be an https URL, or http on this machine (127.0.0.1, localhost)');
  }
  return name === 'gmail' ? base(variable, url, value) : value;
}

/** The paths of Gmail's methods are put behind it; the other addresses are whole ones, used to the letter. */
function base(variable: string, url: URL, value: string): string {
  if (url.search !== '' || url.hash !== '') throw refused(variable, 'must end with its path, without ? or #');
  return value.replace(/\/+$/, '');
}

function refused(variable: string, what: string): CoreError {
  const message = `${variable} ${what}`;
  return new CoreError('usage', message, {
    hint: 'Tokens are sent to that address. Unset the variable to use Google.',
    faults: [{ path: variable, message: what }],
  });
}
