import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, fault, well } from './check.js';

const SHOWN = 3;

/** Every folder has to be 0700, every file 0600, and all of them the user's who runs this. Nothing is changed. */
export function permissionsCheck(home: string): Check {
  const name = 'permissions';
  // Windows has no modes.
  if (process.platform === 'win32') return well(name, 'not looked at on this platform');
  const paths = ['.', ...readdirSync(home, { recursive: true, encoding: 'utf8' })];
  const open: string[] = [];
  const foreign: string[] = [];
  for (const path of paths) {
    const found = lstatSync(join(home, path), { throwIfNoEntry: false });
    if (found === undefined || found.isSymbolicLink()) continue;
    const mode = found.mode & 0o777;
    if ((mode & 0o077) !== 0) open.push(`${path} is 0${mode.toString(8)}`);
    if (process.getuid !== undefined && found.uid !== process.getuid()) foreign.push(path);
  }
  if (foreign.length > 0) {
    return fault(name, 'failed', `not owned by this user: ${listed(foreign)}`, `chown -R "$(id -un)" '${home}'`);
  }
  if (open.length > 0) {
    return fault(name, 'failed', `others may look in: ${listed(open)}`, `chmod -R u=rwX,go= '${home}'`);
  }
  return well(name, `folders are 0700 and files 0600 (${paths.length} of them)`);
}

export function listed(items: readonly string[]): string {
  const more = items.length - SHOWN;
  return more > 0 ? `${items.slice(0, SHOWN).join(', ')} and ${more} more` : items.join(', ');
}
