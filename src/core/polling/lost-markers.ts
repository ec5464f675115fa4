import type { GmailApi } from '../../gmail/api.js';
import type { InstanceRow } from '../../store/ports/instances.js';
import type { NewResource, ResourceRow } from '../../store/ports/resources.js';
import type { Context } from '../context.js';
import type { InstanceDocument } from '../types.js';
import type { InstancePoll } from './instance-poll.js';

/** How far back a lost cursor is made good: what Gmail's history typically holds (milliseconds). */
const LOOK_BACK_MS = 7 * 24 * 3600 * 1000;
/** Mail that arrives while the baseline is read is dated by clocks that differ a little (milliseconds). */
const WINDOW_MARGIN_MS = 60_000;

/**
 * The instance's row. Rows are committed before a file is written, so a file without one means that events.db was lost:
 * the row is made again under the same id and uuid, and with it the ids of events stay what they were.
 */
export async function instanceRow(ctx: Context, instance: InstanceDocument, dryRun: boolean): Promise<InstanceRow> {
  const { id, uuid } = instance;
  const found = await ctx.store.instances.get(id);
  if (found !== null) return found;
  const row = { uuid, createdAt: Date.parse(instance.createdDate), nextPollAt: null };
  if (!dryRun) await ctx.store.instances.create({ ...row, id, resources: [], largestFile: id });
  return { ...row, id, lastPollAt: null, lastError: null, stop: null, lastSuccessAt: null, authFailedAt: null };
}

/**
 * The markers of the instance's resources by name. A missing one was lost with its events.db; it is stored anew together
 * with the recovery that has to come first, so that a crash right after cannot make the loss look like a new resource.
 */
export async function resourceRows(poll: InstancePoll, gmail: GmailApi): Promise<Map<string, ResourceRow>> {
  const { ctx, lease, instance, settings, dryRun } = poll.input;
  const rows = new Map((await ctx.store.resources.list(instance.id)).map((row) => [row.name, row]));
  const lost = settings.resources.filter(({ name, kind }) => rows.get(name)?.kind !== kind);
  if (lost.length === 0) return rows;
  const baseline = lost.some(({ kind }) => kind === 'history') ? (await gmail.getProfile()).historyId : '';
  const windowStart = Math.max(Date.parse(instance.createdDate), poll.input.start - LOOK_BACK_MS);
  const windowEnd = ctx.clock.now() + WINDOW_MARGIN_MS;
  const made = lost.map(({ name, kind }) => ({
    name,
    kind,
    cursor: null,
    at: windowStart,
    gap: {
      from: null,
      baseline: kind === 'history' ? baseline : '',
      windowStart,
      windowEnd,
      pageToken: null,
      recovered: 0,
    },
  }));
  if (!dryRun) {
    const names = made.map(({ name }) => name);
    await ctx.store.resources.replaceSet(lease, instance.id, made, names);
  }
  for (const resource of made) rows.set(resource.name, asRow(instance.id, resource));
  return rows;
}

function asRow(instanceId: number, { name, kind, at, gap }: NewResource): ResourceRow {
  return {
    instanceId,
    name,
    kind,
    cursor: null,
    cursorAt: null,
    head: null,
    headAt: null,
    firstBaselineAt: at,
    lastEndAt: null,
    gap: gap ?? null,
    stuck: null,
    fingerprint: null,
    hasSnapshot: false,
  };
}
