import { afterEach, describe, expect, it } from '@jest/globals';
import type { Store } from '../../src/store/port.js';
import type { Lease } from '../../src/store/ports/leases.js';
import type { PartCommit } from '../../src/store/ports/resources.js';
import { HISTORY, NOW, newInstance, notification, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

async function polling(): Promise<{ store: Store; id: number; lease: Lease }> {
  const store = await workplace.store();
  const id = await newInstance(store, [HISTORY, { name: 'labels', kind: 'collection', cursor: null, at: NOW }]);
  const lease = await store.leases.acquire(`poll:${id}`);
  if (lease === null) throw new Error('held by another');
  return { store, id, lease };
}

function part(instanceId: number, other: Partial<PartCommit>): PartCommit {
  return { instanceId, resource: 'changed-messages', patch: {}, notifications: [], emitted: [], now: NOW, ...other };
}

describe('a part of history', () => {
  it('is one transaction of notifications, emitted ids, cursor and snapshot', async () => {
    const { store, id, lease } = await polling();
    await store.resources.commitPart(
      lease,
      part(id, {
        patch: { cursor: '2000', cursorAt: NOW + 1, head: '2100', headAt: NOW + 2, lastEndAt: NOW + 3 },
        notifications: [notification(id, 'a'), notification(id, 'b', { state: 'stored' })],
        emitted: ['m1', 'm2'],
        authFailedAt: NOW + 4,
      }),
    );
    expect(await store.resources.get(id, 'changed-messages')).toEqual({
      instanceId: id,
      name: 'changed-messages',
      kind: 'history',
      cursor: '2000',
      cursorAt: NOW + 1,
      head: '2100',
      headAt: NOW + 2,
      firstBaselineAt: NOW,
      lastEndAt: NOW + 3,
      gap: null,
      stuck: null,
      fingerprint: null,
      hasSnapshot: false,
    });
    expect(await store.outbox.list({})).toMatchObject([
      { seq: 1, id: 'a', state: 'pending', attempts: 0, nextAttemptAt: NOW, createdAt: NOW },
      { seq: 2, id: 'b', state: 'stored', attempts: 0, nextAttemptAt: null, createdAt: NOW },
    ]);
    expect(await store.resources.emittedAmong(id, 'changed-messages', ['m1', 'm2', 'm3'])).toEqual(
      new Set(['m1', 'm2']),
    );
    expect(await store.instances.get(id)).toMatchObject({ authFailedAt: NOW + 4 });
  });

  it('of which one thing cannot be stored is stored not at all', async () => {
    const { store, id, lease } = await polling();
    const broken = { ...notification(id, 'b'), eventCount: Number.NaN };
    const commit = part(id, {
      patch: { cursor: '2000' },
      notifications: [notification(id, 'a'), broken],
      emitted: ['m1'],
    });
    await expect(store.resources.commitPart(lease, commit)).rejects.toThrow(TypeError);
    expect(await store.outbox.list({})).toEqual([]);
    expect(await store.outbox.body('a')).toBeNull();
    expect(await store.resources.get(id, 'changed-messages')).toMatchObject({ cursor: '1000' });
    expect(await store.resources.emittedAmong(id, 'changed-messages', ['m1'])).toEqual(new Set());
  });

  it('whose cursor has no marker to go to is refused with its notifications', async () => {
    const { store, id, lease } = await polling();
    const commit = part(id, { resource: 'gone', patch: { cursor: '2' }, notifications: [notification(id, 'a')] });
    await expect(store.resources.commitPart(lease, commit)).rejects.toMatchObject({ code: 'store' });
    expect(await store.outbox.list({})).toEqual([]);
  });

  it('without a cursor needs no marker: mailbox notifications have none', async () => {
    const { store, id, lease } = await polling();
    const mailbox = notification(id, 'a', { queue: 'mailbox', resource: 'mailbox' });
    await store.resources.commitPart(lease, part(id, { resource: 'mailbox', notifications: [mailbox] }));
    expect(await store.outbox.pending(id, 'mailbox', { limit: 5 })).toMatchObject([{ id: 'a' }]);
    expect(await store.outbox.pending(id, 'events', { limit: 5 })).toEqual([]);
  });

  it('that comes again adds nothing: a notification keeps its bytes, place and state', async () => {
    const { store, id, lease } = await polling();
    await store.resources.commitPart(lease, part(id, { notifications: [notification(id, 'a')] }));
    const other = notification(id, 'a', { body: new Uint8Array([1]), state: 'stored' });
    await store.resources.commitPart(lease, part(id, { notifications: [other, notification(id, 'b')] }));
    expect(await store.outbox.list({})).toMatchObject([{ id: 'a', state: 'pending' }, { id: 'b' }]);
    expect(new TextDecoder().decode((await store.outbox.body('a')) ?? undefined)).toBe('{"id":"a"}');
  });

  it('keeps historyIds of any length to the last digit', async () => {
    const { store, id, lease } = await polling();
    for (const cursor of ['9007199254740993', '123456789012345678901', '9'.repeat(40), '007']) {
      await store.resources.commitPart(lease, part(id, { patch: { cursor, head: cursor } }));
      expect(await store.resources.get(id, 'changed-messages')).toMatchObject({ cursor, head: cursor });
    }
  });

  it('keeps the state of a gap and of a stuck record until they are null', async () => {
    const { store, id, lease } = await polling();
    const gap = {
      from: null,
      baseline: '123456789012345678901',
      windowStart: 1,
      windowEnd: 2,
      pageToken: 'p',
      recovered: 3,
    };
    const stuck = { messageId: 'm', polls: 2 };
    await store.resources.commitPart(lease, part(id, { patch: { gap, stuck } }));
    await store.resources.commitPart(lease, part(id, { patch: { cursor: '5' } }));
    expect(await store.resources.get(id, 'changed-messages')).toMatchObject({ gap, stuck, cursor: '5' });
    await store.resources.commitPart(lease, part(id, { patch: { gap: null, stuck: null } }));
    expect(await store.resources.get(id, 'changed-messages')).toMatchObject({ gap: null, stuck: null });
  });

  it('forgets emitted ids by age; one emitted again is new again', async () => {
    const { store, id, lease } = await polling();
    await store.resources.commitPart(lease, part(id, { emitted: ['old', 'again'], now: NOW }));
    await store.resources.commitPart(lease, part(id, { emitted: ['again', 'new'], now: NOW + 10 }));
    const elsewhere = { emitted: ['by another clock'], emittedAt: NOW + 9, now: NOW + 10 };
    await store.resources.commitPart(lease, part(id, elsewhere));
    await store.resources.commitPart(lease, part(id, { forgetEmittedBefore: NOW + 10, now: NOW + 20 }));
    const asked = ['old', 'again', 'new', 'by another clock'];
    const known = await store.resources.emittedAmong(id, 'changed-messages', asked);
    expect([...known].sort()).toEqual(['again', 'new']);
    expect(await store.resources.emittedAmong(id, 'labels', ['new'])).toEqual(new Set());
  });

  it('clears authFailedAt with null and leaves it alone without', async () => {
    const { store, id, lease } = await polling();
    await store.resources.commitPart(lease, part(id, { authFailedAt: 7 }));
    await store.resources.commitPart(lease, part(id, { patch: { cursor: '5' } }));
    expect(await store.instances.get(id)).toMatchObject({ authFailedAt: 7 });
    await store.resources.commitPart(lease, part(id, { authFailedAt: null }));
    expect(await store.instances.get(id)).toMatchObject({ authFailedAt: null });
  });
});

describe('the snapshot of a collection', () => {
  const labels = (id: number, other: Partial<PartCommit>) => part(id, { resource: 'labels', ...other });

  it('is changed key by key', async () => {
    const { store, id, lease } = await polling();
    const keys = ['a', 'b', 'c', "quote'd", 'ü😀', ''];
    await store.resources.commitPart(
      lease,
      labels(id, {
        patch: { hasSnapshot: true, fingerprint: 'labels?' },
        snapshot: { upsert: keys.map((key) => ({ key, hash: '1' })), remove: [] },
      }),
    );
    await store.resources.commitPart(
      lease,
      labels(id, { snapshot: { upsert: [{ key: 'b', hash: '2' }], remove: ['a', "quote'd", 'never'] } }),
    );
    expect(await store.resources.snapshot(id, 'labels')).toEqual(
      new Map([
        ['', '1'],
        ['b', '2'],
        ['c', '1'],
        ['ü😀', '1'],
      ]),
    );
    expect(await store.resources.get(id, 'labels')).toMatchObject({ hasSnapshot: true, fingerprint: 'labels?' });
    expect(await store.resources.snapshot(id, 'changed-messages')).toEqual(new Map());
  });

  it('forgets what was last seen long ago, in a window', async () => {
    const { store, id, lease } = await polling();
    const upsert = ['left', 'seen', 'changed'].map((key) => ({ key, hash: '1' }));
    await store.resources.commitPart(lease, labels(id, { snapshot: { upsert, remove: [] }, now: NOW }));
    const later = { upsert: [{ key: 'changed', hash: '2' }], remove: [], seen: ['seen'], forgetSeenBefore: NOW };
    await store.resources.commitPart(lease, labels(id, { snapshot: later, now: NOW + 10 }));
    expect([...(await store.resources.snapshot(id, 'labels')).keys()]).toEqual(['changed', 'left', 'seen']);
    const last = { upsert: [], remove: [], forgetSeenBefore: NOW + 1 };
    await store.resources.commitPart(lease, labels(id, { snapshot: last, now: NOW + 20 }));
    expect([...(await store.resources.snapshot(id, 'labels')).keys()]).toEqual(['changed', 'seen']);
  });

  it('of thousands of records is one commit', async () => {
    const { store, id, lease } = await polling();
    const upsert = Array.from({ length: 20_000 }, (_, n) => ({ key: `key-${n}`, hash: String(n) }));
    await store.resources.commitPart(lease, labels(id, { snapshot: { upsert, remove: [] } }));
    const seen = upsert.slice(0, 19_000).map(({ key }) => key);
    const remove = upsert.slice(19_500).map(({ key }) => key);
    const change = { upsert: [], remove, seen, forgetSeenBefore: NOW + 1 };
    await store.resources.commitPart(lease, labels(id, { snapshot: change, now: NOW + 1 }));
    expect((await store.resources.snapshot(id, 'labels')).size).toBe(19_000);
  });
});

describe('the set of resources', () => {
  it('gains what is missing, keeps what is there, loses what is named with its ids', async () => {
    const { store, id, lease } = await polling();
    await store.resources.commitPart(lease, part(id, { patch: { cursor: '2000' }, emitted: ['m'] }));
    await store.resources.commitPart(
      lease,
      part(id, { resource: 'labels', snapshot: { upsert: [{ key: 'k', hash: 'h' }], remove: [] } }),
    );
    const added = { name: 'threads', kind: 'collection', cursor: null, at: NOW } as const;
    await store.resources.replaceSet(lease, id, [{ ...HISTORY, cursor: '9' }, added], ['labels']);
    expect(await store.resources.list(id)).toMatchObject([
      { name: 'changed-messages', cursor: '2000' },
      { name: 'threads', cursor: null },
    ]);
    expect(await store.resources.snapshot(id, 'labels')).toEqual(new Map());
    expect(await store.resources.emittedAmong(id, 'changed-messages', ['m'])).toEqual(new Set(['m']));
  });

  it('takes a new baseline of a resource that is both removed and added', async () => {
    const { store, id, lease } = await polling();
    await store.resources.commitPart(lease, part(id, { patch: { cursor: '2000' }, emitted: ['m'] }));
    const again = { ...HISTORY, cursor: '3000', at: NOW + 5 };
    await store.resources.replaceSet(lease, id, [again], ['changed-messages']);
    expect(await store.resources.get(id, 'changed-messages')).toMatchObject({
      cursor: '3000',
      firstBaselineAt: NOW + 5,
    });
    expect(await store.resources.emittedAmong(id, 'changed-messages', ['m'])).toEqual(new Set());
  });
});
