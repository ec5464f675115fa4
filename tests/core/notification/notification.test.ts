import { describe, expect, it } from '@jest/globals';
import { buildNotifications, eventId } from '../../../src/core/notification/index.js';
import type { ChangeEvent } from '../../../src/core/types.js';
import type { NewNotification } from '../../../src/store/ports/outbox.js';
import { created, instanceDocument, instanceSettings } from './instance.js';

const POLL = Date.UTC(2026, 10, 24, 3, 0, 0, 750);
const MAIL = Date.UTC(2026, 10, 24, 2, 50, 22);

function build(events: ChangeEvent[], changes: Partial<Parameters<typeof buildNotifications>[0]> = {}) {
  return buildNotifications({
    instance: instanceDocument(),
    settings: instanceSettings(),
    resource: 'changed-messages',
    timezone: null,
    events,
    pollStart: POLL,
    email: 'ann@example.com',
    ...changes,
  });
}

function body(notification: NewNotification | undefined) {
  return JSON.parse(new TextDecoder().decode(notification?.body));
}

function many(count: number): ChangeEvent[] {
  return Array.from({ length: count }, (_, at) => created(`m${at}`, MAIL));
}

describe('eventId', () => {
  it('is the same for the same parts and differs for any other', () => {
    expect(eventId(['a', 'b'])).toBe(eventId(['a', 'b']));
    const ids = [['a', 'b'], ['ab'], ['a', 'b', ''], ['b', 'a'], ['a","b']].map((parts) => eventId(parts));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('buildNotifications', () => {
  it('gives the body of the old service, key for key and in order', () => {
    const [notification] = build([created('18c2', MAIL)]);
    const event = {
      id: 'event-18c2',
      objectType: 'changed-messages',
      objectId: '18c2',
      eventType: 'CREATED',
      date: '2026-11-24T02:50:22Z',
      pollDate: '2026-11-24T03:00:00Z',
      elementKey: 'gmail',
      hubKey: 'general',
    };
    const id = notification?.id;
    expect(new TextDecoder().decode(notification?.body)).toBe(
      JSON.stringify({
        id,
        message: {
          eventId: id,
          instance_id: 12,
          userId: 1,
          instanceName: 'inbox',
          instanceTags: ['one', 'two'],
          elementKey: 'gmail',
          events: [event],
          raw: {
            objectType: 'changed-messages',
            instance_id: 12,
            eventId: id,
            events: [event],
            'changed-messages': [{ id: '18c2', changes: [] }],
          },
        },
      }),
    );
    expect(notification).toMatchObject({
      instanceId: 12,
      resource: 'changed-messages',
      queue: 'events',
      contentType: 'application/json',
      eventCount: 1,
      state: 'pending',
    });
  });

  it.each([
    [0, []],
    [1, [1]],
    [10, [10]],
    [11, [10, 1]],
    [25, [10, 10, 5]],
  ])('puts %i events into notifications of %j', (count, sizes) => {
    const notifications = build(many(count));
    expect(notifications.map((each) => each.eventCount)).toEqual(sizes);
    const ids = notifications.flatMap((each) =>
      body(each).message.events.map((event: { objectId: string }) => event.objectId),
    );
    expect(ids).toEqual(many(count).map((event) => event.objectId));
  });

  it.each([
    [3, 1_000_000, [3]],
    [10, 1_000_000, [4, 4, 2]],
    [3, 5_000_000, [1, 1, 1]],
  ])('puts fewer of large records into one: %i of %i bytes', (count, bytes, sizes) => {
    const large = many(count).map((event) => ({ ...event, record: { raw: 'x'.repeat(bytes) } }));
    expect(build(large).map((each) => each.eventCount)).toEqual(sizes);
  });

  it('derives the id from the events and the start of the poll, and the same input gives the same bytes', () => {
    const [one] = build(many(3));
    expect(build(many(3))[0]).toEqual(one);
    const others = [build(many(2))[0], build(many(3), { pollStart: POLL + 1 })[0], build([...many(3)].reverse())[0]];
    expect(new Set([one, ...others].map((each) => each?.id)).size).toBe(4);
    for (const each of [one, ...others]) expect(each?.id).not.toContain('.');
  });

  it("writes the dates in the resource's zone, and the records under the resource's own name", () => {
    const { message } = body(build([created('L1', MAIL)], { resource: 'my labels', timezone: '+01:00' })[0]);
    expect(message.events[0]).toMatchObject({
      objectType: 'my labels',
      date: '2026-11-24T03:50:22+01:00',
      pollDate: '2026-11-24T04:00:00+01:00',
    });
    expect(message.raw['my labels']).toEqual([{ id: 'L1', changes: [] }]);
  });

  it('is stored, not pending, when there is no callback URL', () => {
    expect(build(many(1), { settings: instanceSettings({ callbackUrl: null }) })[0]?.state).toBe('stored');
  });

  it('keeps records whose resource is named like a field of the object', () => {
    const { message } = body(build(many(1), { resource: '__proto__' })[0]);
    expect(JSON.stringify(message.raw)).toContain('"__proto__":[{"id":"m0"');
  });
});

describe('the cloudevents format', () => {
  const settings = instanceSettings({ format: 'cloudevents' });

  it('is a batch of CloudEvents 1.0 under the same ids', () => {
    const [notification] = build(many(2), { settings });
    expect(notification?.id).toBe(build(many(2))[0]?.id);
    expect(notification?.contentType).toBe('application/cloudevents-batch+json');
    expect(body(notification)[0]).toEqual({
      specversion: '1.0',
      id: 'event-m0',
      source: '/gmail-events/instances/12/changed-messages',
      type: 'gmail.message.created',
      time: '2026-11-24T02:50:22Z',
      subject: 'm0',
      datacontenttype: 'application/json',
      data: { id: 'm0', changes: [] },
    });
    expect(body(notification)).toHaveLength(2);
  });

  it.each([
    ['changed-messages', 'UPDATED', 'gmail.message.updated'],
    ['changed-messages', 'DELETED', 'gmail.message.deleted'],
    ['my labels', 'DELETED', 'gmail.label.deleted'],
  ] as const)('names %s %s %s', (resource, eventType, type) => {
    const events = [{ ...created('x', MAIL), eventType }];
    const [event] = body(build(events, { settings, resource })[0]);
    expect(event.type).toBe(type);
    expect(event.source).toBe(`/gmail-events/instances/12/${encodeURIComponent(resource)}`);
  });
});
