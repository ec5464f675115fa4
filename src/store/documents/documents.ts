import { readdirSync } from 'node:fs';
import { StoreError } from '../errors.js';
import type { Documents } from '../ports/documents.js';
import { isErrno } from '../private-files.js';
import type { Database } from '../sqlite/database.js';
import { assertFence } from '../sqlite/leases.js';
import { type DocumentFile, damaged, documentWriter, pathOf, readDocument, removeDocument } from './file.js';
import type { KeyGuard } from './key-guard.js';
import { Remembered } from './remembered.js';
import type { Sealing } from './sealing.js';

export interface Kind<K> {
  /** Full path of the folder, and its name in errors. */
  folder: string;
  shown: string;
  /** Name of a key's file without `.json`; null for what can be no key. */
  name(key: K): string | null;
  /** The key of a file's name; null for a file of somebody else's. */
  key(name: string): K | null;
  /** What is wrong with the object as a document of this key; null when it is one. */
  fault(found: Record<string, unknown>, key: K): string | null;
}

export function createDocuments<K extends string | number, T extends object>(
  db: Database,
  sealing: Sealing,
  guard: KeyGuard,
  kind: Kind<K>,
): Documents<K, T> {
  const remembered = new Remembered<T>();

  function file(name: string): DocumentFile {
    return { folder: kind.folder, name, shown: `${kind.shown}/${name}.json` };
  }

  function writable(key: K): DocumentFile {
    const name = kind.name(key);
    if (name === null) throw new StoreError('store', `"${String(key)}" cannot be the name of a file in ${kind.shown}`);
    return file(name);
  }

  return {
    async keys() {
      const keys: K[] = [];
      for (const entry of entries(kind)) {
        // conf writes to `<name>.json.tmp-...` first, so those never end in .json.
        const key = entry.endsWith('.json') ? kind.key(entry.slice(0, -'.json'.length)) : null;
        if (key !== null) keys.push(key);
      }
      return keys.sort((a, b) => (a < b ? -1 : 1));
    },

    async read(key) {
      const name = kind.name(key);
      if (name === null) return null;
      return remembered.of(pathOf(file(name)), () => {
        const found = readDocument(file(name), sealing);
        if (found === null) return null;
        const fault = kind.fault(found, key);
        if (fault !== null) throw damaged(file(name), fault);
        return found as T;
      });
    },

    async write(lease, key, document) {
      const target = writable(key);
      const write = await documentWriter();
      await db.write('relaxed', (sql) => {
        assertFence(sql, lease);
        guard.check();
        write(target, sealing, document);
      });
    },

    async remove(lease, key) {
      const target = writable(key);
      await db.write('relaxed', (sql) => {
        assertFence(sql, lease);
        removeDocument(target);
      });
    },
  };
}

function entries({ folder, shown }: { folder: string; shown: string }): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw new StoreError('store', `the folder ${shown} could not be read`, {
      hint: 'Check that it is a folder, readable for the user who runs gmail-events.',
    });
  }
}
