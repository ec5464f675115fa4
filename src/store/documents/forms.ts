import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentFile, isSealedFile, readDocument } from './file.js';
import { KeyError, type Sealing } from './sealing.js';

/** In what form a file keeps its secrets; `locked`: encrypted, and not under the key at hand. */
export interface SecretFile {
  /** Relative to the home folder. */
  file: string;
  form: 'plain' | 'encrypted' | 'locked';
}

/** The files that hold secrets; those that cannot be understood at all are left out. */
export function secretFiles(home: string, sealing: Sealing): SecretFile[] {
  const files: DocumentFile[] = [{ folder: home, name: 'config', shown: 'config.json' }];
  for (const kind of ['accounts', 'instances']) {
    const folder = join(home, kind);
    for (const name of names(folder)) files.push({ folder, name, shown: `${kind}/${name}.json` });
  }
  return files.flatMap((file) => {
    const sealed = isSealedFile(file);
    if (sealed === null) return [];
    return [{ file: file.shown, form: !sealed ? 'plain' : opens(file, sealing) ? 'encrypted' : 'locked' }];
  });
}

function names(folder: string): string[] {
  try {
    const entries = readdirSync(folder).filter((entry) => entry.endsWith('.json'));
    return entries.map((entry) => entry.slice(0, -'.json'.length)).sort();
  } catch {
    return [];
  }
}

function opens(file: DocumentFile, sealing: Sealing): boolean {
  try {
    readDocument(file, sealing);
    return true;
  } catch (error) {
    return !(error instanceof KeyError);
  }
}
