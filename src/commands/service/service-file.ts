import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CoreError } from '../../core/errors.js';

/** Stands in every file that `install` writes: `uninstall` takes no other. */
export const MARK = 'Written by gmail-events service install; gmail-events service uninstall takes it away.';

export interface ServiceFile {
  name: string;
  content: string;
}

/** true: written by us; false: by somebody else; null: there is none. */
export function isOurs(path: string): boolean | null {
  try {
    return readFileSync(path, 'utf8').includes(MARK);
  } catch {
    return null;
  }
}

/** CoreError `failed`, with nothing written, when a file of that name is somebody else's; also when the folder is closed. */
export function writeFiles(folder: string, files: readonly ServiceFile[]): void {
  const foreign = files.map(({ name }) => join(folder, name)).find((path) => isOurs(path) === false);
  if (foreign !== undefined) {
    throw new CoreError('failed', `${foreign} was not written by gmail-events and is left as it is`, {
      hint: 'Move it away first; gmail-events service print shows what would be written.',
    });
  }
  try {
    mkdirSync(folder, { recursive: true });
    for (const { name, content } of files) writeFileSync(join(folder, name), content, { mode: 0o644 });
  } catch (error) {
    throw new CoreError('failed', `${folder} cannot be written to (${(error as NodeJS.ErrnoException).code})`, {
      hint: 'gmail-events service print shows what would be written.',
    });
  }
}
