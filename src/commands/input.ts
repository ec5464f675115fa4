import { createReadStream } from 'node:fs';
import { CoreError } from '../core/errors.js';

export type Input = AsyncIterable<Uint8Array | string>;

const REASONS = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'it may not be read'],
]);
const NEWLINE = 0x0a;
/** Of a stdin that is too large so much is still taken off the pipe: its writer would else die of EPIPE before our answer. */
const DRAINED_BYTES = 64 * 1024 ** 2;

/**
 * A whole file, or stdin for `-`; no more than `limit` bytes are kept. `flag` names the source in CoreError `usage`, for a
 * file that cannot be read or is larger.
 */
export async function readInput(
  flag: string,
  from: string,
  stdin: Input | undefined,
  limit: number,
): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks(flag, from, stdin)) {
    size += chunk.length;
    if (size <= limit) parts.push(chunk);
    else if (from !== '-' || size > limit + DRAINED_BYTES) break;
  }
  if (size <= limit) return Buffer.concat(parts);
  const message = `is larger than ${Math.floor(limit / 1024 ** 2)} MB, the most that is read`;
  throw new CoreError('usage', `${flag} ${message}`, {
    hint: 'A body has a few kilobytes: check which file this is.',
    faults: [{ path: flag, message }],
  });
}

/** Lines that are not blank, numbered from 1. Of a line beyond `limit` bytes only so much is kept that its length tells. */
export async function* readLines(
  flag: string,
  from: string,
  stdin: Input | undefined,
  limit: number,
): AsyncGenerator<{ line: number; bytes: Uint8Array }> {
  let parts: Buffer[] = [];
  let size = 0;
  let line = 1;
  const keep = (bytes: Buffer) => {
    if (size <= limit) parts.push(bytes.subarray(0, limit + 1 - size));
    size += bytes.length;
  };
  for await (const chunk of chunks(flag, from, stdin)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, end));
      const bytes = Buffer.concat(parts);
      if (!isBlank(bytes)) yield { line, bytes };
      [parts, size, line, start] = [[], 0, line + 1, end + 1];
    }
    keep(chunk.subarray(start));
  }
  const last = Buffer.concat(parts);
  if (!isBlank(last)) yield { line, bytes: last };
}

async function* chunks(flag: string, from: string, stdin: Input | undefined): AsyncGenerator<Buffer> {
  if (from === '-') {
    for await (const chunk of stdin ?? []) yield Buffer.from(chunk);
    return;
  }
  try {
    for await (const chunk of createReadStream(from)) yield Buffer.from(chunk);
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    const reason = REASONS.get(code) ?? code;
    throw new CoreError('usage', `${flag}: ${from} cannot be read: ${reason}`, {
      faults: [{ path: flag, message: `${from} cannot be read: ${reason}` }],
    });
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length < 1000 && bytes.toString('latin1').trim() === '';
}
