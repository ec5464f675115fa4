import type { ReceivedRequest } from './receiver.js';

export interface EventView {
  id: string;
  objectType: string;
  objectId: string;
  eventType: string;
  date: string;
  pollDate: string;
}

export interface NotificationView {
  id: string;
  message: {
    eventId: string;
    instance_id: number;
    events: EventView[];
    raw: { objectType: string; events: EventView[]; [resource: string]: unknown };
  };
}

export function notifications(requests: ReceivedRequest[]): NotificationView[] {
  return requests.map((request) => request.json() as NotificationView);
}

export function events(requests: ReceivedRequest[]): EventView[] {
  return notifications(requests).flatMap((notification) => notification.message.events);
}

/** "CREATED 18c2..." for each event in order of arrival. */
export function told(requests: ReceivedRequest[]): string[] {
  return events(requests).map((event) => `${event.eventType} ${event.objectId}`);
}

/** Notification ids that came with different bytes: a repeat has to be identical. */
export function changedRepeats(requests: ReceivedRequest[]): string[] {
  const first = new Map<string, string>();
  return requests
    .filter((request) => {
      const text = request.body.toString();
      const earlier = first.get(request.id);
      if (earlier === undefined) first.set(request.id, text);
      return earlier !== undefined && earlier !== text;
    })
    .map((request) => request.id);
}
