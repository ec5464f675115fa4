import { readJson } from '../json-text.js';
import { isRecord, secretForm } from '../value-form.js';

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What HTTP allows in a header's value, and what the wire can carry: no line break, nothing beyond latin-1. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const ACCEPTED = 'an object of header names to texts, or that object as JSON text';

/** The connection's own, the body's own, and those that the notification is signed with. */
const OURS = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'elements-webhook-id',
  'elements-webhook-signature',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
]);

/** event.notification.callback.headers, an object or that object as JSON text. No fault holds a value. */
export function readCallbackHeaders(value: unknown): { headers: Record<string, string>; faults: string[] } {
  const read = typeof value === 'string' ? readJson(value) : { value };
  if ('fault' in read) return { headers: {}, faults: [`is not JSON: ${read.fault}; accepted: ${ACCEPTED}`] };
  if (!isRecord(read.value)) return { headers: {}, faults: [`is ${secretForm(read.value)}; accepted: ${ACCEPTED}`] };
  const headers: [string, string][] = [];
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const [name, content] of Object.entries(read.value)) {
    if (content === null) continue;
    const fault = headerFault(name, content, seen);
    seen.add(name.toLowerCase());
    if (fault === null) headers.push([name, String(content).trim()]);
    else faults.push(fault);
  }
  return { headers: Object.fromEntries(headers), faults };
}

function headerFault(name: string, content: unknown, seen: ReadonlySet<string>): string | null {
  const shown = JSON.stringify(name.slice(0, 40));
  if (!NAME.test(name) || name === '__proto__') return `has ${shown}, which is no name of a header`;
  if (OURS.has(name.toLowerCase())) return `has ${shown}, which gmail-events sets itself; accepted: any other header`;
  if (seen.has(name.toLowerCase())) return `has ${shown} twice`;
  if (!['string', 'number', 'boolean'].includes(typeof content))
    return `has ${shown} as ${secretForm(content)}; accepted: a text`;
  if (!VALUE.test(String(content).trim())) return `has ${shown} with a character that a header may not hold`;
  return null;
}
