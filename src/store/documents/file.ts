import { readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../errors.js';
import { errnoOf, isErrno, privateFolder, syncFolder } from '../private-files.js';
import { loadConf } from './load-conf.js';
import { isSealed, type Sealing } from './sealing.js';

export interface DocumentFile {
  /** Folder of the file. */
  folder: string;
  /** Name without `.json`. */
  name: string;
  /** How an error names it, e.g. `instances/12.json`. */
  shown: string;
}

export function pathOf({ folder, name }: DocumentFile): string {
  return join(folder, `${name}.json`);
}

/**
 * The object in the file; null when there is no file. Read without conf, which takes a quarter of a second to load: an
 * idle poll only reads. Throws a StoreError that names the file when it holds anything but a JSON object.
 */
export function readDocument(file: DocumentFile, sealing: Sealing): Record<string, unknown> | null {
  let text: string;
  try {
    text = readFileSync(pathOf(file), 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw fileFault(error, file, 'read');
  }
  const found = opened(text, file, sealing);
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as Record<string, unknown>;
  throw damaged(file, 'it holds no JSON object');
}

/** Whether the file is encrypted; null when there is none, or none that can be understood. */
export function isSealedFile(file: DocumentFile): boolean | null {
  try {
    return isSealed(JSON.parse(readFileSync(pathOf(file), 'utf8')));
  } catch {
    return null;
  }
}

/** Loads conf: to be awaited before the transaction in which the writer is called. */
export async function documentWriter(): Promise<(file: DocumentFile, sealing: Sealing, document: object) => void> {
  const Conf = await loadConf();
  return (file, sealing, document) => {
    try {
      privateFolder(file.folder);
      removeLeftovers(file);
      const text = sealing.seal(document);
      const conf = new Conf<Record<string, unknown>>({
        cwd: file.folder,
        configName: file.name,
        projectSuffix: '',
        accessPropertiesByDotNotation: false,
        configFileMode: 0o600,
        // The text is made once, as an encryption of the same document is another text each time.
        serialize: () => text,
        deserialize: (found) => opened(found, file, sealing) as Record<string, unknown>,
      });
      whole(file, text, () =>
        atomically(() => {
          conf.store = { ...document };
        }),
      );
      syncFolder(file.folder);
    } catch (error) {
      throw fileFault(error, file, 'written');
    }
  };
}

/**
 * conf's writer takes a write that the disk cut short for a good one, and puts the stump in the place of the file. So a
 * whole copy is made first, which a full disk refuses while the old file still stands, and which mends a stump.
 */
function whole(file: DocumentFile, text: string, write: () => void): void {
  const path = pathOf(file);
  const copy = `${path}.tmp-whole`;
  try {
    writeFileSync(copy, text, { mode: 0o600, flush: true });
    write();
    if (statSync(path).size !== Buffer.byteLength(text)) renameSync(copy, path);
  } finally {
    rmSync(copy, { force: true });
  }
}

/** conf gives up writing atomically where SNAP is set, as it is in the terminal of an editor that came as a snap. */
function atomically(write: () => void): void {
  const snap = process.env['SNAP'];
  delete process.env['SNAP'];
  try {
    write();
  } finally {
    if (snap !== undefined) process.env['SNAP'] = snap;
  }
}

export function removeDocument(file: DocumentFile): void {
  try {
    unlinkSync(pathOf(file));
    syncFolder(file.folder);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw fileFault(error, file, 'removed');
  }
}

/** What a writer that was killed has left: secrets beside the file. Only the holder of the lease comes here. */
function removeLeftovers({ folder, name }: DocumentFile): void {
  for (const entry of readdirSync(folder)) {
    if (entry.startsWith(`${name}.json.tmp-`)) unlinkSync(join(folder, entry));
  }
}

function opened(text: string, file: DocumentFile, sealing: Sealing): unknown {
  try {
    return sealing.open(text, file.shown);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    // Its own message quotes the text around the fault, which may be a secret.
    throw damaged(file, text.trim() === '' ? 'it is empty' : 'it is not valid JSON');
  }
}

export function damaged(file: DocumentFile, why: string): StoreError {
  return new StoreError('store', `${file.shown} cannot be understood: ${why}`, {
    hint: `Restore ${file.shown} from a backup, correct it by hand, or remove it.`,
  });
}

function fileFault(error: unknown, file: DocumentFile, verb: string): unknown {
  const code = errnoOf(error);
  if (code === null) return error;
  return new StoreError('store', `${file.shown} could not be ${verb} (${code})`, {
    hint: 'Check the disk and that the home folder is readable and writable for the user who runs gmail-events.',
  });
}
