import { describe, expect, it } from '@jest/globals';
import { SAMPLE_TYPES, type SampleType } from '../../../src/core/delivery/sample.js';
import { readSettings } from '../../../src/core/instances/index.js';
import { buildMailboxNotification } from '../../../src/core/notification/index.js';
import type { MailboxEventType } from '../../../src/core/types.js';
import { AT, instanceWith, sample } from '../receiving/samples.js';

interface Body {
  id: string;
  message: {
    eventId: string;
    instance_id: number;
    events: Record<string, string>[];
    raw: Record<string, unknown> & { events: unknown[]; objectType: string };
  };
}

const text = (body: Uint8Array) => new TextDecoder().decode(body);
const bodyOf = (...args: Parameters<typeof sample>) => JSON.parse(text(sample(...args).body)) as Body;
const recordOf = (...args: Parameters<typeof sample>) => {
  const { raw } = bodyOf(...args).message;
  return (raw[raw.objectType] as Record<string, unknown>[])[0];
};
const entry = (url: string, idField = 'id') => instanceWith({}, { thing: { url, idField } });

describe('sampleNotification', () => {
  it.each([...SAMPLE_TYPES])('of %s has the form of a notification, and the mark of a test', (type) => {
    const { id, message } = bodyOf(type);
    expect([id, message.eventId, message.raw['eventId']]).toEqual(['test-abc', 'test-abc', 'test-abc']);
    expect(message.events).toEqual([
      expect.objectContaining({ id: 'test-abc-event', eventType: type, date: '2026-11-24T03:00:00Z' }),
    ]);
    expect(message.raw.events).toEqual(message.events);
    expect(message.instance_id).toBe(12);
    expect(`${id}${message.events[0]?.['id']}`).not.toContain('.');
  });

  it.each<MailboxEventType>(['GAP', 'AUTH_FAILED', 'AUTH_RESTORED', 'AUTH_EXPIRING', 'DEAD_LETTER'])(
    'of %s has the very fields of a real one',
    (eventType) => {
      const instance = instanceWith({});
      const real = buildMailboxNotification({
        instance,
        settings: readSettings(instance),
        email: 'ann@example.com',
        eventType,
        key: [],
        record: {},
        at: AT,
      });
      const { message } = JSON.parse(text(real?.body ?? new Uint8Array())) as Body;
      const [record] = message.raw['mailbox'] as object[];
      expect(Object.keys(recordOf(eventType) ?? {})).toEqual(Object.keys(record ?? {}));
      const [event] = bodyOf(eventType).message.events;
      expect(event).toMatchObject({ objectType: 'mailbox', objectId: 'ann@example.com' });
      expect(Object.keys(event ?? {})).toEqual(Object.keys(message.events[0] ?? {}));
    },
  );

  it.each<[string, string, object, string[]]>([
    ['metadata by default', 'changed-messages', { payload: { headers: expect.any(Array) } }, ['raw']],
    ['nothing fetched', 'changed-messages?format=ids', { labelIds: ['INBOX', 'UNREAD'] }, ['payload', 'snippet']],
    ['the whole payload', 'changed-messages?format=full', { payload: { body: { size: 49 } } }, ['raw']],
    ['the raw message', 'changed-messages?format=raw', { raw: expect.any(String) }, ['payload']],
    [
      'the headers asked for',
      'changed-messages?metadataHeaders=subject',
      { payload: { headers: [{ name: 'Subject', value: 'A test of gmail-events' }] } },
      [],
    ],
  ])('holds %s', (_what, url, holds, lacks) => {
    const record = recordOf('CREATED', entry(url));
    expect(record).toMatchObject({ ...holds, changes: [{ type: 'messageAdded' }] });
    for (const field of lacks) expect(record).not.toHaveProperty(field);
  });

  it.each<[string, string, string, unknown, unknown]>([
    ['labels', 'id', 'Label_1', { name: expect.any(String) }, { id: 'Label_1' }],
    ['drafts', 'message.id', '0000000000000001', { id: 'r1' }, { message: { id: '0000000000000001' } }],
    ['settings/sendAs', 'sendAsEmail', 'ada@example.org', { displayName: 'Ada' }, { sendAsEmail: 'ada@example.org' }],
    ['messages', 'key', '0000000000000001', { key: '0000000000000001' }, { key: '0000000000000001' }],
  ])('of %s is keyed by %s', (path, idField, objectId, created, deleted) => {
    const instance = entry(path, idField);
    expect(bodyOf('CREATED', instance).message.events[0]?.['objectId']).toBe(objectId);
    expect(recordOf('CREATED', instance)).toMatchObject(created as object);
    expect(bodyOf('DELETED', instance).message.events[0]?.['objectId']).toBe(objectId);
    expect(recordOf('DELETED', instance)).toEqual(deleted);
  });

  it('takes the time zone and the format of the instance', () => {
    const zoned = instanceWith(
      { 'event.notification.format': 'cloudevents' },
      { l: { url: 'labels', idField: 'id', updatedDateTimezone: '+01:00' } },
    );
    const { body, contentType } = sample('UPDATED', zoned);
    expect(contentType).toBe('application/cloudevents-batch+json');
    expect(JSON.parse(text(body))).toEqual([
      expect.objectContaining({
        specversion: '1.0',
        id: 'test-abc-event',
        type: 'gmail.label.updated',
        time: '2026-11-24T04:00:00+01:00',
        source: '/gmail-events/instances/12/l',
      }),
    ]);
  });

  it.each<[SampleType, string, string]>([
    ['CREATED', 'events', 'changed-messages'],
    ['GAP', 'mailbox', 'mailbox'],
  ])('of %s belongs to the queue %s', (type, queue, resource) => {
    expect(sample(type)).toMatchObject({ queue, resource, eventCount: 1 });
  });
});
