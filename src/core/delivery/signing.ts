import { createHmac } from 'node:crypto';

/** The old service's signature of a body: `sha256=` and the base64 (not hexadecimal) HMAC-SHA256 of its bytes. */
export function elementsSignature(key: string, body: Uint8Array): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('base64')}`;
}

/**
 * `webhook-signature` of Standard Webhooks 1.0.0: one `v1,...` for each secret (`whsec_` and base64), so that a receiver
 * verifies with the old or the new one during a rotation. `timestamp` is in seconds, that of the attempt.
 */
export function standardSignature(secrets: readonly string[], id: string, timestamp: number, body: Uint8Array): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
    })
    .join(' ');
}
