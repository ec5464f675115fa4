import { describe, expect, it } from '@jest/globals';
import { buildMailboxNotification } from '../../../src/core/notification/index.js';
import type { MailboxEventType } from '../../../src/core/types.js';
import { instanceDocument, instanceSettings } from './instance.js';

const AT = Date.UTC(2026, 10, 24, 3, 0, 0);
const EMAIL = 'ann@example.com';

function build(
  eventType: MailboxEventType,
  record: Record<string, unknown>,
  changes: Partial<Parameters<typeof buildMailboxNotification>[0]> = {},
) {
  return buildMailboxNotification({
    instance: instanceDocument(),
    settings: instanceSettings(),
    email: EMAIL,
    eventType,
    key: [String(AT), 'changed-messages'],
    record,
    at: AT,
    ...changes,
  });
}

function body(notification: ReturnType<typeof build>) {
  return JSON.parse(new TextDecoder().decode(notification?.body));
}

describe('buildMailboxNotification', () => {
  it.each<[MailboxEventType, Record<string, unknown>, Record<string, unknown>]>([
    [
      'GAP',
      { resource: 'changed-messages', from: undefined, to: '99', recovered: 3 },
      { id: EMAIL, resource: 'changed-messages', from: null, to: '99', recovered: 3 },
    ],
    ['AUTH_FAILED', { reason: 'revoked', hint: 'fix' }, { id: EMAIL, reason: 'revoked', hint: 'fix', expiresAt: null }],
    ['AUTH_RESTORED', {}, { id: EMAIL, reason: null, hint: null, expiresAt: null }],
    ['AUTH_EXPIRING', { expiresAt: 'soon' }, { id: EMAIL, reason: null, hint: null, expiresAt: 'soon' }],
    [
      'DEAD_LETTER',
      { notificationId: 'n', attempts: 10 },
      { id: EMAIL, notificationId: 'n', attempts: 10, lastStatus: null, lastError: null },
    ],
  ])('%s tells of the mailbox, absent values null', (eventType, record, whole) => {
    const notification = build(eventType, record);
    expect(notification).toMatchObject({ resource: 'mailbox', queue: 'mailbox', eventCount: 1, state: 'pending' });
    const { message } = body(notification);
    expect(message.events).toMatchObject([
      {
        objectType: 'mailbox',
        objectId: EMAIL,
        eventType,
        date: '2026-11-24T03:00:00Z',
        pollDate: '2026-11-24T03:00:00Z',
      },
    ]);
    expect(message.raw.mailbox).toEqual([whole]);
    expect(message.events[0].id).not.toContain('.');
  });

  it('is null when the instance wants none', () => {
    expect(build('GAP', {}, { settings: instanceSettings({ systemEnabled: false }) })).toBeNull();
  });

  it('has an id for each time and resource, and one for all times with `once`', () => {
    const ids = [
      build('GAP', {}),
      build('GAP', {}, { key: [String(AT), 'labels'] }),
      build('GAP', {}, { key: [String(AT + 1), 'changed-messages'] }),
      build('AUTH_FAILED', {}),
      build('GAP', {}, { instance: instanceDocument({ uuid: 'another' }) }),
    ].map((each) => each?.id);
    expect(new Set(ids).size).toBe(ids.length);
    const once = { key: ['expiry'], once: true };
    expect(build('AUTH_EXPIRING', {}, { ...once, at: AT + 5 })?.id).toBe(build('AUTH_EXPIRING', {}, once)?.id);
  });

  it('speaks CloudEvents to an instance that does', () => {
    const settings = instanceSettings({ format: 'cloudevents' });
    expect(body(build('AUTH_FAILED', {}, { settings }))[0]).toMatchObject({
      type: 'gmail.mailbox.auth_failed',
      subject: EMAIL,
      source: '/gmail-events/instances/12/mailbox',
    });
  });

  it('is stored when there is no callback URL', () => {
    expect(build('GAP', {}, { settings: instanceSettings({ callbackUrl: null }) })?.state).toBe('stored');
  });
});
