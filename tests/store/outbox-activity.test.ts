import { afterEach, describe, expect, it } from '@jest/globals';
import { delivering } from './delivering.js';
import { NOW, notification, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

const ALL = { since: NOW - 1000, limit: 100 };

describe('the activity of an instance', () => {
  it('is that of its own events queue', async () => {
    const { store, id, put, record } = await delivering(workplace);
    const other = await delivering(workplace, store);
    await put(notification(id, 'a', { eventCount: 3 }), notification(id, 'm', { queue: 'mailbox' }));
    await put(notification(id, 's', { state: 'stored' }));
    await other.put(notification(other.id, 'o'));
    const attempt = { status: 200, durationMs: 12, error: null, answer: 'secret' };
    await record(
      'a',
      { state: 'delivered', deliveredAt: NOW },
      { attempt: { ...attempt, notificationId: 'a', at: NOW } },
    );
    await record('m', {}, { attempt: { ...attempt, notificationId: 'm', at: NOW } });
    await other.record('o', {}, { attempt: { ...attempt, notificationId: 'o', at: NOW } });
    expect(await store.outbox.activity(id, ALL)).toEqual({
      notifications: expect.arrayContaining([
        { createdAt: NOW, eventCount: 3, state: 'delivered', deliveredAt: NOW, diedAt: null },
        { createdAt: NOW, eventCount: 1, state: 'stored', deliveredAt: null, diedAt: null },
      ]),
      attempts: [{ at: NOW, status: 200, durationMs: 12, error: null }],
      completeSince: null,
    });
  });

  it('has attempts from the time that was asked for, of notifications however old', async () => {
    const { store, id, put, record } = await delivering(workplace);
    await put(notification(id, 'a'));
    for (const at of [NOW + 1, NOW + 2, NOW + 3]) {
      const attempt = { notificationId: 'a', at, status: 500, durationMs: 1, error: 'HTTP 500', answer: null };
      await record('a', { attempts: 1 }, { attempt });
    }
    const { attempts, notifications } = await store.outbox.activity(id, { since: NOW + 2, limit: 100 });
    expect(attempts.map(({ at }) => at)).toEqual([NOW + 2, NOW + 3]);
    expect(notifications).toHaveLength(1);
  });

  it('keeps to the newest, and says from when on it is complete', async () => {
    const { store, id, lease } = await delivering(workplace);
    for (let at = 0; at < 5; at++) {
      const part = { resource: 'changed-messages', patch: {}, emitted: [], now: NOW + at };
      await store.resources.commitPart(lease, { ...part, instanceId: id, notifications: [notification(id, `n${at}`)] });
    }
    const found = await store.outbox.activity(id, { since: NOW, limit: 3 });
    expect(found.notifications.map(({ createdAt }) => createdAt).sort()).toEqual([NOW + 2, NOW + 3, NOW + 4]);
    expect(found.completeSince).toBe(NOW + 2);
    expect((await store.outbox.activity(id, { since: NOW, limit: 6 })).completeSince).toBeNull();
    expect(await store.outbox.activity(id + 1, ALL)).toEqual({ notifications: [], attempts: [], completeSince: null });
  });
});
