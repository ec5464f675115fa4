import { afterEach, describe, expect, it } from '@jest/globals';
import type { Store } from '../../src/store/port.js';
import type { Lease } from '../../src/store/ports/leases.js';
import type { AttemptCommit, NewNotification, OutboxRow } from '../../src/store/ports/outbox.js';
import { HISTORY, NOW, newInstance, notification, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

interface Delivering {
  store: Store;
  id: number;
  lease: Lease;
  put(...notifications: NewNotification[]): Promise<void>;
  record(notificationId: string, patch: Partial<OutboxRow>, other?: Partial<AttemptCommit>): Promise<void>;
}

async function delivering(given?: Store): Promise<Delivering> {
  const store = given ?? (await workplace.store());
  const id = await newInstance(store, [HISTORY]);
  const lease = await store.leases.acquire(`deliver:${id}`);
  if (lease === null) throw new Error('held by another');
  return {
    store,
    id,
    lease,
    put: (...notifications) =>
      store.resources.commitPart(lease, {
        instanceId: id,
        resource: 'changed-messages',
        patch: {},
        notifications,
        emitted: [],
        now: NOW,
      }),
    record: (notificationId, patch, other = {}) =>
      store.outbox.commitAttempt(lease, {
        notificationId,
        patch,
        attempt: { notificationId, at: NOW, status: 500, durationMs: 12, error: null, answer: 'no' },
        notifications: [],
        now: NOW,
        ...other,
      }),
  };
}

async function states(store: Store): Promise<Record<string, string>> {
  return Object.fromEntries((await store.outbox.list({})).map((row) => [row.id, row.state]));
}

describe('the queue', () => {
  it('gives pending rows in order, of one queue, up to a limit', async () => {
    const { store, id, put, record } = await delivering();
    await put(notification(id, 'c'), notification(id, 'a'), notification(id, 'm', { queue: 'mailbox' }));
    await put(notification(id, 'b'), notification(id, 's', { state: 'stored' }), notification(id, 'd'));
    await record('a', { state: 'delivered', deliveredAt: NOW, nextAttemptAt: null });
    const ids = async (queue: 'events' | 'mailbox', limit: number) =>
      (await store.outbox.pending(id, queue, { limit })).map((row) => row.id);
    expect(await ids('events', 10)).toEqual(['c', 'b', 'd']);
    expect(await ids('events', 2)).toEqual(['c', 'b']);
    expect(await ids('mailbox', 10)).toEqual(['m']);
  });

  it('tells what is due, and takes what lies too far ahead for due', async () => {
    const { store, id, put, record } = await delivering();
    await put(notification(id, 'now'), notification(id, 'later'), notification(id, 'absurd'));
    await record('later', { nextAttemptAt: NOW + 100 });
    await record('absurd', { nextAttemptAt: NOW + 10_000 });
    const ids = async (options: { dueAt?: number; farthest?: number }) =>
      (await store.outbox.pending(id, 'events', { limit: 9, ...options })).map((row) => row.id);
    expect(await ids({})).toEqual(['now', 'later', 'absurd']);
    expect(await ids({ dueAt: NOW - 1 })).toEqual([]);
    expect(await ids({ dueAt: NOW })).toEqual(['now']);
    expect(await ids({ dueAt: NOW + 100 })).toEqual(['now', 'later']);
    expect(await ids({ dueAt: NOW, farthest: NOW + 5000 })).toEqual(['now', 'absurd']);
  });

  it('names the instances with due rows that are not stopped', async () => {
    const first = await delivering();
    const { store } = first;
    const [second, third, fourth] = [await delivering(store), await delivering(store), await delivering(store)];
    for (const { id, put } of [first, second, third]) await put(notification(id, `n${id}`));
    await fourth.put(notification(fourth.id, 's', { state: 'stored' }));
    await second.record('n2', { nextAttemptAt: NOW + 500 });
    const stop = { at: NOW, notificationId: 'n3', reason: 'gone' };
    await third.record('n3', {}, { instance: { id: third.id, stop } });
    expect(await store.outbox.instancesDue(NOW - 1)).toEqual([]);
    expect(await store.outbox.instancesDue(NOW)).toEqual([1]);
    expect(await store.outbox.instancesDue(NOW, NOW + 499)).toEqual([1, 2]);
    expect(await store.outbox.instancesDue(NOW + 500)).toEqual([1, 2]);
    expect(await store.instances.get(3)).toMatchObject({ stop });
  });

  it('is listed by any filter, in queue order', async () => {
    const a = await delivering();
    const { store } = a;
    const b = await delivering(store);
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
    const a = await delivering();
    const { store } = a;
    const b = await delivering(store);
    await delivering(store);
    await a.put(notification(1, 'a1'), notification(1, 'a2'), notification(1, 'am', { queue: 'mailbox' }));
    await b.put(notification(2, 'b1'), notification(2, 'b2', { state: 'stored' }));
    await a.record('a1', { state: 'dead', diedAt: NOW, nextAttemptAt: null });
    await b.record('b1', { state: 'delivered', deliveredAt: NOW, nextAttemptAt: null });
    expect(await store.outbox.counts()).toEqual([{ instanceId: 1, pending: 1, dead: 1, oldestPendingAt: NOW }]);
  });
});

describe('an attempt', () => {
  it('is one transaction of outcome, log, endpoint, instance and what follows', async () => {
    const { store, id, put, record } = await delivering();
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
    const { store, id, put, record } = await delivering();
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
    const { store, id, put, record } = await delivering();
    await put(notification(id, 'a', { body: new Uint8Array([0, 1, 2, 255]) }));
    await record('a', {}, { instance: { id, stop: { at: 1, notificationId: 'a', reason: 'r' } } });
    await record('a', { state: 'delivered' }, { instance: { id, stop: null, lastSuccessAt: NOW } });
    expect(await store.instances.get(id)).toMatchObject({ stop: null, lastSuccessAt: NOW });
    expect([...((await store.outbox.body('a')) ?? [])]).toEqual([0, 1, 2, 255]);
    expect(await store.outbox.attempts('a')).toHaveLength(2);
    expect(await store.outbox.body('none')).toBeNull();
  });
});

describe('discarding', () => {
  it('makes rows dead with nothing following, and never a delivered one', async () => {
    const { store, id, put, record } = await delivering();
    await put(...['pending', 'dead', 'delivered', 'left'].map((name) => notification(id, name)));
    await put(notification(id, 'stored', { state: 'stored' }));
    await record('dead', { state: 'dead', diedAt: 5, lastError: 'HTTP 500', nextAttemptAt: null });
    await record('delivered', { state: 'delivered', deliveredAt: 6, nextAttemptAt: null });
    await store.outbox.discard(['pending', 'dead', 'delivered', 'stored', 'none'], NOW + 9);
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

  it('holds against the failure of an attempt that was under way', async () => {
    const { store, id, put, record } = await delivering();
    await put(notification(id, 'a'));
    await store.outbox.discard(['a'], NOW + 5);
    const stop = { at: NOW, notificationId: 'a', reason: 'r' };
    const endpoint = { endpoint: 'e', failures: 1, restUntil: null, restMs: null };
    const letter = notification(id, 'letter', { queue: 'mailbox' });
    const patch = { state: 'pending', attempts: 3, nextAttemptAt: 7, lastError: 'HTTP 500' } as const;
    await record('a', patch, { instance: { id, stop }, endpoint, notifications: [letter] });
    expect(await states(store)).toEqual({ a: 'dead' });
    expect(await store.outbox.get('a')).toMatchObject({ lastError: 'discarded' });
    expect((await store.instances.get(id))?.stop).toBeNull();
    expect(await store.outbox.attempts('a')).toHaveLength(1);
    expect(await store.outbox.endpoint('e')).toEqual(endpoint);
  });

  it('gives way to a delivery, and to a later attempt', async () => {
    const { store, id, put, record } = await delivering();
    await put(notification(id, 'a'), notification(id, 'b'));
    await store.outbox.discard(['a', 'b'], NOW - 1);
    await record('a', { state: 'pending', nextAttemptAt: 7, lastError: 'HTTP 500' });
    await store.outbox.discard(['b'], NOW + 5);
    await record('b', { state: 'delivered', deliveredAt: NOW, lastError: null });
    expect(await states(store)).toEqual({ a: 'pending', b: 'delivered' });
  });
});

describe('resuming', () => {
  it('lifts stop and rest and brings back, in its place, what died since the last success', async () => {
    const { store, id, lease, put, record } = await delivering();
    await put(...['old', 'ok', 'died', 'given-up', 'waiting', 'fresh'].map((name) => notification(id, name)));
    await put(notification(id, 'letter', { queue: 'mailbox' }), notification(id, 'stored', { state: 'stored' }));
    const dead = { state: 'dead', nextAttemptAt: null, attempts: 10 } as const;
    await record('old', { ...dead, diedAt: NOW - 100 });
    await record('ok', { state: 'delivered', deliveredAt: NOW - 50 }, { instance: { id, lastSuccessAt: NOW - 50 } });
    await record('died', { ...dead, diedAt: NOW - 10, firstAttemptAt: 1, lastError: 'HTTP 500', lastStatus: 500 });
    await record('letter', { ...dead, diedAt: NOW - 10 });
    await store.outbox.discard(['given-up'], NOW - 5);
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
    const a = await delivering();
    const { store } = a;
    const b = await delivering(store);
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
    const { store, id, lease, put, record } = await delivering();
    await put(notification(id, 'a'), notification(id, 'b'), notification(id, 'm', { queue: 'mailbox' }));
    await record('a', { state: 'delivered', nextAttemptAt: null });
    expect(await store.outbox.store(lease, id)).toBe(2);
    expect(await states(store)).toEqual({ a: 'delivered', b: 'stored', m: 'stored' });
    expect(await store.outbox.get('b')).toMatchObject({ nextAttemptAt: null });
    expect(await store.outbox.instancesDue(NOW)).toEqual([]);
  });
});

describe('pruning', () => {
  it('deletes what is old enough in its state, in steps, with bodies and log; never what is pending', async () => {
    const { store, id, put, record } = await delivering();
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

  it('also clears what accounts leave behind', async () => {
    const { store } = await delivering();
    const minute = Math.floor(NOW / 60_000);
    await store.quota.reserve('old', minute - 60, 5, 10);
    await store.quota.reserve('new', minute, 5, 10);
    await store.quota.setCooldown('old', NOW - 3_600_000, NOW - 3_700_000, 'r');
    await store.quota.setCooldown('new', NOW + 5, NOW, 'r');
    await store.quota.spent('a', '2026-11-22', { requests: 1, units: 2 });
    await store.quota.spent('a', '2026-11-24', { requests: 1, units: 2 });
    await store.outbox.prune({ deliveredBefore: NOW, deadBefore: NOW - 60_000, limit: 10 });
    expect(await store.quota.cooldown('old')).toBeNull();
    expect(await store.quota.cooldown('new')).not.toBeNull();
    expect(await store.quota.reserve('old', minute - 60, 10, 10)).toBe(10);
    expect(await store.quota.reserve('new', minute, 10, 10)).toBe(5);
    expect(await store.quota.spentOn('2026-11-22')).toEqual([]);
    expect(await store.quota.spentOn('2026-11-24')).toHaveLength(1);
  });
});
