import { eventId } from '../../notification/index.js';
import type { ChangeEvent, EventType, HistoryId, HistoryResource } from '../../types.js';
import type { Fetched } from './fetch.js';
import type { FoldedMessage } from './fold.js';

/** Where an event belongs, for its id and its date. */
export interface EventOrigin {
  instanceUuid: string;
  resource: HistoryResource;
  /** Milliseconds. */
  pollStart: number;
  /** Found by messages.list after a gap in history, not by history. */
  recovered: boolean;
}

/**
 * The event of one message. Its record is Gmail's own message when it was fetched, else what history told of it
 * (`historyId`: the last record that changed it), plus `changes`; and `gone`, `payloadError` or `recovered` where so.
 */
export function eventOf(message: FoldedMessage, fetched: Fetched | undefined, origin: EventOrigin): ChangeEvent {
  const { resource, pollStart } = origin;
  const full = fetched?.kind === 'message' ? fetched.message : undefined;
  const threadId = full?.threadId ?? message.threadId;
  return {
    id: messageEventId(origin, message.eventType, message.id, message.lastRecordId),
    objectId: resource.idField === 'threadId' ? (threadId ?? message.id) : message.id,
    eventType: message.eventType,
    date: internalDate(fetched) ?? pollStart,
    record: {
      ...(full !== undefined && resource.format !== 'ids' ? full : known(message, full, origin)),
      changes: message.changes,
      ...(fetched?.kind === 'gone' && { gone: true }),
      ...(fetched?.kind === 'failed' && { payloadError: fetched.sentence }),
      ...(origin.recovered && { recovered: true }),
    },
  };
}

/** Years of four digits, in any zone: a date beyond them cannot be written, and every poll would end at that message. */
const FIRST_DATE = Date.parse('0001-01-01');
const LAST_DATE = Date.parse('9999-01-01');

/** Milliseconds; null when the message was not fetched or carries none. */
export function internalDate(fetched: Fetched | undefined): number | null {
  const text = fetched?.kind === 'message' ? fetched.message.internalDate : undefined;
  const date = text === undefined || text === '' ? Number.NaN : Number(text);
  return date >= FIRST_DATE && date <= LAST_DATE ? date : null;
}

/** A message is created once, so nothing but its id counts there: a recovered CREATED has the id of one read in history. */
function messageEventId(origin: EventOrigin, eventType: EventType, messageId: string, lastRecordId: HistoryId): string {
  const parts = [origin.instanceUuid, origin.resource.name, eventType, messageId];
  return eventId(eventType === 'CREATED' ? parts : [...parts, lastRecordId]);
}

/** What is known without a payload. `ids` means ids: also of a message fetched to know its labels nothing more is told. */
function known(
  message: FoldedMessage,
  full: { threadId?: string; labelIds?: string[]; historyId?: string } | undefined,
  origin: EventOrigin,
): Record<string, unknown> {
  const threadId = full?.threadId ?? message.threadId;
  const labelIds = full?.labelIds ?? message.labels;
  const historyId = full?.historyId ?? (origin.recovered ? undefined : message.lastRecordId);
  return {
    id: message.id,
    ...(threadId !== undefined && { threadId }),
    ...(labelIds !== null && { labelIds }),
    ...(historyId !== undefined && { historyId }),
  };
}
