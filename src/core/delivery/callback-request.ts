import { VERSION } from '../../version.js';
import { CoreError } from '../errors.js';
import type { InstanceSettings } from '../types.js';
import { elementsSignature, standardSignature } from './signing.js';

/** One POST, ready to be sent. `url` holds no credentials. */
export interface CallbackRequest {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
  /** What a receiver must not be able to put into the log by sending it back. */
  confidential: string[];
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
  // By lower-case name: one spelled otherwise is the same header, and ours replace theirs.
  const headers = new Map<string, [name: string, value: string]>();
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  const credentials = urlCredentials(url);
  if (credentials !== null) set('Authorization', credentials);
  for (const [name, value] of Object.entries(settings.headers)) set(name, value);
  if (settings.basic !== null) set('Authorization', basic(settings.basic.username, settings.basic.password));
  const confidential = [...headers.values()].flatMap(([, value]) => quotable(value));
  // A receiver may decode what it is sent.
  if (settings.basic !== null) confidential.push(...quotable(settings.basic.password));
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
  return { url: url.href, headers: Object.fromEntries(headers.values()), body, confidential };
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

/** A value, its words (`Bearer` and a token), and each as JSON quotes it. */
function quotable(value: string): string[] {
  return [value, ...value.split(' ')].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
}
