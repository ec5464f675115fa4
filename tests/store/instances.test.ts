import { afterEach, describe, expect, it } from '@jest/globals';
import { LeaseLostError } from '../../src/store/errors.js';
import type { Store } from '../../src/store/port.js';
import type { Lease } from '../../src/store/ports/leases.js';
import { HISTORY, NOW, newInstance, notification, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

function create(store: Store, largestFile: number, id?: number): Promise<number | null> {
  const row = { uuid: 'u', createdAt: NOW, nextPollAt: null, resources: [], largestFile };
  return store.instances.create(id === undefined ? row : { ...row, id });
}

async function lease(store: Store, id: number): Promise<Lease> {
  const taken = await store.leases.acquire(`poll:${id}`);
  if (taken === null) throw new Error('held by another');
  return taken;
}

describe('an instance that is marked as deleted', () => {
  it('is told of until its rows are gone', async () => {
    const store = await workplace.store();
    for (const id of [1, 2]) expect(await create(store, 0)).toBe(id);
    const held = await lease(store, 2);
    await store.instances.markDeleted(held, 2, NOW);
    expect(await store.instances.deleted()).toEqual([2]);
    await store.instances.remove(held, 2);
    expect(await store.instances.deleted()).toEqual([]);
    expect((await store.instances.list()).map((row) => row.id)).toEqual([1]);
  });
});

describe('the id of an instance', () => {
  it('grows, is never reused, and is larger than any file', async () => {
    const store = await workplace.store();
    expect(await create(store, 0)).toBe(1);
    expect(await create(store, 0)).toBe(2);
    await store.instances.remove(await lease(store, 2), 2);
    expect(await create(store, 0)).toBe(3);
    expect(await create(store, 41)).toBe(42);
    expect(await create(store, 7)).toBe(43);
  });

  it('is kept when it is free, refused when it is taken', async () => {
    const store = await workplace.store();
    expect(await create(store, 0, 5000)).toBe(5000);
    expect(await create(store, 0, 5000)).toBeNull();
    expect(await create(store, 0, 12)).toBe(12);
    expect(await create(store, 0)).toBe(5001);
    expect((await store.instances.list()).map((row) => row.id)).toEqual([12, 5000, 5001]);
  });
});

describe('the row of an instance', () => {
  it('is committed with the markers of its resources', async () => {
    const store = await workplace.store();
    const id = await newInstance(store, [HISTORY, { name: 'labels', kind: 'collection', cursor: null, at: NOW }]);
    expect(await store.instances.get(id)).toEqual({
      id,
      uuid: 'a-uuid',
      createdAt: NOW,
      nextPollAt: NOW,
      plannedAt: null,
      lastPollAt: null,
      lastError: null,
      stop: null,
      lastSuccessAt: null,
      authFailedAt: null,
    });
    expect(await store.resources.list(id)).toMatchObject([
      { name: 'changed-messages', kind: 'history', cursor: '1000', cursorAt: NOW, firstBaselineAt: NOW },
      { name: 'labels', kind: 'collection', cursor: null, cursorAt: null, firstBaselineAt: null },
    ]);
    expect(await store.instances.get(99)).toBeNull();
  });

  it('is patched field by field; null is a value', async () => {
    const store = await workplace.store();
    const id = await newInstance(store);
    const poll = await lease(store, id);
    await store.instances.update(poll, id, { lastPollAt: NOW + 1, lastError: '{"code":"failed"}' });
    await store.instances.update(poll, id, { nextPollAt: NOW + 2 });
    await store.instances.update(poll, id, {});
    expect(await store.instances.get(id)).toMatchObject({
      nextPollAt: NOW + 2,
      lastPollAt: NOW + 1,
      lastError: '{"code":"failed"}',
    });
    await store.instances.update(poll, id, { nextPollAt: null, lastError: null });
    expect(await store.instances.get(id)).toMatchObject({ nextPollAt: null, lastPollAt: NOW + 1, lastError: null });
  });

  it('takes its last patch together with the end of the lease', async () => {
    const home = workplace.folder();
    const [store, other] = [await workplace.store(home), await workplace.store(home)];
    const id = await newInstance(store);
    const poll = await lease(store, id);
    await store.instances.update(poll, id, { lastPollAt: 1 });
    expect(await other.leases.acquire(`poll:${id}`)).toBeNull();
    await store.instances.update(poll, id, { lastPollAt: 2 }, { last: true });
    expect(await other.leases.acquire(`poll:${id}`)).toMatchObject({ fence: poll.fence + 1 });
    await store.leases.release(poll);
    expect(await store.leases.acquire(`poll:${id}`)).toBeNull();
    await expect(store.instances.update(poll, id, { lastPollAt: 3 }, { last: true })).rejects.toThrow(LeaseLostError);
    expect(await store.instances.get(id)).toMatchObject({ lastPollAt: 2 });
  });

  it('is due from its time on, the longest waiting first', async () => {
    const store = await workplace.store();
    const ids = [await newInstance(store), await newInstance(store), await newInstance(store)];
    await create(store, 0);
    await store.instances.update(await lease(store, 1), 1, { nextPollAt: NOW - 1 });
    await store.instances.update(await lease(store, 3), 3, { nextPollAt: NOW - 2 });
    expect(ids).toEqual([1, 2, 3]);
    expect(await store.instances.due(NOW - 1)).toEqual([3, 1]);
    expect(await store.instances.due(NOW)).toEqual([3, 1, 2]);
    expect(await store.instances.due(NOW - 3)).toEqual([]);
  });

  it('is removed with everything of the instance, and of no other', async () => {
    const store = await workplace.store();
    for (const id of [await newInstance(store), await newInstance(store)]) {
      const poll = await lease(store, id);
      await store.resources.commitPart(poll, {
        instanceId: id,
        resource: 'changed-messages',
        patch: {},
        notifications: [
          notification(id, `pending-${id}`),
          notification(id, `failed-${id}`),
          notification(id, `stored-${id}`, { state: 'stored' }),
          notification(id, `mailbox-${id}`, { queue: 'mailbox', resource: 'mailbox' }),
        ],
        emitted: ['m'],
        snapshot: { upsert: [{ key: 'k', hash: 'h' }], remove: [] },
        now: NOW,
      });
      await store.outbox.commitAttempt(poll, {
        notificationId: `failed-${id}`,
        patch: { attempts: 1 },
        attempt: { notificationId: `failed-${id}`, at: NOW, status: 500, durationMs: 3, error: null, answer: null },
        notifications: [],
        now: NOW,
      });
      await store.leases.release(poll);
    }
    expect(await store.instances.remove(await lease(store, 1), 1)).toBe(2);

    const left = async (id: number) => [
      await store.instances.get(id),
      await store.resources.list(id),
      await store.outbox.list({ instanceId: id }),
      await store.outbox.body(`pending-${id}`),
      await store.outbox.attempts(`failed-${id}`),
      [...(await store.resources.emittedAmong(id, 'changed-messages', ['m']))],
      [...(await store.resources.snapshot(id, 'changed-messages'))],
    ];
    expect(await left(1)).toEqual([null, [], [], null, [], [], []]);
    expect((await left(2)).map((found) => (Array.isArray(found) ? found.length : found !== null))).toEqual([
      true,
      1,
      4,
      true,
      1,
      1,
      1,
    ]);
  });
});
