import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CloudEvent, HTTP, ValidationError } from 'cloudevents';
import { deliverInstance } from '../../../src/core/delivery/index.js';
import { SAMPLE_TYPES, type SampleType } from '../../../src/core/delivery/sample.js';
import { readSettings } from '../../../src/core/instances/index.js';
import { buildNotifications } from '../../../src/core/notification/index.js';
import { systemClock } from '../../../src/core/open.js';
import type { ChangeEvent, CollectionPath, EventType } from '../../../src/core/types.js';
import type { NewNotification } from '../../../src/store/ports/outbox.js';
import { type ReceivedRequest, type Receiver, standardSignatureHolds } from '../../support/receiver.js';
import { AT, instanceWith, sample } from '../receiving/samples.js';
import { World } from './world.js';

const SECRET = `whsec_${Buffer.from('S3CRET of thirty-two bytes, just').toString('base64')}`;
const CLOUDEVENTS = { 'event.notification.format': 'cloudevents' };

let world: World;
let receiver: Receiver;

beforeEach(async () => {
  // The signature's own library takes none of another time.
  world = await World.open(systemClock);
  receiver = await world.receiver();
});

afterEach(() => world.close());

/** Delivers the notification over HTTP; what came is read by the CloudEvents SDK, whose parser of batches is strict. */
async function delivered({ body, contentType }: NewNotification): Promise<[CloudEvent<unknown>[], ReceivedRequest]> {
  const id = await world.instance(receiver.url, { ...CLOUDEVENTS, 'event.notification.signing.secret': SECRET });
  await world.put(id, 1, { body, contentType });
  expect(await deliverInstance(world.ctx, id)).toMatchObject({ delivered: 1 });
  const request = receiver.requests.at(-1);
  if (request === undefined) throw new Error('nothing came');
  return [parsed(request.headers, request.body.toString()), request];
}

function parsed(headers: ReceivedRequest['headers'], body: string): CloudEvent<unknown>[] {
  const events = HTTP.toEvent({ headers, body });
  if (!Array.isArray(events)) throw new Error('no batch');
  const batch = events as CloudEvent<unknown>[];
  for (const event of batch) expect(event.validate()).toBe(true);
  return batch;
}

const THINGS: [CollectionPath | 'changed-messages', string][] = [
  ['changed-messages', 'message'],
  ['messages', 'message'],
  ['threads', 'thread'],
  ['drafts', 'draft'],
  ['labels', 'label'],
  ['settings/filters', 'filter'],
  ['settings/forwardingAddresses', 'forwarding-address'],
  ['settings/sendAs', 'send-as'],
  ['settings/delegates', 'delegate'],
];
const CHANGES: EventType[] = ['CREATED', 'UPDATED', 'DELETED'];
const MAILBOX = SAMPLE_TYPES.filter((type) => !CHANGES.includes(type as EventType));

describe('a notification in the cloudevents format, as the CloudEvents SDK reads it', () => {
  const changes = THINGS.flatMap(([path, thing]) => CHANGES.map((type) => [type, path, `gmail.${thing}`] as const));
  const mailbox = MAILBOX.map((type) => [type, 'changed-messages', 'gmail.mailbox'] as const);

  it.each<readonly [SampleType, string, string]>([...changes, ...mailbox])(
    'is valid for %s of %s',
    async (type, path, thing) => {
      const instance = instanceWith(CLOUDEVENTS, { 'a name/of its own': { url: path, idField: 'id' } });
      const [events, request] = await delivered(sample(type, instance));
      const sent = request.json() as Record<string, unknown>[];
      const name = thing === 'gmail.mailbox' ? 'mailbox' : 'a name/of its own';
      // The SDK fills in what is missing, so what was sent is looked at as well.
      expect(sent).toEqual([
        {
          specversion: '1.0',
          id: 'test-abc-event',
          source: `/gmail-events/instances/12/${encodeURIComponent(name)}`,
          type: `${thing}.${type.toLowerCase()}`,
          time: '2026-11-24T03:00:00Z',
          subject: expect.stringMatching(/./),
          datacontenttype: 'application/json',
          data: expect.any(Object),
        },
      ]);
      expect(events.map(({ id, source, type, subject, data }) => ({ id, source, type, subject, data }))).toEqual(
        sent.map(({ id, source, type, subject, data }) => ({ id, source, type, subject, data })),
      );
    },
  );

  it('is one batch of all its events, in order, with its headers and signature', async () => {
    const instance = instanceWith({ ...CLOUDEVENTS, 'event.notification.callback.url': receiver.url });
    const changed = Array.from({ length: 10 }, (_, at): ChangeEvent => {
      const objectId = `18c${at}`;
      const eventType = CHANGES[at % 3] ?? 'CREATED';
      return { id: `event-${at}`, objectId, eventType, date: AT + at * 1000, record: { id: objectId, nested: { at } } };
    });
    const [notification] = buildNotifications({
      instance,
      settings: readSettings(instance),
      resource: 'changed-messages',
      timezone: 'Europe/Berlin',
      events: changed,
      pollStart: AT,
      email: 'ann@example.com',
    });
    if (notification === undefined) throw new Error('no notification');
    const [events, request] = await delivered(notification);
    expect(events.map(({ id, subject, data }) => ({ id, subject, data }))).toEqual(
      changed.map(({ id, objectId, record }) => ({ id, subject: objectId, data: record })),
    );
    expect(events.map(({ time }) => Date.parse(String(time)))).toEqual(changed.map(({ date }) => date));
    expect(request.headers['content-type']).toBe('application/cloudevents-batch+json');
    expect(request.headers['elements-webhook-id']).toBe(request.headers['webhook-id']);
    expect(standardSignatureHolds(request, SECRET)).toBe(true);
  });

  it.each(['source', 'type'])('would not be valid without its %s', async (attribute) => {
    const [, request] = await delivered(sample('CREATED', instanceWith(CLOUDEVENTS)));
    const [event] = request.json() as Record<string, unknown>[];
    delete event?.[attribute];
    expect(() => parsed(request.headers, JSON.stringify([event]))).toThrow(ValidationError);
  });
});
