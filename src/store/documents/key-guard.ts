import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../errors.js';
import type { KeyChange } from '../port.js';
import { privateFile, syncFolder } from '../private-files.js';
import { type DocumentFile, isSealedFile, readDocument } from './file.js';
import { KeyError, type Sealing } from './sealing.js';

/** Stands in the home folder while its files are taken from one key to another, and after that was interrupted. */
const MARKER = 'rekey.pending';

/** Keeps a process from writing under a key that is not, or no longer, the one of the home folder. */
export interface KeyGuard {
  /** Throws StoreError: `retry_later` while the key is being changed, KeyError once it was. For use before every write. */
  check(): void;
}

export function keyIsChanging(home: string): boolean {
  return existsSync(join(home, MARKER));
}

export function createKeyMarker(home: string): KeyChange {
  return {
    async begin() {
      privateFile(join(home, MARKER));
      syncFolder(home);
    },
    async end() {
      rmSync(join(home, MARKER), { force: true });
      syncFolder(home);
    },
  };
}

/**
 * Tries the key on one file of each kind, before anything is written: a home with files under two keys could never be
 * read again with one. Throws KeyError when it does not fit; any other fault is for whoever reads that file. The same files
 * are tried again before each write, as another process may have changed the key since.
 */
export function createKeyGuard(home: string, sealing: Sealing): KeyGuard {
  const tried = samples(home).map((file) => ({ file, sealed: isSealedFile(file) }));
  for (const { file } of tried) tryKey(file, sealing);
  return {
    check() {
      if (keyIsChanging(home)) {
        throw new StoreError('retry_later', 'the encryption key of the home folder is being changed', {
          hint: 'Run the command again once `gmail-events config rekey` has ended.',
        });
      }
      for (const { file, sealed } of tried) {
        tryKey(file, sealing);
        if (sealed && isSealedFile(file) === false) throw new KeyError(`${file.shown} is not encrypted any more`);
      }
    },
  };
}

/** For whoever changes the key. */
export const NO_GUARD: KeyGuard = { check() {} };

function samples(home: string): DocumentFile[] {
  const found: DocumentFile[] = [{ folder: home, name: 'config', shown: 'config.json' }];
  for (const kind of ['accounts', 'instances']) {
    const folder = join(home, kind);
    const name = firstDocument(folder);
    if (name !== undefined) found.push({ folder, name, shown: `${kind}/${name}.json` });
  }
  return found;
}

function tryKey(file: DocumentFile, sealing: Sealing): void {
  try {
    readDocument(file, sealing);
  } catch (error) {
    if (error instanceof KeyError) throw error;
  }
}

function firstDocument(folder: string): string | undefined {
  try {
    return readdirSync(folder)
      .find((entry) => entry.endsWith('.json'))
      ?.slice(0, -'.json'.length);
  } catch {
    return undefined;
  }
}
