import { withLease } from '../../dist/core/lease.js';
import { buildNotifications, eventId } from '../../dist/core/notification/index.js';

const RESOURCE = 'changed-messages';

/** What decides the form of a notification. */
const SETTINGS = { format: 'cloud-elements', callbackUrl: 'http://127.0.0.1/', resources: [] };

/** So many notifications of one new message each, as a poll at `now` would have made them; returns their ids in order. */
export async function seed(ctx, document, count, now) {
  const notifications = Array.from({ length: count }, (_, number) => {
    const objectId = (now * 1000 + number).toString(16);
    const event = {
      id: eventId([document.uuid, RESOURCE, 'CREATED', objectId]),
      objectId,
      eventType: 'CREATED',
      date: now,
      record: message(objectId, now),
    };
    return buildNotifications({
      instance: document,
      settings: SETTINGS,
      resource: RESOURCE,
      timezone: null,
      events: [event],
      pollStart: now,
      email: 'ann@example.com',
    })[0];
  });
  const stored = await withLease(ctx, `poll:${document.id}`, (lease) =>
    ctx.store.resources.commitPart(lease, {
      instanceId: document.id,
      resource: RESOURCE,
      patch: {},
      notifications,
      emitted: [],
      now,
    }),
  );
  if (stored === null) throw new Error(`instance ${document.id} is being polled`);
  return notifications.map(({ id }) => id);
}

/** Of the size that `format=metadata` gives. */
function message(id, now) {
  const headers = {
    'Delivered-To': 'ann@example.com',
    Received: `by 2002:a05:6402:1 with SMTP id ${id}; ${new Date(now).toUTCString()}`,
    From: 'Ada Lovelace <ada@example.org>',
    To: 'Ann <ann@example.com>',
    Subject: `Notes on the engine, sheet ${id}`,
    Date: new Date(now).toUTCString(),
    'Message-ID': `<${id}@mail.example.org>`,
    'Content-Type': 'multipart/alternative; boundary="000000000000a1b2c3"',
  };
  return {
    id,
    threadId: id,
    labelIds: ['INBOX', 'UNREAD', 'CATEGORY_PERSONAL'],
    snippet: 'The Analytical Engine weaves algebraical patterns just as the Jacquard loom weaves flowers and leaves.',
    sizeEstimate: 4711,
    historyId: '1001',
    internalDate: String(now),
    payload: {
      mimeType: 'multipart/alternative',
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    },
    changes: [{ type: 'messageAdded' }],
  };
}
