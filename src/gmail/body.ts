import type { HistoryPage, HistoryRecord, ListPage, Message, Profile } from './api.js';

/** An answer with status 200 that is not what Gmail answers: HTML, cut off, or of an unknown shape. */
export class UnusableBody extends Error {}

/**
 * uint64s are strings in Gmail's JSON, yet do come as numbers at times: JSON.parse would round them, so they are quoted
 * before. Inside a JSON string the quotes of such a key are escaped, so no text of a mail is touched.
 */
const NUMBER_THAT_IS_TEXT = /(?<!\\)"(historyId|id|internalDate)"(\s*:\s*)(\d+)(?=\s*[,}])/g;

/** Throws UnusableBody, whose message says what came instead. */
export function parseObject(text: string): Record<string, unknown> {
  if (text.trim() === '') throw new UnusableBody('an empty answer');
  if (/^\s*</.test(text)) throw new UnusableBody('HTML instead of JSON');
  let value: unknown;
  try {
    value = JSON.parse(text.replace(NUMBER_THAT_IS_TEXT, '"$1"$2"$3"'));
  } catch {
    throw new UnusableBody('JSON that is cut off or malformed');
  }
  if (!isObject(value)) throw new UnusableBody('JSON that is no object');
  return value;
}

export function readProfile(body: Record<string, unknown>): Profile {
  const { emailAddress } = body;
  if (typeof emailAddress !== 'string' || emailAddress === '') throw new UnusableBody('a profile without an address');
  return { emailAddress, historyId: historyId(body['historyId']) };
}

export function readHistory(body: Record<string, unknown>): HistoryPage {
  const history = list(body, 'history').map((record): HistoryRecord => {
    if (!isObject(record)) throw new UnusableBody('a history record that is no object');
    for (const kind of ['messagesAdded', 'messagesDeleted', 'labelsAdded', 'labelsRemoved']) {
      for (const change of list(record, kind)) checkChange(change);
    }
    return { ...record, id: historyId(record['id']) };
  });
  return { history, historyId: historyId(body['historyId']), ...nextPage(body) };
}

export function readMessageIds(body: Record<string, unknown>): {
  messages: { id: string; threadId?: string }[];
  nextPageToken?: string;
} {
  const messages = list(body, 'messages').map((message) => {
    const { id, threadId } = isObject(message) ? message : {};
    if (typeof id !== 'string') throw new UnusableBody('a message without an id');
    return { id, ...(typeof threadId === 'string' && { threadId }) };
  });
  return { messages, ...nextPage(body) };
}

export function readMessage(body: Record<string, unknown>): Message {
  if (typeof body['id'] !== 'string') throw new UnusableBody('a message without an id');
  if (body['labelIds'] !== undefined && !isTexts(body['labelIds']))
    throw new UnusableBody('labels of an unknown shape');
  return body as Message;
}

export function readRecords(body: Record<string, unknown>, key: string): ListPage {
  const records = list(body, key);
  if (!records.every(isObject)) throw new UnusableBody('a record that is no object');
  return { records, ...nextPage(body) };
}

/** An absent list is an empty one: Gmail leaves it out. */
function list(body: Record<string, unknown>, key: string): unknown[] {
  const value = body[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new UnusableBody(`"${key}" that is no list`);
  return value;
}

function checkChange(change: unknown): void {
  const message = isObject(change) ? change['message'] : null;
  if (!isObject(message) || typeof message['id'] !== 'string') {
    throw new UnusableBody('a change without the id of its message');
  }
  for (const labels of [message['labelIds'], (change as Record<string, unknown>)['labelIds']]) {
    if (labels !== undefined && !isTexts(labels)) throw new UnusableBody('labels of an unknown shape');
  }
}

function nextPage(body: Record<string, unknown>): { nextPageToken?: string } {
  const token = body['nextPageToken'];
  if (token === undefined || token === null || token === '') return {};
  if (typeof token !== 'string') throw new UnusableBody('a page token of an unknown shape');
  return { nextPageToken: token };
}

function historyId(value: unknown): string {
  if (typeof value === 'string' && /^\d+$/.test(value)) return value;
  throw new UnusableBody('an answer without a historyId');
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
