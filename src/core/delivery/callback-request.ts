import { VERSION } from '../../version.js';
import { CoreError } from '../errors.js';
import type { InstanceSettings } from '../types.js';
import { elementsSignature, standardSignature } from './signing.js';

/** One POST, ready to be sent. `url` holds no credentials. */
export interface CallbackRequest {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** What says how the request is framed, or who sent what: an instance's own headers never take their place. */
const RESERVED = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'content-type',
  'user-agent',
  'elements-webhook-id',
  'elements-webhook-signature',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
]);

/** Why HTTP does not allow a header, without its value; null when it does. */
export function headerFault(name: string, value: string): string | null {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return `"${printable(name)}" is not a header's name`;
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return `the value of ${name} holds characters that HTTP does not allow`;
  return null;
}

/**
 * The POST of one notification to the instance's callback, signed anew for this attempt (`now` in milliseconds). Of
 * Authorization, `basic.*` comes first, then `callback.headers`, then credentials in the URL. Throws CoreError `usage`.
 */
export function callbackRequest(
  settings: InstanceSettings,
  notification: { id: string; contentType: string; body: Uint8Array },
  now: number,
): CallbackRequest {
  const { id, contentType, body } = notification;
  const url = callbackUrl(settings.callbackUrl ?? '');
  // By lower-case name: a header given twice in two spellings is one header, and ours replace theirs.
  const headers = new Map<string, [name: string, value: string]>();
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  const credentials = urlCredentials(url);
  if (credentials !== null) set('Authorization', credentials);
  for (const [name, value] of Object.entries(settings.headers)) {
    if (RESERVED.has(name.toLowerCase())) continue;
    const fault = headerFault(name, value);
    if (fault !== null) throw new CoreError('usage', `callback.headers: ${fault}`);
    set(name, value);
  }
  if (settings.basic !== null) set('Authorization', basic(settings.basic.username, settings.basic.password));
  set('Content-Type', contentType);
  set('User-Agent', `gmail-events/${VERSION}`);
  set('Elements-Webhook-Id', id);
  if (settings.signatureKey !== null) {
    set('Elements-Webhook-Signature', elementsSignature(settings.signatureKey, body));
  }
  if (settings.signingSecrets.length > 0) {
    const timestamp = Math.floor(now / 1000);
    set('webhook-id', id);
    set('webhook-timestamp', String(timestamp));
    set('webhook-signature', standardSignature(settings.signingSecrets, id, timestamp, body));
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  return { url: url.href, headers: Object.fromEntries(headers.values()), body };
}

/** Of what was sent, that which a receiver must not be able to put into the log by sending it back. */
export function secretsOf(request: CallbackRequest): string[] {
  const ours = Object.entries(request.headers).filter(([name]) => !RESERVED.has(name.toLowerCase()));
  const values = ours.flatMap(([, value]) => [value, ...value.split(' ')]);
  return values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
}

function callbackUrl(text: string): URL {
  if (!URL.canParse(text)) throw new CoreError('usage', 'the callback URL is not a URL');
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) throw new CoreError('usage', 'the callback URL is neither http nor https');
  return url;
}

function urlCredentials(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  return basic(decoded(url.username), decoded(url.password));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
}
