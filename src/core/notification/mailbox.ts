import type { NewNotification } from '../../store/ports/outbox.js';
import type { InstanceDocument, InstanceSettings, MailboxEventType } from '../types.js';
import { thingOf } from './cloudevents.js';
import { eventId, notificationId } from './ids.js';
import { sealed } from './notification.js';

const AUTH_FIELDS = ['reason', 'hint', 'expiresAt'];

/** A receiver can rely on every field of a record: absent values are null. */
const FIELDS: Record<MailboxEventType, string[]> = {
  GAP: ['resource', 'from', 'to', 'recovered'],
  AUTH_FAILED: AUTH_FIELDS,
  AUTH_RESTORED: AUTH_FIELDS,
  AUTH_EXPIRING: AUTH_FIELDS,
  DEAD_LETTER: ['notificationId', 'attempts', 'lastStatus', 'lastError'],
};

/**
 * A notification about the mailbox itself, or null when the instance wants none. `key` makes the event's id unique: the
 * poll's start and the resource for GAP and AUTH_*, the dead notification's id and time of death for DEAD_LETTER. `at`
 * (milliseconds) is its date and part of the notification's id, unless `once` stands in for it there: then the same key
 * gives the same notification whenever it is made.
 */
export function buildMailboxNotification(input: {
  instance: InstanceDocument;
  settings: InstanceSettings;
  email: string;
  eventType: MailboxEventType;
  key: readonly string[];
  record: Record<string, unknown>;
  at: number;
  once?: boolean;
}): NewNotification | null {
  const { instance, settings, email, eventType, at } = input;
  if (!settings.systemEnabled) return null;
  const record: Record<string, unknown> = { id: email };
  for (const field of [...FIELDS[eventType], ...Object.keys(input.record)]) record[field] = input.record[field] ?? null;
  const id = eventId([instance.uuid, 'mailbox', eventType, email, ...input.key]);
  const events = [{ id, objectId: email, eventType, date: at, record }];
  return sealed(
    {
      id: notificationId([id], input.once === true ? 'once' : at),
      instance,
      objectType: 'mailbox',
      timezone: null,
      events,
      pollStart: at,
    },
    settings,
    { queue: 'mailbox', thing: thingOf(undefined) },
  );
}
