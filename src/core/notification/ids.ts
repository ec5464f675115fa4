import { createHash } from 'node:crypto';

/**
 * An id derived from its parts, so that the same change has the same id however often it is read: 32 hexadecimal digits
 * of SHA-256. Hexadecimal, because an id may hold no dot (the signed text of Standard Webhooks is split at dots) and may
 * not look like a flag on a command line. The parts are encoded as JSON: ['a', 'bc'] and ['ab', 'c'] never meet.
 */
export function eventId(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Id of the notification that holds these events, made by the poll that began at `at` (milliseconds). */
export function notificationId(eventIds: readonly string[], at: number | string): string {
  return eventId(['notification', String(at), ...eventIds]);
}
