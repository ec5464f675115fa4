import type { Fault } from '../errors.js';
import { isRecord, secretForm, valueForm } from '../value-form.js';
import { cleanText } from './clean-text.js';
import { MASK } from './masks.js';

const LONGEST = 255;

/** Reports one fault. */
export type Report = (path: string, message: string) => void;

export function reportTo(faults: Fault[]): Report {
  return (path, message) => faults.push({ path, message });
}

/** null, undefined and a mask are the same: not there. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === MASK;
}

/** null: absent (or faulty, and reported). */
export function readName(value: unknown, report: Report): string | null {
  if (isAbsent(value)) return null;
  const name = typeof value === 'string' ? cleanText(value) : '';
  if (name !== '' && length(name) <= LONGEST) return name;
  const form = name === '' ? valueForm(value) : `a text of ${length(name)} characters`;
  report('name', `is ${form}; accepted: 1 to ${LONGEST} characters that are left when HTML tags are stripped`);
  return null;
}

/** null: absent. An empty list: none is left. */
export function readTags(value: unknown, report: Report): string[] | null {
  if (isAbsent(value)) return null;
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list)) {
    report('tags', `is ${valueForm(value)}; accepted: an array of texts, or one text`);
    return null;
  }
  return list.flatMap((tag: unknown, at) => {
    if (isAbsent(tag)) return [];
    const clean = typeof tag === 'string' ? cleanText(tag) : null;
    if (clean === null) report(`tags[${at}]`, `is ${valueForm(tag)}; accepted: a text`);
    else if (length(clean) > LONGEST) report(`tags[${at}]`, `is longer than ${LONGEST} characters`);
    return clean === null || clean === '' ? [] : [clean];
  });
}

export function readElement(value: unknown, required: boolean, report: Report): void {
  const element = isRecord(value) ? value['key'] : undefined;
  if (!isAbsent(value) && !isRecord(value)) report('element', `is ${valueForm(value)}; accepted: {"key": "gmail"}`);
  else if (element === undefined ? required : element !== 'gmail') {
    report('element.key', `is ${valueForm(element)}; accepted: gmail`);
  }
}

/** The authorization grant code; null when there is none. */
export function readCode(value: unknown, report: Report): string | null {
  if (isAbsent(value)) return null;
  if (!isRecord(value)) {
    report('providerData', `is ${valueForm(value)}; accepted: {"code": "..."}`);
    return null;
  }
  const code = value['code'];
  if (isAbsent(code)) return null;
  if (typeof code !== 'string' || code.trim() === '') {
    report('providerData.code', `is ${secretForm(code)}; accepted: a text that is not empty`);
    return null;
  }
  if (/^\s*<[^<>]*>\s*$/.test(code)) {
    report('providerData.code', 'still has the placeholder of the documentation; accepted: the grant code');
    return null;
  }
  return plainCode(code.trim());
}

export function readExternalAuthentication(value: unknown, report: Report): 'none' | 'initial' | null {
  if (isAbsent(value)) return null;
  if (value === 'none' || value === 'initial') return value;
  report('externalAuthentication', `is ${valueForm(value)}; accepted: none, initial`);
  return null;
}

export function readConfiguration(value: unknown, report: Report): Record<string, unknown> {
  if (isAbsent(value)) return {};
  if (isRecord(value)) return value;
  report('configuration', `is ${valueForm(value)}; accepted: an object`);
  return {};
}

/** A code copied from the address bar is percent-escaped (4%2F0A...); Google's own never holds a percent sign. */
function plainCode(code: string): string {
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}

function length(text: string): number {
  return [...text].length;
}
