import { readJson } from '../json-text.js';
import { isRecord } from '../value-form.js';

/** One event of a notification, as far as the notification tells. */
export interface ReadEvent {
  id: string | null;
  eventType: string;
  objectType: string;
  objectId: string;
  date: string | null;
  /** Gmail's own resource; empty when the notification has none. */
  record: Record<string, unknown>;
}

export interface ReadNotification {
  /** The notification's id in the body; null in a CloudEvents batch, which has it in a header only. */
  id: string | null;
  events: ReadEvent[];
  body: unknown;
}

/** A notification of either format. A fault is a phrase that quotes nothing of the body. */
export function readNotification(bytes: Uint8Array): ReadNotification | { fault: string } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { fault: 'it is not UTF-8 text' };
  }
  const read = readJson(text);
  if ('fault' in read) return { fault: `it is not JSON: ${read.fault}` };
  const body = read.value;
  if (Array.isArray(body) && body.every((each) => isRecord(each) && 'specversion' in each)) {
    return { id: null, events: body.map(cloudEvent), body };
  }
  const message = isRecord(body) ? body['message'] : undefined;
  if (!isRecord(body) || !isRecord(message) || !Array.isArray(message['events'])) {
    return { fault: 'it has neither message.events nor the form of a CloudEvents batch' };
  }
  const raw = isRecord(message['raw']) ? message['raw'] : {};
  const id = textOf(body['id']) ?? textOf(message['eventId']);
  return { id, events: message['events'].map((event, at) => elementsEvent(event, raw, at)), body };
}

function elementsEvent(value: unknown, raw: Record<string, unknown>, at: number): ReadEvent {
  const event = isRecord(value) ? value : {};
  const objectType = textOf(event['objectType']) ?? '?';
  const records = Object.hasOwn(raw, objectType) ? raw[objectType] : undefined;
  const record: unknown = Array.isArray(records) ? records[at] : undefined;
  return {
    id: textOf(event['id']),
    eventType: textOf(event['eventType']) ?? '?',
    objectType,
    objectId: textOf(event['objectId']) ?? '?',
    date: textOf(event['date']),
    record: isRecord(record) ? record : {},
  };
}

/** `gmail.message.created` from `/gmail-events/instances/1/changed-messages` is the CREATED of changed-messages. */
function cloudEvent(event: Record<string, unknown>): ReadEvent {
  const type = textOf(event['type'])?.split('.').at(-1);
  const source = textOf(event['source'])?.split('/').at(-1);
  return {
    id: textOf(event['id']),
    eventType: type?.toUpperCase() ?? '?',
    objectType: decoded(source ?? '?'),
    objectId: textOf(event['subject']) ?? '?',
    date: textOf(event['time']),
    record: isRecord(event['data']) ? event['data'] : {},
  };
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
