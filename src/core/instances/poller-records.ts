import type { Context } from '../context.js';
import type { InstanceDocument } from '../types.js';
import { readSettings } from './settings.js';

/** A resource that an instance polls. */
export interface PollerRecord {
  name: string;
  /** Milliseconds: the start of the last poll that read all of it; null: none yet. */
  lastReadAt: number | null;
}

/** What an instance polls now, in the order of its configuration; nothing while its events are off. */
export async function pollerRecords(ctx: Context, document: InstanceDocument): Promise<PollerRecord[]> {
  const { eventsEnabled, resources } = readSettings(document);
  if (!eventsEnabled) return [];
  const read = new Map((await ctx.store.resources.list(document.id)).map((row) => [row.name, row.lastEndAt]));
  return resources.map(({ name }) => ({ name, lastReadAt: read.get(name) ?? null }));
}
