import type { Store } from '../../src/store/port.js';
import type { Lease } from '../../src/store/ports/leases.js';
import type { PartCommit } from '../../src/store/ports/resources.js';
import type { Break } from './stage.js';

/** What the product must never do, done on purpose: proof that the simulation would see it. */
export const BREAKS = {
  /** The cursor is stored first, and then what lies before it. */
  cursorFirst: commitPart(async (store, lease, part) => {
    if (part.patch.cursor !== undefined) {
      await store.resources.commitPart(lease, { ...part, notifications: [], emitted: [] });
    }
    return store.resources.commitPart(lease, part);
  }),

  /** The mailbox's newest historyId becomes the cursor at once. */
  noHeadRule: commitPart((store, lease, part) => {
    const { head } = part.patch;
    const patch = head === undefined || head === null ? part.patch : { ...part.patch, cursor: head };
    return store.resources.commitPart(lease, { ...part, patch });
  }),

  /** That a message was told of is not remembered. */
  emittedForgotten: commitPart((store, lease, part) => store.resources.commitPart(lease, { ...part, emitted: [] })),

  /** A delivery counts as done when it begins. */
  acknowledgedEarly: (store) => {
    let next = '';
    return {
      ...store,
      outbox: {
        ...store.outbox,
        body: (id) => {
          next = id;
          return store.outbox.body(id);
        },
      },
      leases: {
        ...store.leases,
        check: async (lease) => {
          const wanted = await store.leases.check(lease);
          const now = 0;
          await store.outbox.commitAttempt(lease, {
            notificationId: next,
            patch: { state: 'delivered', deliveredAt: now },
            attempt: null,
            notifications: [],
            now,
          });
          return wanted;
        },
      },
    };
  },

  /** A GAP is not told. */
  silentGap: commitPart((store, lease, part) =>
    store.resources.commitPart(lease, {
      ...part,
      notifications: part.notifications.filter(({ queue }) => queue === 'events'),
    }),
  ),
} satisfies Record<string, Break>;

function commitPart(commit: (store: Store, lease: Lease, part: PartCommit) => Promise<boolean>): Break {
  return (store) => ({
    ...store,
    resources: { ...store.resources, commitPart: (lease, part) => commit(store, lease, part) },
  });
}
