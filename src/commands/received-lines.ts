import type { Check, ReadEvent, Received, Verdict } from '../core/receiving/index.js';
import type { Paint } from '../ui/colour.js';
import { isoTime } from '../ui/time.js';

/** A notification for a person: one line, what is wrong with its signatures, and a line an event. */
export function receivedLines(received: Received, delayMs: number, paint: Paint): string[] {
  const { id, attempt, at, verdict, notification } = received;
  const time = isoTime(at) ?? '';
  const repeat = attempt === 1 ? 'attempt 1' : paint.yellow(`attempt ${attempt}`);
  const head = `${time}  ${onOneLine(id) || 'no id'}  ${repeat}  ${signatureText(verdict, paint)}  ${answerText(received, delayMs)}`;
  const faults = [verdict.elements, verdict.standard].flatMap(({ reason }) => (reason === null ? [] : [`  ${reason}`]));
  return [head, ...faults, ...notification.events.map((event) => `  ${eventLine(event, paint)}`)];
}

/** Which signatures held, for a person. */
export function signatureText({ verified, elements, standard }: Verdict, paint: Paint): string {
  if (verified === null) return 'signature not checked';
  const kinds: [string, Check][] = [
    ['Elements', elements],
    ['Standard Webhooks', standard],
  ];
  const told = kinds
    .filter(([, { result }]) => result !== 'unchecked')
    .map(([name, { result }]) => `${name} ${result}`);
  return verified ? paint.green(`signature ${told.join(', ')}`) : paint.red(`signature ${told.join(', ')}`);
}

/** Text of others on one line of a terminal: a control character must not move a person's cursor. */
export function onOneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
}

function answerText({ status }: Received, delayMs: number): string {
  if (status === null) return 'not answered';
  return `answered ${status}${delayMs > 0 ? ` after ${delayMs} ms` : ''}`;
}

function eventLine(event: ReadEvent, paint: Paint): string {
  const type = onOneLine(event.eventType);
  const colour = { CREATED: paint.green, DELETED: paint.red }[type] ?? paint.yellow;
  const what =
    event.objectType === 'mailbox' ? fieldsOf(event.record) : [subjectOf(event.record), changesOf(event.record)];
  const parts = [event.objectType, event.objectId, event.date ?? '', ...what, event.id === null ? '' : `(${event.id})`];
  return [colour(type.padEnd(8)), ...parts.map(onOneLine).filter((part) => part !== '')].join('  ');
}

function subjectOf(record: Record<string, unknown>): string {
  const { headers } = Object(record['payload']) as { headers?: unknown };
  const found = (Array.isArray(headers) ? headers : [])
    .map((header) => Object(header) as { name?: unknown; value?: unknown })
    .find(({ name }) => String(name).toLowerCase() === 'subject');
  return found === undefined ? '' : JSON.stringify(String(found.value));
}

/** "messageAdded", "+STARRED -UNREAD", and what is unusual about the record. */
function changesOf(record: Record<string, unknown>): string {
  const { changes } = record;
  const told = (Array.isArray(changes) ? changes : []).map((change) => {
    const { type = '?', labelIds } = Object(change) as { type?: unknown; labelIds?: unknown };
    const sign = { labelsAdded: '+', labelsRemoved: '-' }[String(type)];
    if (sign === undefined || !Array.isArray(labelIds)) return String(type);
    return labelIds.map((label) => `${sign}${String(label)}`).join(' ');
  });
  const marks = ['gone', 'recovered', 'payloadError'].filter((mark) => Object.hasOwn(record, mark));
  return [...told, ...marks].join(' ');
}

function fieldsOf(record: Record<string, unknown>): string[] {
  const told = Object.entries(record).filter(([name, value]) => name !== 'id' && value !== null);
  return told.map(([name, value]) => `${name}=${String(value)}`);
}
