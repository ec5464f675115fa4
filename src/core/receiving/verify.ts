import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { elementsSignature, standardSignature } from '../delivery/signing.js';

/** Standard Webhooks gives no number; its libraries allow five minutes either way. */
export const TOLERANCE_SECONDS = 300;

/** What a receiver checks signatures against. */
export interface ReceiverSecrets {
  /** event.notification.signature.key */
  signatureKey: string | null;
  /** event.notification.signing.secret: one or two `whsec_...`, any of which may have signed. */
  signingSecrets: string[];
}

export interface Check {
  /** `missing`: there is a secret, and no signature. `unchecked`: there is no secret. */
  result: 'valid' | 'invalid' | 'missing' | 'unchecked';
  /** A phrase without a secret; null when valid or unchecked. */
  reason: string | null;
}

export interface Verdict {
  /** Everything that there is a secret for holds; null when there is none at all. */
  verified: boolean | null;
  /** `Elements-Webhook-Signature` */
  elements: Check;
  /** `webhook-signature` of Standard Webhooks 1.0.0 */
  standard: Check;
}

const VALID: Check = { result: 'valid', reason: null };
const UNCHECKED: Check = { result: 'unchecked', reason: null };

/**
 * Checks the signatures of one notification over its raw bytes. `headers` have their names in lower case, `now` is in
 * milliseconds; the timestamp of Standard Webhooks may be `toleranceSeconds` old or ahead.
 */
export function verify(input: {
  headers: IncomingHttpHeaders;
  body: Uint8Array;
  secrets: ReceiverSecrets;
  now: number;
  toleranceSeconds: number;
}): Verdict {
  const elements = checkElements(input.headers, input.body, input.secrets.signatureKey);
  const standard = checkStandard(input);
  const made = [elements, standard].filter(({ result }) => result !== 'unchecked');
  return { verified: made.length === 0 ? null : made.every(({ result }) => result === 'valid'), elements, standard };
}

function checkElements(headers: IncomingHttpHeaders, body: Uint8Array, key: string | null): Check {
  if (key === null) return UNCHECKED;
  const given = header(headers, 'elements-webhook-signature');
  if (given === null) return missing('there is no Elements-Webhook-Signature');
  if (equal(given, elementsSignature(key, body))) return VALID;
  if (!given.startsWith('sha256=')) return invalid('Elements-Webhook-Signature does not begin with sha256=');
  if (/^sha256=[0-9a-f]{64}$/i.test(given)) {
    return invalid('Elements-Webhook-Signature is hexadecimal; base64 is what is signed with');
  }
  return invalid('Elements-Webhook-Signature is not that of this body under this key');
}

function checkStandard({ headers, body, secrets, now, toleranceSeconds }: Parameters<typeof verify>[0]): Check {
  if (secrets.signingSecrets.length === 0) return UNCHECKED;
  const [id, timestamp, given] = [
    header(headers, 'webhook-id'),
    header(headers, 'webhook-timestamp'),
    header(headers, 'webhook-signature'),
  ];
  if (given === null) return missing('there is no webhook-signature');
  if (id === null || timestamp === null) {
    return missing(`there is no ${id === null ? 'webhook-id' : 'webhook-timestamp'}, which is signed too`);
  }
  if (!/^\d{1,12}$/.test(timestamp)) return invalid('webhook-timestamp is no whole number of seconds');
  const expected = standardSignature(secrets.signingSecrets, id, Number(timestamp), body).split(' ');
  // Other versions (v1a, asymmetric) may stand beside v1: they are passed over.
  const holds = given.split(' ').some((one) => expected.some((other) => equal(one, other)));
  if (!holds) return invalid('webhook-signature is not that of this id, timestamp and body under this secret');
  const age = Math.floor(now / 1000) - Number(timestamp);
  if (Math.abs(age) <= toleranceSeconds) return VALID;
  const away = age > 0 ? `${age} s old` : `${-age} s ahead`;
  return invalid(`the signature is right, but webhook-timestamp is ${away}; ${toleranceSeconds} s are tolerated`);
}

function header(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  const text = Array.isArray(value) ? value.join(', ') : value;
  return text === undefined || text.trim() === '' ? null : text.trim();
}

/** In a time that does not tell where the two differ. */
function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function missing(reason: string): Check {
  return { result: 'missing', reason };
}

function invalid(reason: string): Check {
  return { result: 'invalid', reason };
}
