import { afterEach, describe, expect, it } from '@jest/globals';
import type { Lease } from '../../src/store/ports/leases.js';
import { createAccountRows } from '../../src/store/sqlite/accounts.js';
import type { Database, Durability } from '../../src/store/sqlite/database.js';
import { createInstanceRows } from '../../src/store/sqlite/instances.js';
import { createLeases } from '../../src/store/sqlite/leases.js';
import { openDatabase } from '../../src/store/sqlite/open.js';
import { createOutbox } from '../../src/store/sqlite/outbox.js';
import { createQuotaRows } from '../../src/store/sqlite/quota.js';
import { createResourceRows } from '../../src/store/sqlite/resources.js';
import { HISTORY, NOW, notification, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

/** The real database; each write also tells under which level of synchronous it ran. */
async function observed() {
  const real = workplace.closing(await openDatabase(workplace.folder(), workplace.clock));
  const levels: (number | undefined)[] = [];
  const db: Database = {
    write: (durability: Durability, work) =>
      real.write(durability, (sql) => {
        levels.push(sql.get<{ synchronous: number }>('PRAGMA synchronous')?.synchronous);
        return work(sql);
      }),
    read: (work) => real.read(work),
    close: () => real.close(),
  };
  const rows = {
    accounts: createAccountRows(db),
    instances: createInstanceRows(db),
    leases: createLeases(db, workplace.clock),
    outbox: createOutbox(db),
    quota: createQuotaRows(db),
    resources: createResourceRows(db),
  };
  const created = { uuid: 'u', createdAt: NOW, nextPollAt: NOW, resources: [HISTORY], largestFile: 0 };
  await rows.instances.create(created);
  const lease = await rows.leases.acquire('poll:1');
  if (lease === null) throw new Error('held');
  levels.length = 0;
  return { ...rows, lease, created, levels };
}

type Observed = Awaited<ReturnType<typeof observed>>;

function part({ resources }: Observed, lease: Lease, notifications: ReturnType<typeof notification>[]) {
  const resource = 'changed-messages';
  return resources.commitPart(lease, {
    instanceId: 1,
    resource,
    patch: { cursor: '2000' },
    notifications,
    emitted: ['m'],
    now: NOW,
  });
}

const attempt = { notificationId: 'a', at: NOW, status: 200, durationMs: 1, error: null, answer: null };

describe('what waits for the disk', () => {
  it.each<[string, (rows: Observed) => Promise<unknown>]>([
    ['a part with notifications', (rows) => part(rows, rows.lease, [notification(1, 'a')])],
    [
      'the outcome of a delivery',
      ({ outbox, lease }) =>
        outbox.commitAttempt(lease, { notificationId: 'a', patch: {}, attempt, notifications: [], now: NOW }),
    ],
    ['a new instance', ({ instances, created }) => instances.create(created)],
    ['an instance marked as deleted', ({ instances, lease }) => instances.markDeleted(lease, 1, NOW)],
    ['an instance removed', ({ instances, lease }) => instances.remove(lease, 1)],
    ['another set of resources', ({ resources, lease }) => resources.replaceSet(lease, 1, [], ['changed-messages'])],
    ['a resumption', ({ outbox, lease }) => outbox.resume(lease, 1, null, NOW)],
    ['a discard', ({ outbox, lease }) => outbox.discard(lease, ['a'], NOW)],
    ['pending ones that are only stored now', ({ outbox, lease }) => outbox.store(lease, 1, NOW)],
  ])('%s', async (_name, work) => {
    const rows = await observed();
    // The connection was left relaxed by the lease, so FULL has to be set for this very transaction.
    await work(rows);
    expect(rows.levels).toEqual([2]);
  });
});

describe('what does not wait for the disk', () => {
  it.each<[string, (rows: Observed) => Promise<unknown>]>([
    ['a part without notifications', (rows) => part(rows, rows.lease, [])],
    ['a lease taken', ({ leases }) => leases.acquire('deliver:1')],
    ['a lease renewed', ({ leases, lease }) => leases.renew(lease)],
    ['a lease released', ({ leases, lease }) => leases.release(lease)],
    ['a lease wanted', ({ leases }) => leases.want('poll:1')],
    ['a last poll', ({ instances, lease }) => instances.update(lease, 1, { lastPollAt: NOW })],
    ['a reservation', ({ quota }) => quota.reserve('a', 1, 1, 1)],
    ['a cooldown', ({ quota }) => quota.setCooldown('a', 1, 1, 'r')],
    ['units spent', ({ quota }) => quota.spent('a', '2026-11-24', { requests: 1, units: 1 })],
    ['pruning', ({ outbox }) => outbox.prune({ deliveredBefore: 1, deadBefore: NOW + 1, limit: 1 })],
  ])('%s', async (_name, work) => {
    const rows = await observed();
    await part(rows, rows.lease, [notification(1, 'before', { state: 'stored' })]);
    await work(rows);
    expect(rows.levels.slice(0, 2)).toEqual([2, 1]);
  });

  it('pruning is not even written for when nothing has aged: every cron line comes by', async () => {
    const rows = await observed();
    await part(rows, rows.lease, [notification(1, 'young', { state: 'stored' })]);
    await rows.quota.spent('a', '2026-11-24', { requests: 1, units: 1 });
    rows.levels.length = 0;
    expect(await rows.outbox.prune({ deliveredBefore: NOW, deadBefore: NOW, limit: 1 })).toBe(0);
    expect(rows.levels).toEqual([]);
  });

  it('a lease that another holds is not even written for', async () => {
    const { leases, levels } = await observed();
    expect(await leases.acquire('poll:1')).toBeNull();
    expect(levels).toEqual([]);
  });
});
