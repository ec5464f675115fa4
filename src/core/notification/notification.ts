import type { NewNotification } from '../../store/ports/outbox.js';
import type { ChangeEvent, InstanceDocument, InstanceSettings } from '../types.js';
import { CLOUDEVENTS_CONTENT_TYPE, cloudEventsBody, thingOf } from './cloudevents.js';
import { cloudElementsBody, type Envelope } from './envelope.js';
import { notificationId } from './ids.js';

/** The old service put at most 10 events into one POST. */
const EVENTS_PER_NOTIFICATION = 10;
/** Characters of JSON. Ten raw messages of 50 MB would be more than one string can hold, and than receivers take. */
const RECORDS_PER_NOTIFICATION = 4 * 1024 ** 2;

/**
 * The notifications of one resource's events, in their order, 10 events at most in each, fewer of large records.
 * `timezone` is the resource's (IANA name or offset; null is UTC), `pollStart` in milliseconds. The bodies are built here,
 * once: what is stored is what every attempt sends.
 */
export function buildNotifications(input: {
  instance: InstanceDocument;
  settings: InstanceSettings;
  resource: string;
  timezone: string | null;
  events: readonly ChangeEvent[];
  pollStart: number;
  email: string;
}): NewNotification[] {
  const thing = thingOf(input.settings.resources.find((resource) => resource.name === input.resource));
  return batches(input.events).map((events) => {
    const ids = events.map((event) => event.id);
    const envelope: Envelope = {
      id: notificationId(ids, input.pollStart),
      instance: input.instance,
      objectType: input.resource,
      timezone: input.timezone,
      events,
      pollStart: input.pollStart,
    };
    return sealed(envelope, input.settings, { queue: 'events', thing });
  });
}

function batches(events: readonly ChangeEvent[]): ChangeEvent[][] {
  const made: ChangeEvent[][] = [];
  let size = 0;
  for (const event of events) {
    const length = JSON.stringify(event.record).length;
    const open = made.at(-1);
    if (open === undefined || open.length === EVENTS_PER_NOTIFICATION || size + length > RECORDS_PER_NOTIFICATION) {
      made.push([event]);
      size = length;
    } else {
      open.push(event);
      size += length;
    }
  }
  return made;
}

/** The envelope as bytes in the instance's format, ready for the outbox. */
export function sealed(
  envelope: Envelope,
  settings: InstanceSettings,
  { queue, thing }: { queue: NewNotification['queue']; thing: string },
): NewNotification {
  const cloudEvents = settings.format === 'cloudevents';
  return {
    id: envelope.id,
    instanceId: envelope.instance.id,
    resource: envelope.objectType,
    queue,
    body: cloudEvents ? cloudEventsBody(envelope, thing) : cloudElementsBody(envelope),
    contentType: cloudEvents ? CLOUDEVENTS_CONTENT_TYPE : 'application/json',
    eventCount: envelope.events.length,
    state: settings.callbackUrl === null ? 'stored' : 'pending',
  };
}
