import type { HistoryResource, HistoryType, MessageFormat } from '../types.js';
import { valueForm } from '../value-form.js';
import { type EntryFault, readEntryOptions, readMaxResults } from './entry-options.js';
import { Parameters } from './parameters.js';
import { hasTemplate } from './templates.js';

const PARAMETERS = [
  'historyTypes',
  'labelIds',
  'excludeLabelIds',
  'format',
  'metadataHeaders',
  'includeSpamTrash',
  'maxResults',
];
const HISTORY_TYPES: readonly HistoryType[] = ['messageAdded', 'messageDeleted', 'labelAdded', 'labelRemoved'];
const FORMATS: readonly MessageFormat[] = ['ids', 'metadata', 'full', 'raw'];
const ID_FIELDS = ['id', 'threadId'] as const;
/** history.list's own maximum: fewer pages, and a page costs the same units however long it is. */
const PAGE_SIZE = 500;

/** An entry whose url is `changed-messages`. Faults are reported; what is returned then is not to be used. */
export function readHistoryEntry(
  name: string,
  entry: Record<string, unknown>,
  query: readonly [string, string][],
  fault: EntryFault,
): HistoryResource {
  const urlFault = (message: string) => fault('url', message);
  const parameters = new Parameters('changed-messages', query, PARAMETERS, urlFault);
  if (query.some(([, value]) => hasTemplate(value))) urlFault('has a template; changed-messages goes by its cursor');
  const labelIds = parameters.labels('labelIds');
  const excludeLabelIds = parameters.labels('excludeLabelIds');
  const both = labelIds.filter((label) => excludeLabelIds.includes(label));
  if (both.length > 0) urlFault(`has ${both.join(', ')} in labelIds and in excludeLabelIds: nothing would ever pass`);
  const options = readEntryOptions(entry, fault);
  const maxResults = readMaxResults(parameters.one('maxResults'), (message) =>
    urlFault(`has maxResults that ${message}`),
  );
  return {
    kind: 'history',
    name,
    idField: readIdField(entry['idField'], fault),
    historyTypes: parameters.choices('historyTypes', HISTORY_TYPES),
    labelIds,
    excludeLabelIds,
    format: parameters.choice('format', FORMATS) ?? 'metadata',
    metadataHeaders: parameters.list('metadataHeaders'),
    includeSpamTrash: parameters.choice('includeSpamTrash', ['true', 'false']) === 'true',
    pageSize: options.pageSize ?? maxResults ?? PAGE_SIZE,
    timezone: options.timezone,
  };
}

function readIdField(value: unknown, fault: EntryFault): HistoryResource['idField'] {
  const field = ID_FIELDS.find((accepted) => accepted === value);
  if (field === undefined)
    fault('idField', `is ${valueForm(value)}; accepted for changed-messages: ${ID_FIELDS.join(', ')}`);
  return field ?? 'id';
}
