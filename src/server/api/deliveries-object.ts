import type { Delivery, DeliveryStatus } from '../../core/delivery/index.js';
import { readSettings } from '../../core/instances/index.js';
import type { InstanceDocument } from '../../core/types.js';
import { isoTime, type NotificationBody } from './events-bodies.js';

/** Who is told of an instance's events: here every instance is its own subscription, and has its number. */
export interface SubscriptionObject {
  id: number;
  channel: 'webhook';
  topics: string[];
  config: { url: string };
  /** Whether deliveries are attempted. */
  active: boolean;
}

export interface DeliveryObject {
  notificationId: string;
  subscriptionId: number;
  status: DeliveryStatus;
  createdDate: string;
  /** When the outcome of its last attempt was recorded, else when it was made. */
  updatedDate: string;
  notification?: object;
  subscription?: SubscriptionObject;
}

export function subscriptionObject(
  instance: InstanceDocument,
  { callbackUrl, stopped }: { callbackUrl: string; stopped: boolean },
): SubscriptionObject {
  return {
    id: instance.id,
    channel: 'webhook',
    topics: [topicOf(instance)],
    config: { url: callbackUrl },
    active: !stopped && !instance.disabled && readSettings(instance).eventsEnabled,
  };
}

export function deliveryObject({ instance, status, row }: Delivery, lastAttemptAt: number | null): DeliveryObject {
  return {
    notificationId: row.id,
    subscriptionId: instance.id,
    status,
    createdDate: isoTime(row.createdAt),
    updatedDate: isoTime(row.deliveredAt ?? lastAttemptAt ?? row.createdAt),
  };
}

/** The old service's notification: the envelope whose `message` is what the callback URL is sent. */
export function notificationObject({ instance, row }: Delivery, body: NotificationBody): object {
  return {
    id: row.id,
    from: instance.name,
    topic: topicOf(instance),
    severity: 'low',
    message: Array.isArray(body) ? body : body.message,
    createdDate: isoTime(row.createdAt),
    active: row.state !== 'delivered',
    acknowledged: row.state === 'delivered',
  };
}

function topicOf({ id }: InstanceDocument): string {
  return `instance-${id}-gmail-events`;
}

const text = { type: 'string' };

export const SUBSCRIPTION = {
  type: 'object',
  properties: {
    id: { type: 'integer', description: 'The number of the instance' },
    channel: { ...text, enum: ['webhook'] },
    topics: { type: 'array', items: text },
    config: { type: 'object', properties: { url: text } },
    active: { type: 'boolean', description: 'Whether deliveries are attempted' },
  },
};

export const DELIVERY = {
  type: 'object',
  properties: {
    notificationId: text,
    subscriptionId: { type: 'integer' },
    status: { ...text, enum: ['created', 'retry', 'queued', 'delivered'] },
    createdDate: { ...text, format: 'date-time' },
    updatedDate: { ...text, format: 'date-time' },
    notification: { type: 'object', description: 'With hydrate=true; its message is what is POSTed' },
    subscription: { ...SUBSCRIPTION, description: 'With hydrate=true' },
  },
};
