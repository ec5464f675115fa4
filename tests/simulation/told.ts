/** A notification as its receiver reads it, in either format. */
export interface ToldEvent {
  id: string;
  eventType: string;
  objectId: string;
  record: Record<string, unknown>;
}

export interface ToldNotification {
  id: string;
  /** The resource's name, or `mailbox`. */
  resource: string;
  events: ToldEvent[];
}

interface CloudElements {
  message: { raw: { objectType: string; [resource: string]: unknown }; events: Omit<ToldEvent, 'record'>[] };
}

interface CloudEvent {
  id: string;
  source: string;
  type: string;
  subject: string;
  data: Record<string, unknown>;
}

export function readTold(id: string, contentType: string, body: Uint8Array): ToldNotification {
  const value: unknown = JSON.parse(Buffer.from(body).toString());
  return contentType.startsWith('application/cloudevents')
    ? cloudEvents(id, value as CloudEvent[])
    : cloudElements(id, value as CloudElements);
}

function cloudElements(id: string, { message }: CloudElements): ToldNotification {
  const resource = message.raw.objectType;
  const records = message.raw[resource] as Record<string, unknown>[];
  const events = message.events.map(({ id: eventId, eventType, objectId }, at) => {
    return { id: eventId, eventType, objectId, record: records[at] ?? {} };
  });
  return { id, resource, events };
}

function cloudEvents(id: string, batch: CloudEvent[]): ToldNotification {
  const resource = decodeURIComponent(batch[0]?.source.split('/').at(-1) ?? '');
  const events = batch.map((event) => ({
    id: event.id,
    eventType: (event.type.split('.').at(-1) ?? '').toUpperCase(),
    objectId: event.subject,
    record: event.data,
  }));
  return { id, resource, events };
}
