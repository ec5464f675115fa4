import type { CollectionResource } from '../types.js';
import { dateFormatFault, formatJavaDate } from './java-date-format.js';
import { isTimezone } from './timezone.js';

const TEMPLATE = /\$\{([^}]*)\}/g;
const KINDS =
  '${gmtDate:FORMAT}, ${date:FORMAT}, ${dateTimeZone:ZONE:FORMAT}, ${epoch}, ${epoch:s}, ${epoch:ms}, ${epoch:us}';

/** A template read: `zone` is undefined where the resource's own time zone counts. */
type Template = { kind: 'epoch'; unit: string } | { kind: 'date'; zone: string | null | undefined; format: string };

export function hasTemplate(text: string): boolean {
  return text.includes('${');
}

/** What is wrong with the templates of a text, as a phrase; null when all can be filled in. */
export function templateFault(text: string): string | null {
  if (hasTemplate(text.replaceAll(TEMPLATE, ''))) return 'a template ${ has no closing brace';
  for (const [whole, content] of text.matchAll(TEMPLATE)) {
    const template = readTemplate(content ?? '');
    if (typeof template === 'string') return `${whole}: ${template}`;
    if (template.kind === 'date') {
      const fault = dateFormatFault(template.format);
      if (fault !== null) return `${whole}: ${fault}`;
    }
  }
  return null;
}

/**
 * Gmail's parameters with every template filled in. The time put in is that of the last poll (milliseconds) minus the
 * resource's pollDelay.
 */
export function expandQuery(resource: CollectionResource, lastPollAt: number): [name: string, value: string][] {
  const at = Math.max(0, Math.floor(lastPollAt - resource.pollDelaySeconds * 1000));
  return resource.query.map(([name, value]) => [name, expandText(value, at, resource.timezone)]);
}

/** A text whose templates passed templateFault, filled in for the moment `at` (milliseconds). */
export function expandText(text: string, at: number, timezone: string | null): string {
  return text.replaceAll(TEMPLATE, (whole: string, content: string) => {
    const template = readTemplate(content);
    if (typeof template === 'string') return whole;
    if (template.kind === 'epoch') return epoch(template.unit, at);
    return formatJavaDate(template.format, at, template.zone === undefined ? timezone : template.zone);
  });
}

/** A phrase says what is wrong. */
function readTemplate(content: string): Template | string {
  const [kind = '', rest] = cut(content);
  switch (kind) {
    case 'epoch':
      if (rest !== null && !['s', 'ms', 'us'].includes(rest)) return 'accepted units of epoch: s, ms, us';
      return { kind: 'epoch', unit: rest ?? 'ms' };
    case 'gmtDate':
      return { kind: 'date', zone: null, format: rest ?? '' };
    case 'date':
      return { kind: 'date', zone: undefined, format: rest ?? '' };
    case 'dateTimeZone':
      return zoned(rest ?? '');
    default:
      return `no such template; accepted: ${KINDS}`;
  }
}

/** ZONE:FORMAT, where both may hold colons (-8:00:HH:mm): the longest beginning that is a time zone is the zone. */
function zoned(text: string): Template | string {
  for (let end = text.lastIndexOf(':'); end > 0; end = text.lastIndexOf(':', end - 1)) {
    const zone = text.slice(0, end);
    if (isTimezone(zone)) return { kind: 'date', zone, format: text.slice(end + 1) };
  }
  return 'it names no known time zone; accepted: an IANA name or an offset, then a colon and a date format';
}

function cut(content: string): [kind: string, rest: string | null] {
  const colon = content.indexOf(':');
  return colon < 0 ? [content, null] : [content.slice(0, colon), content.slice(colon + 1)];
}

function epoch(unit: string, at: number): string {
  if (unit === 's') return String(Math.floor(at / 1000));
  return unit === 'us' ? `${at}000` : String(at);
}
