import type { OutboxFilter, OutboxRow } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import { CoreError } from '../errors.js';

/** Rows by id or by filter, in queue order. CoreError `usage` that names every unknown id: then nothing is done at all. */
export async function select(ctx: Context, filter: OutboxFilter): Promise<OutboxRow[]> {
  const rows = await ctx.store.outbox.list(filter);
  if (filter.ids === undefined) return rows;
  const known = new Set(rows.map((row) => row.id));
  const missing = filter.ids.filter((id) => !known.has(id));
  for (const id of missing) if ((await ctx.store.outbox.get(id)) !== null) known.add(id);
  const unknown = missing.filter((id) => !known.has(id));
  if (unknown.length === 0) return rows;
  throw new CoreError('usage', `there is no notification ${unknown.map((id) => `"${id}"`).join(', ')}`, {
    hint: 'gmail-events events list shows what there is; rows are deleted by age (retention.deliveredDays, retention.deadDays).',
  });
}

/** The same rows by instance, each instance's in queue order. */
export function byInstance(rows: readonly OutboxRow[]): Map<number, OutboxRow[]> {
  const groups = new Map<number, OutboxRow[]>();
  for (const row of rows) {
    const own = groups.get(row.instanceId);
    if (own === undefined) groups.set(row.instanceId, [row]);
    else own.push(row);
  }
  return groups;
}

/** Rows read anew, in the order given; one that was pruned meanwhile is left out. */
export async function readAgain(ctx: Context, rows: readonly OutboxRow[]): Promise<OutboxRow[]> {
  const read = await Promise.all(rows.map((row) => ctx.store.outbox.get(row.id)));
  return read.filter((row) => row !== null);
}
