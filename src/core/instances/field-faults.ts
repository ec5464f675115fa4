import type { Fault } from '../errors.js';
import { readName, readTags, reportTo } from './body-fields.js';
import { checkConfiguration, withoutAbsent } from './configuration.js';

/** Faults of some fields of a body, for whoever takes them one after the other: what is missing is none. */
export function fieldFaults(
  fields: { name?: unknown; tags?: unknown; configuration?: Record<string, unknown> },
  { allowPrivate }: { allowPrivate: boolean },
): Fault[] {
  const faults: Fault[] = [];
  const report = reportTo(faults);
  readName(fields.name, report);
  readTags(fields.tags, report);
  return [...faults, ...checkConfiguration(withoutAbsent(fields.configuration ?? {}), allowPrivate).faults];
}
