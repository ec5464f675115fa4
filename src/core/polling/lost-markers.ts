import type { InstanceRow } from '../../store/ports/instances.js';
import type { ResourceRow } from '../../store/ports/resources.js';
import type { Context } from '../context.js';
import type { InstanceDocument, Resource } from '../types.js';
import type { InstancePoll } from './instance-poll.js';

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
  const never = { plannedAt: null, lastPollAt: null, lastSuccessAt: null, authFailedAt: null };
  return { ...row, ...never, id, lastError: null, stop: null };
}

/**
 * The markers of the instance's resources by name. One that is missing was lost with its events.db, because a new entry has
 * its marker before the file names it: it is stored anew as lost, so that the poll of the resource tells of the gap.
 */
export async function resourceRows(poll: InstancePoll): Promise<Map<string, ResourceRow>> {
  const { ctx, lease, instance, settings, dryRun, start } = poll.input;
  const rows = new Map((await ctx.store.resources.list(instance.id)).map((row) => [row.name, row]));
  const missing = settings.resources.filter(({ name, kind }) => rows.get(name)?.kind !== kind);
  if (missing.length === 0) return rows;
  if (!dryRun) {
    const lost = missing.map(({ name, kind }) => ({ name, kind, cursor: null, at: start, lost: true }));
    const names = missing.map(({ name }) => name);
    await ctx.store.resources.replaceSet(lease, instance.id, lost, names);
  }
  for (const resource of missing) rows.set(resource.name, lostRow(instance.id, resource, start));
  return rows;
}

function lostRow(instanceId: number, { name, kind }: Resource, at: number): ResourceRow {
  return {
    instanceId,
    name,
    kind,
    cursor: null,
    cursorAt: null,
    head: null,
    headAt: null,
    firstBaselineAt: kind === 'history' ? null : at,
    lastEndAt: null,
    gap: null,
    stuck: null,
    fingerprint: null,
    hasSnapshot: false,
  };
}
