import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument } from './file.js';
import { KeyError, type Sealing } from './sealing.js';

/**
 * Tries the key on one file of each kind, before anything is written: a home with files under two keys could never be
 * read again with one. Throws KeyError when it does not fit; any other fault is for whoever reads that file.
 */
export function assertKeyFits(home: string, sealing: Sealing): void {
  tryKey({ folder: home, name: 'config', shown: 'config.json' }, sealing);
  for (const kind of ['accounts', 'instances']) {
    const folder = join(home, kind);
    const name = firstDocument(folder);
    if (name !== undefined) tryKey({ folder, name, shown: `${kind}/${name}.json` }, sealing);
  }
}

function tryKey(file: Parameters<typeof readDocument>[0], sealing: Sealing): void {
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
