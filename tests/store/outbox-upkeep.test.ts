import { afterEach, describe, expect, it } from '@jest/globals';
import { delivering, states } from './delivering.js';
import { NOW, notification, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

describe('discarding', () => {
  it('makes rows dead with nothing following, and never a delivered one', async () => {
    const { store, id, lease, put, record } = await delivering(workplace);
    await put(...['pending', 'dead', 'delivered', 'left'].map((name) => notification(id, name)));
    await put(notification(id, 'stored', { state: 'stored' }));
    await record('dead', { state: 'dead', diedAt: 5, lastError: 'HTTP 500', nextAttemptAt: null });
    await record('delivered', { state: 'delivered', deliveredAt: 6, nextAttemptAt: null });
    await store.outbox.discard(lease, ['pending', 'dead', 'delivered', 'stored', 'none'], NOW + 9);
    const row = (name: string) => store.outbox.get(name);
    const gone = { state: 'dead', lastError: 'discarded', nextAttemptAt: null };
    expect(await row('pending')).toMatchObject({ ...gone, diedAt: NOW + 9 });
    expect(await row('stored')).toMatchObject({ ...gone, diedAt: NOW + 9 });
    expect(await row('dead')).toMatchObject({ ...gone, diedAt: 5 });
    expect(await row('delivered')).toMatchObject({ state: 'delivered', lastError: null, diedAt: null });
    expect(await row('left')).toMatchObject({ state: 'pending' });
    expect((await store.instances.get(id))?.stop).toBeNull();
    expect(await store.outbox.list({})).toHaveLength(5);
  });
});

describe('resuming', () => {
  it('lifts stop and rest and brings back, in its place, what died since the last success', async () => {
    const { store, id, lease, put, record } = await delivering(workplace);
    await put(...['old', 'ok', 'died', 'given-up', 'waiting', 'fresh'].map((name) => notification(id, name)));
    await put(notification(id, 'letter', { queue: 'mailbox' }), notification(id, 'stored', { state: 'stored' }));
    const dead = { state: 'dead', nextAttemptAt: null, attempts: 10 } as const;
    await record('old', { ...dead, diedAt: NOW - 100 });
    await record('ok', { state: 'delivered', deliveredAt: NOW - 50 }, { instance: { id, lastSuccessAt: NOW - 50 } });
    await record('died', { ...dead, diedAt: NOW - 10, firstAttemptAt: 1, lastError: 'HTTP 500', lastStatus: 500 });
    await record('letter', { ...dead, diedAt: NOW - 10 });
    await store.outbox.discard(lease, ['given-up'], NOW - 5);
    await record('waiting', { attempts: 4, nextAttemptAt: NOW + 1e7, firstAttemptAt: 3 });
    const endpoint = { endpoint: 'e', failures: 7, restUntil: NOW + 1e6, restMs: 1 };
    await record('waiting', {}, { endpoint, instance: { id, stop: { at: 1, notificationId: 'died', reason: 'r' } } });

    expect(await store.outbox.resume(lease, id, 'e', NOW + 1)).toBe(3);

    expect((await store.instances.get(id))?.stop).toBeNull();
    expect(await store.outbox.endpoint('e')).toBeNull();
    const pending = await store.outbox.pending(id, 'events', { limit: 9, dueAt: NOW + 1 });
    expect(pending.map((row) => [row.id, row.seq, row.attempts, row.nextAttemptAt, row.firstAttemptAt])).toEqual([
      ['died', 3, 0, NOW + 1, null],
      ['waiting', 5, 0, NOW + 1, null],
      ['fresh', 6, 0, NOW + 1, null],
    ]);
    expect(pending[0]).toMatchObject({ diedAt: null, lastError: 'HTTP 500', lastStatus: 500 });
    expect(await states(store)).toMatchObject({
      old: 'dead',
      ok: 'delivered',
      'given-up': 'dead',
      letter: 'pending',
      stored: 'stored',
    });
  });

  it('brings back everything that died when nothing has ever succeeded, of this instance only', async () => {
    const a = await delivering(workplace);
    const { store } = a;
    const b = await delivering(workplace, store);
    await a.put(notification(1, 'a1'));
    await b.put(notification(2, 'b1'), notification(2, 'b2'));
    for (const { id, record } of [a, b]) {
      await record(`${id === 1 ? 'a' : 'b'}1`, { state: 'dead', diedAt: 5, nextAttemptAt: null, attempts: 10 });
    }
    await b.record('b2', { attempts: 2, nextAttemptAt: NOW + 99 });
    expect(await store.outbox.resume(a.lease, 1, null, NOW)).toBe(1);
    expect(await states(store)).toEqual({ a1: 'pending', b1: 'dead', b2: 'pending' });
    expect(await store.outbox.get('b2')).toMatchObject({ attempts: 2, nextAttemptAt: NOW + 99 });
  });
});

describe('a callback URL that is gone', () => {
  it('turns what is pending into stored', async () => {
    const { store, id, lease, put, record } = await delivering(workplace);
    await put(notification(id, 'a'), notification(id, 'b'), notification(id, 'm', { queue: 'mailbox' }));
    await record('a', { state: 'delivered', nextAttemptAt: null });
    expect(await store.outbox.store(lease, id, NOW + 7)).toBe(2);
    expect(await states(store)).toEqual({ a: 'delivered', b: 'stored', m: 'stored' });
    expect(await store.outbox.get('b')).toMatchObject({ nextAttemptAt: null, diedAt: NOW + 7 });
    expect(await store.outbox.instancesDue(NOW)).toEqual([]);
  });
});

describe('pruning', () => {
  it('deletes what is old enough in its state, in steps, with bodies and log; never what is pending', async () => {
    const { store, id, put, record } = await delivering(workplace);
    const names = ['old-1', 'old-2', 'young', 'dead-old', 'dead-young', 'pending'];
    await put(...names.map((name) => notification(id, name)), notification(id, 'stored', { state: 'stored' }));
    const done = { state: 'delivered', nextAttemptAt: null } as const;
    await record('old-1', { ...done, deliveredAt: NOW - 200 });
    await record('old-2', { ...done, deliveredAt: NOW - 101 });
    await record('young', { ...done, deliveredAt: NOW - 100 });
    await record('dead-old', { state: 'dead', diedAt: NOW - 301, nextAttemptAt: null });
    await record('dead-young', { state: 'dead', diedAt: NOW - 300, nextAttemptAt: null });
    await record('pending', { nextAttemptAt: NOW - 5000 });
    const ages = { deliveredBefore: NOW - 100, deadBefore: NOW - 300 };
    expect(await store.outbox.prune({ ...ages, limit: 2 })).toBe(2);
    expect(Object.keys(await states(store))).toEqual(['young', 'dead-old', 'dead-young', 'pending', 'stored']);
    expect(await store.outbox.prune({ ...ages, limit: 2 })).toBe(1);
    expect(await store.outbox.prune({ ...ages, limit: 2 })).toBe(0);
    expect(Object.keys(await states(store))).toEqual(['young', 'dead-young', 'pending', 'stored']);
    expect(await store.outbox.attempts('old-1')).toEqual([]);
    expect(await store.outbox.body('old-1')).toBeNull();
    expect(await store.outbox.attempts('young')).toHaveLength(1);

    expect(await store.outbox.prune({ deliveredBefore: NOW + 1e9, deadBefore: NOW + 1e9, limit: 100 })).toBe(3);
    expect(await states(store)).toEqual({ pending: 'pending' });
  });

  it('lets a stored row age from when it was stored, however long it was pending before', async () => {
    const { store, id, lease, put } = await delivering(workplace);
    await put(notification(id, 'was-pending'), notification(id, 'never-pending', { state: 'stored' }));
    const month = 30 * 86_400_000;
    await store.outbox.store(lease, id, NOW + month);
    const prune = (deadBefore: number) => store.outbox.prune({ deliveredBefore: 0, deadBefore, limit: 9 });
    expect(await prune(NOW + month)).toBe(1);
    expect(await states(store)).toEqual({ 'was-pending': 'stored' });
    expect(await prune(NOW + month + 1)).toBe(1);
  });

  it('also clears what accounts leave behind', async () => {
    const { store } = await delivering(workplace);
    const minute = Math.floor(NOW / 60_000);
    await store.quota.reserve('old', minute - 60, 5, 10);
    await store.quota.reserve('new', minute, 5, 10);
    await store.quota.setCooldown('old', NOW - 3_600_000, NOW - 3_700_000, 'r');
    await store.quota.setCooldown('new', NOW + 5, NOW, 'r');
    await store.quota.spent('a', '2026-11-22', { requests: 1, units: 2 });
    await store.quota.spent('a', '2026-11-24', { requests: 1, units: 2 });
    await store.outbox.prune({ deliveredBefore: NOW, deadBefore: NOW - 60_000, limit: 10 });
    expect(await store.quota.cooldown(['old'], 0, NOW)).toBeNull();
    expect(await store.quota.cooldown(['new'], 0, NOW)).not.toBeNull();
    expect(await store.quota.reserve('old', minute - 60, 10, 10)).toBe(10);
    expect(await store.quota.reserve('new', minute, 10, 10)).toBe(5);
    expect(await store.quota.spentOn('2026-11-22')).toEqual([]);
    expect(await store.quota.spentOn('2026-11-24')).toHaveLength(1);
  });
});
