import type { Fault } from '../errors.js';
import type { Resource } from '../types.js';

/** What a grant allows, as far as resources care. */
export interface GrantLimits {
  /** Only gmail.metadata: no bodies, no search, no drafts, no settings. */
  metadataOnly: boolean;
  /** A service account with domain-wide delegation. */
  delegated: boolean;
}

/** Resources that the grant cannot read: Gmail would refuse every poll of them. `path` is where their entries stand. */
export function grantFaults(resources: readonly Resource[], limits: GrantLimits, path: string): Fault[] {
  return resources.flatMap((resource) => {
    const reason = refusal(resource, limits);
    return reason === null ? [] : [{ path: `${path}[${JSON.stringify(resource.name)}].url`, message: reason }];
  });
}

function refusal(resource: Resource, { metadataOnly, delegated }: GrantLimits): string | null {
  const scope = 'the grant has the metadata scope only; authorize with --scope readonly';
  if (resource.kind === 'history') {
    if (!metadataOnly || resource.format === 'ids' || resource.format === 'metadata') return null;
    return `asks for format=${resource.format}, but ${scope}, or use format=metadata`;
  }
  if (resource.path === 'settings/delegates' && !delegated) {
    return 'asks for settings/delegates, which Gmail shows only to a service account with domain-wide delegation';
  }
  if (!metadataOnly) return null;
  if (resource.path === 'drafts' || resource.path.startsWith('settings/'))
    return `asks for ${resource.path}, but ${scope}`;
  return resource.query.some(([name]) => name === 'q') ? `has a search (q), but ${scope}` : null;
}
