import { formatDate } from '../resources/timezone.js';
import type { CollectionPath, Resource } from '../types.js';
import type { Envelope } from './envelope.js';

export const CLOUDEVENTS_CONTENT_TYPE = 'application/cloudevents-batch+json';

const THINGS: Record<CollectionPath, string> = {
  messages: 'message',
  threads: 'thread',
  drafts: 'draft',
  labels: 'label',
  'settings/filters': 'filter',
  'settings/forwardingAddresses': 'forwarding-address',
  'settings/sendAs': 'send-as',
  'settings/delegates': 'delegate',
};

/** The middle of a CloudEvents type: `message` in `gmail.message.created`. `undefined` stands for the mailbox itself. */
export function thingOf(resource: Resource | undefined): string {
  if (resource === undefined) return 'mailbox';
  return resource.kind === 'history' ? 'message' : THINGS[resource.path];
}

/** CloudEvents 1.0 in the JSON batch format: the same events under the same ids. */
export function cloudEventsBody(envelope: Envelope, thing: string): Uint8Array {
  const source = `/gmail-events/instances/${envelope.instance.id}/${encodeURIComponent(envelope.objectType)}`;
  const batch = envelope.events.map((event) => ({
    specversion: '1.0',
    id: event.id,
    source,
    type: `gmail.${thing}.${event.eventType.toLowerCase()}`,
    time: formatDate(event.date, envelope.timezone),
    subject: event.objectId,
    datacontenttype: 'application/json',
    data: event.record,
  }));
  return new TextEncoder().encode(JSON.stringify(batch));
}
