import { buildNotifications, eventId } from '../notification/index.js';
import type { ResourceOutcome, ResourceRun } from '../polling/resource-run.js';
import type { ChangeEvent, CollectionPath, CollectionResource, EventType } from '../types.js';
import { listRecords } from './collection/pages.js';
import { contentHash, recordKey, recordOfKey } from './collection/record.js';
import { expandQuery } from './templates.js';

/** How long an id that has left a window is still known (milliseconds). */
const WINDOW_MEMORY_MS = 30 * 24 * 3600 * 1000;

/** Gmail lists these newest first; events are told oldest first. */
const NEWEST_FIRST: ReadonlySet<CollectionPath> = new Set(['messages', 'threads', 'drafts']);

/**
 * Reads all pages of a collection, compares them with the snapshot of the last poll and stores events and new snapshot in
 * ONE commit. The first poll, and the first one after path or query changed, stores the snapshot and emits nothing. Holds
 * keys and hashes, and of the records only those that make an event. Throws CoreError for a record without the idField and
 * for an endless chain of pages, GmailError for what Gmail refuses.
 */
export async function pollCollection(run: ResourceRun, resource: CollectionResource): Promise<ResourceOutcome> {
  const { ctx, instance, row, pollStart } = run;
  const baseline = !row.hasSnapshot || row.fingerprint !== resource.fingerprint;
  // A first baseline without a snapshot is what a marker that was lost with the store looks like.
  const markerLost = row.firstBaselineAt !== null && !row.hasSnapshot;
  const before = await ctx.store.resources.snapshot(instance.id, resource.name);
  const lastPollAt = row.lastEndAt ?? Date.parse(instance.createdDate);

  const seen = new Set<string>();
  const upsert: { key: string; hash: string }[] = [];
  const events: ChangeEvent[] = [];
  const tell = (eventType: EventType, key: string, record: Record<string, unknown>) => {
    if (baseline) return;
    const id = eventId([instance.uuid, resource.name, eventType, key, String(pollStart)]);
    events.push({ id, objectId: key, eventType, date: pollStart, record });
  };

  for await (const record of listRecords(run.gmail, resource, expandQuery(resource, lastPollAt))) {
    const key = recordKey(record, resource);
    // A list that shifts while it is read shows a record twice.
    if (seen.has(key)) continue;
    seen.add(key);
    const hash = contentHash(record);
    const known = before.get(key);
    if (known === hash) continue;
    upsert.push({ key, hash });
    tell(known === undefined ? 'CREATED' : 'UPDATED', key, record);
  }
  if (NEWEST_FIRST.has(resource.path)) events.reverse();

  const gone = [...before.keys()].filter((key) => !seen.has(key));
  const forgetting = baseline || !resource.window;
  if (forgetting) for (const key of gone) tell('DELETED', key, recordOfKey(key, resource.idField));

  await run.commit({
    patch: {
      fingerprint: resource.fingerprint,
      hasSnapshot: true,
      // In Google's time, which dates the mail that a window looks for: this machine's clock may be wrong, or be set.
      lastEndAt: pollStart - run.gmail.clockAheadMs,
    },
    notifications: [
      ...buildNotifications({
        instance,
        settings: run.settings,
        resource: resource.name,
        timezone: resource.timezone,
        events,
        pollStart,
        email: run.email,
      }),
      ...(markerLost ? run.mailboxNotification('GAP', { resource: resource.name, recovered: 0 }) : []),
    ],
    emitted: [],
    snapshot: {
      upsert,
      remove: forgetting ? gone : [],
      ...(resource.window ? { seen: [...seen], forgetSeenBefore: ctx.clock.now() - WINDOW_MEMORY_MS } : {}),
    },
  });
  return { events: events.length };
}
