import type { CollectionPath, CollectionResource } from '../types.js';
import { valueForm } from '../value-form.js';
import { type EntryFault, readEntryOptions, readMaxResults } from './entry-options.js';
import { Parameters } from './parameters.js';
import { hasTemplate, templateFault } from './templates.js';
import { readWhere } from './where.js';

/** Gmail's parameters of each list. `where` is the old service's spelling of q. */
const PARAMETERS: Record<CollectionPath, readonly string[]> = {
  messages: ['q', 'labelIds', 'includeSpamTrash', 'maxResults'],
  threads: ['q', 'labelIds', 'includeSpamTrash', 'maxResults'],
  drafts: ['q', 'includeSpamTrash', 'maxResults'],
  labels: [],
  'settings/filters': [],
  'settings/forwardingAddresses': [],
  'settings/sendAs': [],
  'settings/delegates': [],
};
export const COLLECTION_PATHS = Object.keys(PARAMETERS) as readonly CollectionPath[];
const WHERE_PATHS: readonly string[] = ['messages', 'threads'];

/** A search by time: what is no longer listed has grown old, it is not gone. */
const TIME_SEARCH = /(?:^|[\s({"'-])(?:after|before|newer|older|newer_than|older_than):/i;
const ID_FIELD = /^[A-Za-z]\w*(?:\.[A-Za-z]\w*)*$/;

/** An entry whose url is one of Gmail's lists. Faults are reported; what is returned then is not to be used. */
export function readCollectionEntry(
  name: string,
  entry: Record<string, unknown>,
  path: CollectionPath,
  query: readonly [string, string][],
  fault: EntryFault,
): CollectionResource {
  const urlFault = (message: string) => fault('url', message);
  const spelled = WHERE_PATHS.includes(path) ? query.flatMap((pair) => withoutWhere(pair, urlFault)) : query;
  const parameters = new Parameters(path, spelled, PARAMETERS[path], urlFault);
  for (const [, value] of spelled) {
    const wrong = templateFault(value);
    if (wrong !== null) urlFault(`has a template that cannot be filled in: ${wrong}`);
  }
  const q = parameters.one('q');
  const spam = parameters.choice('includeSpamTrash', ['true', 'false']);
  const gmailQuery = [
    ...(q === null ? [] : [pair('q', q)]),
    ...parameters.labels('labelIds').map((label) => pair('labelIds', label)),
    ...(spam === null ? [] : [pair('includeSpamTrash', spam)]),
  ];
  const options = readEntryOptions(entry, fault);
  const maxResults = readMaxResults(parameters.one('maxResults'), (message) =>
    urlFault(`has maxResults that ${message}`),
  );
  const idField = readIdField(entry['idField'], fault);
  return {
    kind: 'collection',
    name,
    path,
    idField,
    query: gmailQuery,
    window: gmailQuery.some(([, value]) => hasTemplate(value)) || TIME_SEARCH.test(q ?? ''),
    pageSize: PARAMETERS[path].includes('maxResults') ? (options.pageSize ?? maxResults) : null,
    pollDelaySeconds: options.pollDelaySeconds,
    timezone: options.timezone,
    // The snapshot's keys are read by idField: another one makes another list of it.
    fingerprint: JSON.stringify([path, gmailQuery, idField]),
  };
}

function withoutWhere([name, value]: [string, string], fault: (message: string) => void): [string, string][] {
  if (name !== 'where') return [[name, value]];
  const where = readWhere(value);
  if ('q' in where) return [['q', where.q]];
  fault(where.fault);
  return [];
}

function pair(name: string, value: string): [string, string] {
  return [name, value];
}

function readIdField(value: unknown, fault: EntryFault): string {
  if (typeof value === 'string' && ID_FIELD.test(value)) return value;
  fault(
    'idField',
    `is ${valueForm(value)}; accepted: the name of a field of the list's records, e.g. id or message.id`,
  );
  return 'id';
}
