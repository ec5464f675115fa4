import { formatDate } from '../resources/timezone.js';
import type { ChangeEvent, InstanceDocument } from '../types.js';

/** What both formats of a notification are made of. Times are milliseconds. */
export interface Envelope {
  id: string;
  instance: InstanceDocument;
  /** The resource's name, or `mailbox`. */
  objectType: string;
  timezone: string | null;
  events: readonly ChangeEvent[];
  pollStart: number;
}

/** Cloud Elements knew several users of an organization; here the instances belong to one. */
const USER_ID = 1;

/** The body of the old service, key for key. */
export function cloudElementsBody(envelope: Envelope): Uint8Array {
  const { id, instance, objectType, timezone } = envelope;
  const pollDate = formatDate(envelope.pollStart, timezone);
  const events = envelope.events.map((event) => ({
    id: event.id,
    objectType,
    objectId: event.objectId,
    eventType: event.eventType,
    date: formatDate(event.date, timezone),
    pollDate,
    elementKey: instance.elementKey,
    hubKey: 'general',
  }));
  const body = {
    id,
    message: {
      eventId: id,
      instance_id: instance.id,
      userId: USER_ID,
      instanceName: instance.name,
      instanceTags: instance.tags,
      elementKey: instance.elementKey,
      events,
      raw: {
        objectType,
        instance_id: instance.id,
        eventId: id,
        events,
        [objectType]: envelope.events.map((event) => event.record),
      },
    },
  };
  return new TextEncoder().encode(JSON.stringify(body));
}
