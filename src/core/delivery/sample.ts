import type { NewNotification } from '../../store/ports/outbox.js';
import { thingOf } from '../notification/cloudevents.js';
import { sealed } from '../notification/notification.js';
import { formatDate } from '../resources/timezone.js';
import type {
  ChangeEvent,
  EventType,
  InstanceDocument,
  InstanceSettings,
  MailboxEventType,
  Resource,
} from '../types.js';
import { sampleMessage, sampleOfCollection } from './sample-record.js';

const CHANGES: readonly EventType[] = ['CREATED', 'UPDATED', 'DELETED'];
const MAILBOX: readonly MailboxEventType[] = ['GAP', 'AUTH_FAILED', 'AUTH_RESTORED', 'AUTH_EXPIRING', 'DEAD_LETTER'];

export type SampleType = EventType | MailboxEventType;
export const SAMPLE_TYPES: readonly SampleType[] = [...CHANGES, ...MAILBOX];

export function isMailboxType(type: SampleType): type is MailboxEventType {
  return (MAILBOX as readonly string[]).includes(type);
}

/** Ids of tests begin so; derived ids are hexadecimal and never do. */
const MARK = 'test-';
const DAY_MS = 24 * 3600 * 1000;

/**
 * A notification as the instance's resource would make it, of something that never happened; it is for sending, not for
 * the outbox. `unique` (letters and digits) makes its id another one each time; `now` is in milliseconds.
 */
export function sampleNotification(input: {
  instance: InstanceDocument;
  settings: InstanceSettings;
  email: string;
  resource: Resource;
  type: SampleType;
  unique: string;
  now: number;
}): NewNotification {
  const { instance, settings, resource, type, now } = input;
  const id = `${MARK}${input.unique}`;
  const mailbox = isMailboxType(type);
  const event: ChangeEvent = {
    id: `${id}-event`,
    eventType: type,
    date: now,
    ...(mailbox ? aboutMailbox(type, input) : sampled(resource, type, input)),
  };
  return sealed(
    {
      id,
      instance,
      objectType: mailbox ? 'mailbox' : resource.name,
      timezone: mailbox ? null : resource.timezone,
      events: [event],
      pollStart: now,
    },
    settings,
    { queue: mailbox ? 'mailbox' : 'events', thing: thingOf(mailbox ? undefined : resource) },
  );
}

function sampled(resource: Resource, type: EventType, { now, email }: { now: number; email: string }) {
  return resource.kind === 'history' ? sampleMessage(resource, type, now, email) : sampleOfCollection(resource, type);
}

function aboutMailbox(
  type: MailboxEventType,
  { email, resource, unique, now }: { email: string; resource: Resource; unique: string; now: number },
): Pick<ChangeEvent, 'objectId' | 'record'> {
  const tomorrow = formatDate(now + DAY_MS, null);
  const record: Record<MailboxEventType, Record<string, unknown>> = {
    GAP: { resource: resource.name, from: '1001', to: '2002', recovered: 0 },
    AUTH_FAILED: {
      reason: 'a test: the grant was revoked',
      hint: `Run gmail-events auth for ${email}.`,
      expiresAt: null,
    },
    AUTH_RESTORED: { reason: null, hint: null, expiresAt: null },
    AUTH_EXPIRING: {
      reason: 'a test: Google limited this grant in time',
      hint: `Run gmail-events auth for ${email} before it ends.`,
      expiresAt: tomorrow,
    },
    DEAD_LETTER: { notificationId: `${MARK}${unique}-dead`, attempts: 10, lastStatus: 500, lastError: 'HTTP 500' },
  };
  return { objectId: email, record: { id: email, ...record[type] } };
}
