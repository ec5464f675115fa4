import type { ResourceRow } from '../../store/ports/resources.js';
import type { Resource } from '../types.js';

export interface MarkerChanges {
  /** Need a marker (and a baseline) before the file names them. */
  added: Resource[];
  /** Begin anew once the file tells of them. */
  restarted: Resource[];
  /** Names whose markers go. */
  removed: string[];
}

/**
 * What an update means for the markers of an instance. An entry of history keeps its cursor under its name whatever
 * becomes of its url; a collection with another path or query, and a new entry, begin at a new baseline. While events are
 * off nothing is begun: the markers that are there wait. `before.resources` is null when nobody can tell what they were.
 */
export function markerChanges(
  before: { eventsEnabled: boolean; resources: readonly Resource[] | null },
  after: { eventsEnabled: boolean; resources: readonly Resource[] },
  rows: readonly ResourceRow[],
): MarkerChanges {
  const rowOf = new Map(rows.map((row) => [row.name, row]));
  const oldOf = new Map((before.resources ?? after.resources).map((resource) => [resource.name, resource]));
  const names = new Set(after.resources.map((resource) => resource.name));
  const changes: MarkerChanges = { added: [], restarted: [], removed: [] };
  changes.removed.push(...rows.map((row) => row.name).filter((name) => !names.has(name)));
  for (const resource of after.resources) {
    const row = rowOf.get(resource.name);
    const old = oldOf.get(resource.name);
    const stale = row !== undefined && begins(resource, old, row);
    if (stale && after.eventsEnabled) changes.restarted.push(resource);
    else if (stale) changes.removed.push(resource.name);
    // A marker that was there and is not any more was lost with the store: the poll tells of that gap.
    else if (row === undefined && after.eventsEnabled && !(before.eventsEnabled && old?.kind === resource.kind)) {
      changes.added.push(resource);
    }
  }
  return changes;
}

function begins(resource: Resource, old: Resource | undefined, row: ResourceRow): boolean {
  if (old === undefined || row.kind !== resource.kind) return true;
  if (resource.kind === 'history') return false;
  if (old.kind === 'collection' && old.fingerprint !== resource.fingerprint) return true;
  return row.fingerprint !== null && row.fingerprint !== resource.fingerprint;
}
