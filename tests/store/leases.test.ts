import { afterEach, describe, expect, it } from '@jest/globals';
import { LeaseLostError } from '../../src/store/errors.js';
import type { Store } from '../../src/store/port.js';
import type { Lease } from '../../src/store/ports/leases.js';
import { instanceDocument, newInstance, notification, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

async function held(store: Store): Promise<Lease> {
  const lease = await store.leases.acquire('poll:1');
  if (lease === null) throw new Error('held by another');
  return lease;
}

describe('a lease', () => {
  it('has one holder, also within one process', async () => {
    const home = workplace.folder();
    const [a, b] = [await workplace.store(home), await workplace.store(home)];
    await held(a);
    expect(await a.leases.acquire('poll:1')).toBeNull();
    expect(await b.leases.acquire('poll:1')).toBeNull();
    expect(await b.leases.acquire('deliver:1')).toMatchObject({ name: 'deliver:1' });
    expect(await b.leases.acquire('poll:2')).toMatchObject({ name: 'poll:2' });
  });

  it('is free at once when released, under a fence that has grown', async () => {
    const store = await workplace.store();
    const first = await held(store);
    await store.leases.release(first);
    const second = await held(store);
    expect([first.fence, second.fence]).toEqual([1, 2]);
  });

  it.each([
    ['29.999 s after its renewal', 29_999, false],
    ['30 s after its renewal', 30_000, true],
    ['with a renewal 60 s ahead', -60_000, false],
    ['with a renewal more than 60 s ahead', -60_001, true],
  ])('%s is free: %#', async (_name, passed, free) => {
    const store = await workplace.store();
    await held(store);
    workplace.clock.time += passed;
    expect((await store.leases.acquire('poll:1')) !== null).toBe(free);
  });

  it('that is renewed lasts 30 s more', async () => {
    const store = await workplace.store();
    const lease = await held(store);
    for (let n = 0; n < 5; n += 1) {
      workplace.clock.time += 20_000;
      await store.leases.renew(lease);
    }
    workplace.clock.time += 29_999;
    expect(await store.leases.acquire('poll:1')).toBeNull();
    await store.leases.check(lease);
  });

  it('that ran out but was not taken can be renewed', async () => {
    const store = await workplace.store();
    const lease = await held(store);
    workplace.clock.time += 100_000;
    await store.leases.check(lease);
    await store.leases.renew(lease);
    expect(await store.leases.acquire('poll:1')).toBeNull();
  });

  it('that was taken refuses everything of its earlier holder', async () => {
    const store = await workplace.store();
    const id = await newInstance(store);
    const late = await held(store);
    workplace.clock.time += 30_000;
    const present = await held(store);
    const part = {
      instanceId: id,
      resource: 'changed-messages',
      patch: { cursor: '2000' },
      notifications: [notification(id, 'late')],
      emitted: ['late'],
      now: workplace.clock.now(),
    };
    const attempt = { notificationId: 'n', patch: {}, attempt: null, notifications: [], now: 1 };
    const refused = [
      () => store.leases.check(late),
      () => store.leases.renew(late),
      () => store.instances.update(late, id, { lastPollAt: 5 }),
      () => store.instances.remove(late, id),
      () => store.resources.replaceSet(late, id, [], ['changed-messages']),
      () => store.resources.commitPart(late, part),
      () => store.outbox.commitAttempt(late, attempt),
      () => store.outbox.store(late, id, 1),
      () => store.outbox.resume(late, id, null, 1),
      () => store.outbox.discard(late, ['n'], 1),
      () => store.instanceFiles.write(late, id, instanceDocument(id)),
      () => store.instanceFiles.remove(late, id),
    ];
    for (const late of refused) await expect(late()).rejects.toThrow(LeaseLostError);
    expect(await store.outbox.list({})).toEqual([]);
    expect(await store.instanceFiles.keys()).toEqual([]);
    expect(await store.resources.get(id, 'changed-messages')).toMatchObject({ cursor: '1000' });
    await store.resources.commitPart(present, part);
    expect(await store.outbox.list({})).toHaveLength(1);
  });

  it('that was taken is not released by its earlier holder', async () => {
    const store = await workplace.store();
    const late = await held(store);
    workplace.clock.time += 30_000;
    const present = await held(store);
    await store.leases.release(late);
    await store.leases.check(present);
    expect(await store.leases.acquire('poll:1')).toBeNull();
  });

  it('that was released refuses its holder', async () => {
    const store = await workplace.store();
    const lease = await held(store);
    await store.leases.release(lease);
    await expect(store.leases.check(lease)).rejects.toMatchObject({
      code: 'retry_later',
      message: expect.stringContaining('"poll:1"'),
    });
    await expect(store.leases.renew(lease)).rejects.toThrow(LeaseLostError);
  });

  it('tells its holder, and only that one, that it is wanted', async () => {
    const store = await workplace.store();
    await store.leases.want('poll:1');
    const first = await held(store);
    expect(await store.leases.wanted(first)).toBe(false);
    await store.leases.want('poll:1');
    expect(await store.leases.wanted(first)).toBe(true);
    await store.leases.release(first);
    const second = await held(store);
    expect(await store.leases.wanted(second)).toBe(false);
    expect(await store.leases.wanted(first)).toBe(false);
  });
});
