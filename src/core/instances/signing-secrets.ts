import { secretForm } from '../value-form.js';

const SECRET = /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Standard Webhooks 1.0.0: a secret has 24 to 64 bytes. */
const MIN_BYTES = 24;
const MAX_BYTES = 64;
const ACCEPTED = `whsec_ and the base64 of ${MIN_BYTES} to ${MAX_BYTES} random bytes; two of them, separated by a space, while a secret is changed`;

/** The secrets of event.notification.signing.secret, in order. */
export function signingSecrets(value: string | undefined): string[] {
  return (value ?? '').split(/\s+/).filter((secret) => secret !== '');
}

/** What is wrong with the value, as a phrase that does not hold it; null when it can be used. */
export function signingSecretFault(value: unknown): string | null {
  const secrets = typeof value === 'string' ? signingSecrets(value) : [];
  if (secrets.length > 0 && secrets.length <= 2 && secrets.every(usable)) return null;
  const form = secrets.length > 2 ? `${secrets.length} secrets` : secretForm(value);
  return `is ${form}; accepted: ${ACCEPTED}`;
}

function usable(secret: string): boolean {
  const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64').length;
  return SECRET.test(secret) && bytes >= MIN_BYTES && bytes <= MAX_BYTES;
}
