import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A path as a person types it, or as a terminal writes a file that was dropped on it: quoted, with blanks escaped, as a
 * file:// URL, with a blank behind it. `windows`: a backslash is part of the path.
 */
export function droppedPath(text: string, { home = homedir(), windows = process.platform === 'win32' } = {}): string {
  // PowerShell writes `& 'path'`.
  const typed = text.trim().replace(/^&\s+(?=['"])/, '');
  if (/^file:\/\//i.test(typed)) return fromUrl(typed);
  const path = unquoted(typed, windows) ?? typed;
  if (/^file:\/\//i.test(path)) return fromUrl(path);
  return path === '~' || /^~[/\\]/.test(path) ? join(home, path.slice(1)) : path;
}

function fromUrl(text: string): string {
  try {
    return fileURLToPath(text);
  } catch {
    return text;
  }
}

/** As a shell reads it, but for blanks, which end nothing; null when a quote is not closed: then it is part of the name. */
function unquoted(text: string, windows: boolean): string | null {
  let path = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\' && !windows && quote !== "'" && at + 1 < text.length) path += text[++at];
    else if (character === quote) quote = '';
    else if (quote === '' && (character === "'" || character === '"')) quote = character;
    else path += character;
  }
  return quote === '' ? path : null;
}
