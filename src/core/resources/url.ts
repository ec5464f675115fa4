import { CoreError, type Fault } from '../errors.js';
import { readJson } from '../json-text.js';
import type { Resource } from '../types.js';
import { isRecord, valueForm } from '../value-form.js';
import { COLLECTION_PATHS, readCollectionEntry } from './collection-entry.js';
import type { EntryFault } from './entry-options.js';
import { readHistoryEntry } from './history-entry.js';
import { hasTemplate } from './templates.js';
import { splitUrl } from './url-text.js';

/** What an instance polls when its events are on and it names nothing: the entry of the old documentation. */

export const DEFAULT_CONFIGURATION = '{"changed-messages":{"url":"/hubs/general/changed-messages","idField":"id"}}';

/** Every path that a url may ask for. */
export const SUPPORTED_PATHS: readonly string[] = ['changed-messages', ...COLLECTION_PATHS];

/** Words that the notification's `raw` object uses itself, and `mailbox`, the resource of the system's own events. */
const RESERVED_NAMES = new Set(['mailbox', 'events', 'objectType', 'instance_id', 'eventId', '__proto__']);
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** By their text, the last few: the instances of a fleet have the same. */
const parsed = new Map<string, readonly Resource[]>();
const KEPT = 64;

/**
 * event.poller.configuration as it is stored (JSON text; undefined is the default), read. Throws CoreError `usage` with
 * every fault.
 */
export function parseResources(configurationValue = DEFAULT_CONFIGURATION): readonly Resource[] {
  const known = parsed.get(configurationValue);
  if (known !== undefined) return known;
  const path = 'configuration["event.poller.configuration"]';
  const { resources, faults } = checkResources(configurationValue, path);
  if (faults.length === 0) {
    if (parsed.size === KEPT) parsed.clear();
    parsed.set(configurationValue, resources);
    return resources;
  }
  const named = faults.map((fault) => `${fault.path} ${fault.message}`).join('\n');
  throw new CoreError('usage', `the resources cannot be read:\n${named}`, { faults });
}

/** The same for a value as it is brought: an object, or that object as JSON text. `path` is where it stands. */
export function checkResources(value: unknown, path: string): { resources: Resource[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const entries = readEntries(value, (message) => faults.push({ path, message }));
  const writtenAs = new Map<string, string>();
  const resources = entries.flatMap(([written, entry]) => {
    const at = `${path}[${JSON.stringify(written)}]`;
    const fault = (message: string) => faults.push({ path: at, message });
    // The old documentation writes the key with and without a slash, in two samples of one page.
    const name = written.startsWith('/') ? written.slice(1) : written;
    const wrong = nameFault(name, writtenAs.get(name));
    if (wrong !== null) fault(wrong);
    writtenAs.set(name, written);
    if (!isRecord(entry)) {
      fault(`is ${valueForm(entry)}; accepted: an object with url and idField`);
      return [];
    }
    return readEntry(name, entry, (field, message) => faults.push({ path: `${at}.${field}`, message }));
  });
  return { resources, faults };
}

function readEntries(value: unknown, fault: (message: string) => void): [name: string, entry: unknown][] {
  let object = value;
  if (typeof value === 'string') {
    const read = readJson(value);
    if ('fault' in read) {
      fault(`is not JSON: ${read.fault}`);
      return [];
    }
    object = read.value;
  }
  if (!isRecord(object)) {
    fault(`is ${valueForm(object)}; accepted: an object of resources, or that object as JSON text`);
    return [];
  }
  const entries = Object.entries(object).filter(([, entry]) => entry !== null);
  if (entries.length === 0) fault('names no resource; accepted: one or more, each with url and idField');
  return entries;
}

function nameFault(name: string, writtenAs: string | undefined): string | null {
  if (writtenAs !== undefined) return `is the same resource as ${JSON.stringify(writtenAs)}; accepted: one of the two`;
  if (name.trim() === '') return 'has no name';
  if (RESERVED_NAMES.has(name)) return 'is a name that notifications use themselves; accepted: any other';
  if (name.length > 255) return 'is longer than 255 characters';
  return UNPRINTABLE.test(name) ? 'has characters that cannot be printed' : null;
}

function readEntry(name: string, entry: Record<string, unknown>, fault: EntryFault): Resource[] {
  const url = entry['url'];
  if (typeof url !== 'string' || url.trim() === '') {
    fault(
      'url',
      `is ${valueForm(url)}; accepted: /hubs/general/PATH, where PATH is one of ${SUPPORTED_PATHS.join(', ')}`,
    );
    if (entry['idField'] === undefined) fault('idField', "is missing; accepted: the records' own id, in most lists id");
    return [];
  }
  const { path, query } = splitUrl(url);
  if (path === 'changed-messages' || path === 'changed-message') return [readHistoryEntry(name, entry, query, fault)];
  const collection = COLLECTION_PATHS.find((known) => known === path);
  if (collection !== undefined) return [readCollectionEntry(name, entry, collection, query, fault)];
  fault(
    'url',
    `asks for ${hasTemplate(path) ? 'a path with a template' : pathForm(path)}; supported: ${SUPPORTED_PATHS.join(', ')}`,
  );
  return [];
}

function pathForm(path: string): string {
  return path === '' ? 'no path' : valueForm(path).replace(/^the text/, 'the path');
}
