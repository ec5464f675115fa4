import type { IncomingHttpHeaders } from 'node:http';
import { readJson } from '../json-text.js';
import { isRecord } from '../value-form.js';

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** The first line of a request or an answer that was saved whole. */
const FIRST_LINE = /^(?:[A-Z]+ \S+ )?HTTP\/\d/;

type ReadHeaders = { headers: IncomingHttpHeaders } | { fault: string };

/**
 * Headers as people keep them: `Name: value` lines (a request's first line is passed over, a blank line ends them), or the
 * JSON object that `listen --json` prints. Names come out in lower case. A fault is a phrase that holds no value.
 */
export function readHeaders(text: string): ReadHeaders {
  const body = text.replace(/^\uFEFF/, '').trimStart();
  return body.startsWith('{') ? fromJson(body) : fromLines(body);
}

function fromJson(text: string): ReadHeaders {
  const read = readJson(text);
  if ('fault' in read) return { fault: `is not JSON: ${read.fault}` };
  const headers: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(isRecord(read.value) ? read.value : {})) {
    if (typeof value !== 'string') return { fault: `has ${JSON.stringify(name.slice(0, 40))}, which is no text` };
    headers[name.toLowerCase()] = value;
  }
  return { headers };
}

function fromLines(text: string): ReadHeaders {
  const headers: IncomingHttpHeaders = {};
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') break;
    if (at === 0 && FIRST_LINE.test(line)) continue;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon < 0 || !NAME.test(name)) return { fault: `has no "Name: value" in line ${at + 1}` };
    headers[name] = line.slice(colon + 1).trim();
  }
  return { headers };
}
