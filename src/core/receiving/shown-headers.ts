import type { IncomingHttpHeaders } from 'node:http';

const MASK = '********';

/** What gmail-events and HTTP itself send. Any other header is the instance's own, and may be its receiver's password. */
const SHOWN = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'date',
  'elements-webhook-id',
  'elements-webhook-signature',
  'host',
  'transfer-encoding',
  'user-agent',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
]);

/** The headers as they can be printed: all names, and the values of those that hold no secret. */
export function shownHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const shown = Object.entries(headers).map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(', ') : (value ?? '');
    return [name, SHOWN.has(name) ? text : MASK];
  });
  return Object.fromEntries(shown) as Record<string, string>;
}
