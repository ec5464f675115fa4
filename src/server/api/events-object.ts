import type { OutboxRow } from '../../core/delivery/index.js';
import { type Bodied, isoTime, recordsOf } from './events-bodies.js';

/** An event as the old service showed it: what one notification holds. */
export interface EventObject {
  /** The notification's id, `message.eventId` in its body. */
  id: string;
  eventDate: string;
  status: 'NEW' | 'RECEIVED' | 'DISPATCHED' | 'NOTIFIED';
  /** What Gmail gave, as JSON text. */
  providerData: string;
  /** What the callback URL has accepted. */
  notifiedData: unknown[];
}

export function eventObject({ row, body }: Bodied): EventObject {
  const status = statusOf(row);
  return {
    id: row.id,
    eventDate: isoTime(row.createdAt),
    status,
    providerData: JSON.stringify(recordsOf(body)),
    notifiedData: status === 'NOTIFIED' ? [body] : [],
  };
}

/** NEW: not attempted yet. DISPATCHED: attempted, not accepted. RECEIVED: kept, and nobody is to be told. */
function statusOf({ state, attempts }: OutboxRow): EventObject['status'] {
  if (state === 'delivered') return 'NOTIFIED';
  if (attempts > 0) return 'DISPATCHED';
  return state === 'pending' ? 'NEW' : 'RECEIVED';
}

const text = { type: 'string' };

export const EVENT = {
  type: 'object',
  required: ['id', 'eventDate', 'status', 'providerData'],
  properties: {
    id: { ...text, description: 'message.eventId of the notification' },
    eventDate: { ...text, format: 'date-time' },
    status: { ...text, enum: ['NEW', 'RECEIVED', 'DISPATCHED', 'NOTIFIED'] },
    providerData: { ...text, description: 'What Gmail gave: a JSON array of records' },
    notifiedData: { type: 'array', items: {}, description: 'The notification that the callback URL has accepted' },
  },
};
