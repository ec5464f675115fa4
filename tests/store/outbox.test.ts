import { afterEach, describe, expect, it } from '@jest/globals';
import type { Store } from '../../src/store/port.js';
import { delivering, states } from './delivering.js';
import { NOW, notification, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

describe('the queue', () => {
  it('gives pending rows in order, of one queue, up to a limit', async () => {
    const { store, id, put, record } = await delivering(workplace);
    await put(notification(id, 'c'), notification(id, 'a'), notification(id, 'm', { queue: 'mailbox' }));
    await put(notification(id, 'b'), notification(id, 's', { state: 'stored' }), notification(id, 'd'));
    await record('a', { state: 'delivered', deliveredAt: NOW, nextAttemptAt: null });
    const ids = async (queue: 'events' | 'mailbox', limit: number) =>
      (await store.outbox.pending(id, queue, { limit })).map((row) => row.id);
    expect(await ids('events', 10)).toEqual(['c', 'b', 'd']);
    expect(await ids('events', 2)).toEqual(['c', 'b']);
    expect(await ids('mailbox', 10)).toEqual(['m']);
  });

  it('tells what is due, and takes for due what lies further ahead than its own wait allows', async () => {
    const { store, id, put, record } = await delivering(workplace);
    await put(notification(id, 'new'), notification(id, 'soon'), notification(id, 'later'));
    await record('soon', { attempts: 1, nextAttemptAt: NOW + 100 });
    await record('later', { attempts: 1, nextAttemptAt: NOW + 10_000 });
    const ids = async (options: { dueAt?: number }) =>
      (await store.outbox.pending(id, 'events', { limit: 9, ...options })).map((row) => row.id);
    expect(await ids({})).toEqual(['new', 'soon', 'later']);
    expect(await ids({ dueAt: NOW })).toEqual(['new']);
    expect(await ids({ dueAt: NOW + 100 })).toEqual(['new', 'soon']);
    expect(await ids({ dueAt: NOW + 9999 })).toEqual(['new', 'soon']);
    // The clock was set back behind the attempts.
    expect(await ids({ dueAt: NOW - 1 })).toEqual(['new', 'soon', 'later']);
  });

  it('waits as ever once an attempt was made under the clock that was set back', async () => {
    const { store, id, put, record } = await delivering(workplace);
    const DAY = 86_400_000;
    const attempt = { notificationId: 'a', status: 500, durationMs: 1, error: null, answer: null };
    await put(notification(id, 'a'));
    await record('a', { attempts: 1, nextAttemptAt: NOW + DAY + 5000 }, { attempt: { ...attempt, at: NOW + DAY } });
    expect(await store.outbox.instancesDue(NOW)).toEqual([id]);
    await record('a', { attempts: 2, nextAttemptAt: NOW + 300_000 }, { attempt: { ...attempt, at: NOW } });
    expect(await store.outbox.instancesDue(NOW + 1)).toEqual([]);
    expect(await store.outbox.pending(id, 'events', { limit: 9, dueAt: NOW + 1 })).toEqual([]);
    expect(await store.outbox.instancesDue(NOW + 300_000)).toEqual([id]);
  });

  it('names the instances with due rows that are not stopped', async () => {
    const first = await delivering(workplace);
    const { store } = first;
    const [second, third, fourth] = [
      await delivering(workplace, store),
      await delivering(workplace, store),
      await delivering(workplace, store),
    ];
    for (const { id, put } of [first, second, third]) await put(notification(id, `n${id}`));
    await fourth.put(notification(fourth.id, 's', { state: 'stored' }));
    await second.record('n2', { attempts: 1, nextAttemptAt: NOW + 500 });
    const stop = { at: NOW, notificationId: 'n3', reason: 'gone' };
    await third.record('n3', {}, { instance: { id: third.id, stop } });
    expect(await store.outbox.instancesDue(NOW)).toEqual([1]);
    expect(await store.outbox.instancesDue(NOW + 499)).toEqual([1]);
    expect(await store.outbox.instancesDue(NOW + 500)).toEqual([1, 2]);
    expect(await store.outbox.instancesDue(NOW - 1)).toEqual([1, 2]);
    expect(await store.instances.get(3)).toMatchObject({ stop });
  });

  it('stores what it is given also after it could not store another, as on a full disk', async () => {
    const { store, id, put } = await delivering(workplace);
    const refused = { ...notification(id, 'refused'), queue: 'none' as 'events' };
    await expect(put(refused)).rejects.toMatchObject({ code: 'store' });
    await put(notification(id, 'next'));
    expect((await store.outbox.list({})).map((row) => row.id)).toEqual(['next']);
    expect(new TextDecoder().decode((await store.outbox.body('next')) ?? undefined)).toBe('{"id":"next"}');
  });

  it('is listed by any filter, in queue order', async () => {
    const a = await delivering(workplace);
    const { store } = a;
    const b = await delivering(workplace, store);
    await a.put(notification(1, 'a1'), notification(1, 'a2', { resource: 'labels' }));
    await b.put(notification(2, 'b1'), notification(2, 'b2', { state: 'stored' }));
    await store.resources.commitPart(a.lease, {
      instanceId: 1,
      resource: 'changed-messages',
      patch: {},
      notifications: [notification(1, 'a3')],
      emitted: [],
      now: NOW + 50,
    });
    const ids = async (filter: Parameters<Store['outbox']['list']>[0]) =>
      (await store.outbox.list(filter)).map((row) => row.id);
    expect(await ids({})).toEqual(['a1', 'a2', 'b1', 'b2', 'a3']);
    expect(await ids({ instanceId: 1 })).toEqual(['a1', 'a2', 'a3']);
    expect(await ids({ resource: 'labels' })).toEqual(['a2']);
    expect(await ids({ state: 'stored' })).toEqual(['b2']);
    expect(await ids({ since: NOW + 50 })).toEqual(['a3']);
    expect(await ids({ ids: ['a3', 'b1', 'none'] })).toEqual(['b1', 'a3']);
    expect(await ids({ ids: [] })).toEqual([]);
    expect(await ids({ instanceId: 1, state: 'pending', limit: 2 })).toEqual(['a1', 'a2']);
  });

  it('counts pending and dead ones of the events queue only', async () => {
    const a = await delivering(workplace);
    const { store } = a;
    const b = await delivering(workplace, store);
    await delivering(workplace, store);
    await a.put(notification(1, 'a1'), notification(1, 'a2'), notification(1, 'am', { queue: 'mailbox' }));
    await b.put(notification(2, 'b1'), notification(2, 'b2', { state: 'stored' }));
    await a.record('a1', { state: 'dead', diedAt: NOW, nextAttemptAt: null });
    await b.record('b1', { state: 'delivered', deliveredAt: NOW, nextAttemptAt: null });
    expect(await store.outbox.counts()).toEqual([{ instanceId: 1, pending: 1, dead: 1, oldestPendingAt: NOW }]);
    expect(await store.outbox.counts(1)).toEqual([{ instanceId: 1, pending: 1, dead: 1, oldestPendingAt: NOW }]);
    expect(await store.outbox.counts(2)).toEqual([]);
  });
});

describe('an attempt', () => {
  it('is one transaction of outcome, log, endpoint, instance and what follows', async () => {
    const { store, id, put, record } = await delivering(workplace);
    await put(notification(id, 'a'));
    const endpoint = { endpoint: 'https://example.com/hook', failures: 5, restUntil: NOW + 9, restMs: 30_000 };
    const stop = { at: NOW + 2, notificationId: 'a', reason: 'two in a row' };
    await record(
      'a',
      {
        state: 'dead',
        attempts: 10,
        nextAttemptAt: null,
        firstAttemptAt: 4,
        lastStatus: 500,
        lastError: 'e',
        diedAt: 6,
      },
      {
        endpoint,
        instance: { id, stop },
        notifications: [notification(id, 'letter', { queue: 'mailbox', resource: 'mailbox' })],
      },
    );
    expect(await store.outbox.get('a')).toMatchObject({
      state: 'dead',
      attempts: 10,
      nextAttemptAt: null,
      firstAttemptAt: 4,
      lastStatus: 500,
      lastError: 'e',
      diedAt: 6,
      deliveredAt: null,
    });
    expect(await store.outbox.attempts('a')).toEqual([
      { notificationId: 'a', at: NOW, status: 500, durationMs: 12, error: null, answer: 'no' },
    ]);
    expect(await store.outbox.endpoint(endpoint.endpoint)).toEqual(endpoint);
    expect(await store.instances.get(id)).toMatchObject({ stop, lastSuccessAt: null });
    expect(await states(store)).toEqual({ a: 'dead', letter: 'pending' });
    expect(await store.outbox.get('none')).toBeNull();
    expect(await store.outbox.endpoint('none')).toBeNull();
  });

  it('that cannot be stored wholly is not stored at all', async () => {
    const { store, id, put, record } = await delivering(workplace);
    await put(notification(id, 'a'));
    const endpoint = { endpoint: 'e', failures: 1, restUntil: null, restMs: null };
    const broken = { ...notification(id, 'x'), eventCount: Number.NaN };
    const failing = record('a', { state: 'dead' }, { endpoint, notifications: [broken] });
    await expect(failing).rejects.toThrow(TypeError);
    expect(await states(store)).toEqual({ a: 'pending' });
    expect(await store.outbox.attempts('a')).toEqual([]);
    expect(await store.outbox.endpoint('e')).toBeNull();
  });

  it('that succeeded lifts a stop and leaves the bytes as they were', async () => {
    const { store, id, put, record } = await delivering(workplace);
    await put(notification(id, 'a', { body: new Uint8Array([0, 1, 2, 255]) }));
    await record('a', {}, { instance: { id, stop: { at: 1, notificationId: 'a', reason: 'r' } } });
    await record('a', { state: 'delivered' }, { instance: { id, stop: null, lastSuccessAt: NOW } });
    expect(await store.instances.get(id)).toMatchObject({ stop: null, lastSuccessAt: NOW });
    expect([...((await store.outbox.body('a')) ?? [])]).toEqual([0, 1, 2, 255]);
    expect(await store.outbox.attempts('a')).toHaveLength(2);
    expect(await store.outbox.body('none')).toBeNull();
  });
});
