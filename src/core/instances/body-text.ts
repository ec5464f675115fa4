import { CoreError } from '../errors.js';
import { readJson } from '../json-text.js';

/** A body of the API has a few kilobytes: what is far larger is a wrong file, and is not read to its end. */
export const MAX_BODY_BYTES = 1024 * 1024;
export const MAX_BODY_TEXT = '1 MB';

/** The JSON of a body, any value. `what` names its source. Throws CoreError `usage`; its message holds nothing of the body. */
export function parseBody(bytes: Uint8Array, what: string): unknown {
  const read = readBody(bytes);
  if ('value' in read) return read.value;
  throw new CoreError('usage', `${what} ${read.fault}`, {
    hint: 'A body is one JSON object in UTF-8; nothing was stored.',
    faults: [{ path: 'body', message: read.fault }],
  });
}

/** The same without throwing, for a line among many: a phrase tells the fault. */
export function readBody(bytes: Uint8Array): { value: unknown } | { fault: string } {
  if (bytes.byteLength > MAX_BODY_BYTES) return { fault: `is larger than ${MAX_BODY_TEXT}, the most that is read` };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { fault: 'is not UTF-8 text' };
  }
  const read = readJson(text);
  return 'fault' in read ? { fault: `is not JSON: ${read.fault}` } : read;
}
