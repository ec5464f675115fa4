import type { Store } from '../../src/store/port.js';
import type { Lease } from '../../src/store/ports/leases.js';
import type { AttemptCommit, NewNotification, OutboxRow } from '../../src/store/ports/outbox.js';
import { HISTORY, NOW, newInstance, type Workplace } from './fixtures.js';

export interface Delivering {
  store: Store;
  id: number;
  lease: Lease;
  put(...notifications: NewNotification[]): Promise<void>;
  record(notificationId: string, patch: Partial<OutboxRow>, other?: Partial<AttemptCommit>): Promise<void>;
}

/** An instance whose deliver lease is held. */
export async function delivering(workplace: Workplace, given?: Store): Promise<Delivering> {
  const store = given ?? (await workplace.store());
  const id = await newInstance(store, [HISTORY]);
  const lease = await store.leases.acquire(`deliver:${id}`);
  if (lease === null) throw new Error('held by another');
  return {
    store,
    id,
    lease,
    put: async (...notifications) => {
      await store.resources.commitPart(lease, {
        instanceId: id,
        resource: 'changed-messages',
        patch: {},
        notifications,
        emitted: [],
        now: NOW,
      });
    },
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

export async function states(store: Store): Promise<Record<string, string>> {
  return Object.fromEntries((await store.outbox.list({})).map((row) => [row.id, row.state]));
}
