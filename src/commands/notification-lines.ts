import type { NewNotification } from '../core/polling/index.js';

/** A notification as `poll` and `watch` print it with --json. */
export function notificationObject(notification: NewNotification): object {
  return { type: 'notification', instanceId: notification.instanceId, body: bodyOf(notification) };
}

/** One line an event, for a person. */
export function eventLines(notification: NewNotification): string[] {
  const body = bodyOf(notification) as CloudElements | CloudEvent[];
  if (Array.isArray(body)) return body.map(({ type, subject }) => `${type} ${subject}`);
  return body.message.events.map(({ eventType, objectType, objectId }) => `${eventType} ${objectType} ${objectId}`);
}

/** "3 events in 1 notification", or "no changes". */
export function madeText({ events, notifications }: { events: number; notifications: number }): string {
  return events === 0 ? 'no changes' : `${counted(events, 'event')} in ${counted(notifications, 'notification')}`;
}

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** "instance 1", "instances 1, 2". */
export function instancesText(ids: readonly number[]): string {
  return `${ids.length === 1 ? 'instance' : 'instances'} ${ids.join(', ')}`;
}

function bodyOf(notification: NewNotification): unknown {
  return JSON.parse(new TextDecoder().decode(notification.body));
}

interface CloudElements {
  message: { events: { eventType: string; objectType: string; objectId: string }[] };
}

interface CloudEvent {
  type: string;
  subject: string;
}
