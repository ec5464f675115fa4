import type { Expected } from './expected.js';
import type { MailMessage } from './recorded-mailbox.js';
import type { ToldEvent } from './told.js';

/** What is wrong with an event that was to be expected. */
export function eventFaults(
  event: ToldEvent,
  expected: Expected,
  about: {
    message: MailMessage | undefined;
    /** Gmail was made to say of any message that it is gone, or not to give it. */
    faultyMessages: boolean;
    /** events.db was lost in this run: under the id that it had before, a change may be told anew, and otherwise. */
    retold: boolean;
  },
): string[] {
  const { record } = event;
  const faults: string[] = [];
  if (event.eventType !== expected.eventType) faults.push(`a ${expected.eventType} is told as ${nameOf(event)}`);
  const withoutPayload = record['gone'] === true || record['payloadError'] !== undefined;
  const mayBeWithout = about.faultyMessages || about.message?.deletedAt !== null;
  if (withoutPayload && !mayBeWithout) faults.push(`${nameOf(event)} has no payload, and nothing was wrong with it`);
  return about.retold ? faults : [...faults, ...contentFaults(event, expected, about.message, withoutPayload)];
}

function contentFaults(
  event: ToldEvent,
  { eventType, messageId, changes, rules }: Expected,
  message: MailMessage | undefined,
  withoutPayload: boolean,
): string[] {
  const { record, objectId } = event;
  const faults: string[] = [];
  if (objectId !== (rules.idField === 'id' ? messageId : message?.threadId)) {
    faults.push(`${nameOf(event)} names ${objectId}`);
  }
  const told = JSON.stringify(record['changes']);
  const wanted = JSON.stringify(record['recovered'] === true ? [{ type: 'messageAdded' }] : changes);
  if (told !== wanted) faults.push(`${nameOf(event)} tells ${told} instead of ${wanted}`);
  const payload = ['snippet', 'payload', 'raw'].some((field) => record[field] !== undefined);
  const wantsPayload = eventType === 'CREATED' && rules.format !== 'ids' && !withoutPayload;
  if (wantsPayload && !payload) faults.push(`${nameOf(event)} has no payload`);
  return faults;
}

export function nameOf({ eventType, record, id }: ToldEvent): string {
  return `${eventType} ${String(record['id'])} (${id})`;
}
