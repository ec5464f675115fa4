import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CoreError } from '../../core/errors.js';

/** What a service runs, and with what. All paths are absolute: neither cron nor launchd knows a PATH. */
export interface ServiceProgram {
  node: string;
  /** bin/gmail-events.js, or the link to it. */
  binary: string;
  /** The store's folder. */
  home: string;
  /** Said when it is not the platform's own folder. */
  nameHome: boolean;
  /** Lines NAME=VALUE, where secrets are: never in the unit itself. */
  environmentFile: string | null;
}

/** CoreError `usage` for a file that is not there. */
export function environmentFile(path: string | undefined): string | null {
  if (path === undefined) return null;
  const found = resolve(path);
  if (existsSync(found) && statSync(found).isFile()) return found;
  const message = `${found} is no file`;
  throw new CoreError('usage', `--environment-file: ${message}`, {
    hint: 'Write lines NAME=VALUE into it, readable for you alone (chmod 600).',
    faults: [{ path: '--environment-file', message }],
  });
}

/** What may go wrong later with what runs now. */
export function misgivings(
  { binary, environmentFile }: ServiceProgram,
  env: Record<string, string | undefined>,
): string[] {
  const found: string[] = [];
  if (/[\\/]_npx[\\/]/.test(binary)) {
    found.push("This runs from npx's cache, which may be emptied: npm install --global gmail-events, and then again.");
  }
  if (environmentFile !== null && process.platform !== 'win32' && (statSync(environmentFile).mode & 0o077) !== 0) {
    found.push(`Others may read ${environmentFile}: chmod 600 '${environmentFile}'`);
  }
  const set = ['GMAIL_EVENTS_ENCRYPTION_KEY', 'HTTPS_PROXY', 'https_proxy'].filter((name) => env[name]);
  if (set.length > 0 && environmentFile === null) {
    found.push(
      `${set.join(' and ')} is set here and will not be there: put it into a file and name it by --environment-file.`,
    );
  }
  return found;
}

/** For a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** One command of a shell; with an environment file that is read first, for where there is no other way to. */
export function shellCommand(
  { node, binary, home, nameHome, environmentFile }: ServiceProgram,
  args: string[],
): string {
  const variables = nameHome ? `GMAIL_EVENTS_HOME=${shellWord(home)} ` : '';
  const words = [node, binary, ...args].map(shellWord).join(' ');
  if (environmentFile === null) return `${variables}${words}`;
  return `set -a; . ${shellWord(environmentFile)}; exec env ${variables}${words}`;
}
