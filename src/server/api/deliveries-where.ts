import type { DeliveryStatus } from '../../core/delivery/index.js';
import type { Query } from './query.js';

/** `delivered` had two names. */
const STATUSES: Record<string, DeliveryStatus> = {
  queued: 'queued',
  created: 'created',
  retry: 'retry',
  delivered: 'delivered',
  notified: 'delivered',
};

const TERM = /^\s*([\w.]+)\s*=\s*'((?:[^']|'')*)'\s*$/;
const FORM = "channel='webhook' and status='queued' [and config.url='...']";

export interface Where {
  status: DeliveryStatus;
  callbackUrl: string | undefined;
}

/** `where` of the deliveries, in the old service's words. A quote inside a value is written twice. Faults go to `query`. */
export function readWhere(query: Query): Where {
  const terms = new Map<string, string>();
  const refuse = (what: string) => query.refuse('where', `${what}; accepted: ${FORM}`);
  for (const term of splitAnd(query.text('where') ?? '')) {
    const [, name = '', value = ''] = TERM.exec(term) ?? [];
    if (!['channel', 'status', 'config.url'].includes(name)) refuse(`has ${JSON.stringify(term.trim().slice(0, 60))}`);
    else if (terms.has(name)) refuse(`has ${name} twice`);
    terms.set(name, value.replaceAll("''", "'"));
  }
  const status = STATUSES[terms.get('status') ?? ''];
  if (status === undefined) refuse(`needs a status, one of ${Object.keys(STATUSES).join(', ')}`);
  if (terms.get('channel') !== 'webhook') refuse("needs channel='webhook', the only one there is");
  return { status: status ?? 'queued', callbackUrl: terms.get('config.url') };
}

/** At every `and` that stands outside of quotes. */
function splitAnd(text: string): string[] {
  const parts = text.match(/(?:'[^']*'|(?!\sand\s)[^'])+/gi) ?? [];
  return parts.map((part) => part.replace(/^\s*and\s/i, ''));
}
