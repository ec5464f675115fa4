import { CoreError } from '../errors.js';

const PREFIX = 'https://www.googleapis.com/auth/';
const METADATA = `${PREFIX}gmail.metadata`;
/** Those that read whole messages. */
const READING = [`${PREFIX}gmail.readonly`, `${PREFIX}gmail.modify`, 'https://mail.google.com/'];

export const DEFAULT_SCOPE = `${PREFIX}gmail.readonly`;

const NAMES: Record<string, string> = { readonly: DEFAULT_SCOPE, metadata: METADATA };

/**
 * The scope of `--scope`: `readonly`, `metadata`, or a scope's URL (several separated by blanks). CoreError usage when it
 * is none, or when none of them can read a mailbox.
 */
export function scopeFor(name: string): string {
  const scopes = name
    .trim()
    .split(/\s+/)
    .map((word) => NAMES[word] ?? word);
  const wrong = scopes.find((scope) => !URL.canParse(scope) || new URL(scope).protocol !== 'https:');
  if (wrong !== undefined) throw refused(`"${wrong}" is neither the name of a scope nor a scope's URL`);
  if (!readsMail(scopes)) throw refused('none of these scopes can read a mailbox');
  return scopes.join(' ');
}

/** Scopes that were asked for and not granted: a person can untick them. */
export function missingScopes(asked: string[], granted: string[]): string[] {
  return asked.filter((scope) => !granted.includes(scope));
}

export function readsMail(scopes: string[]): boolean {
  return scopes.some((scope) => scope === METADATA || READING.includes(scope));
}

/** No bodies and no `q`. Gmail applies the metadata scope's limits also to a token that carries a wider scope beside it. */
export function isMetadataOnly(scopes: string[]): boolean {
  return scopes.includes(METADATA);
}

/** The other grant allows everything this one does, as far as reading mail goes. */
export function coversLess(scopes: string[], than: string[]): boolean {
  return isMetadataOnly(scopes) && !isMetadataOnly(than);
}

/** For a person: `readonly` rather than its URL. */
export function scopeNames(scopes: string[]): string {
  return scopes.map((scope) => scope.replace(`${PREFIX}gmail.`, '')).join(', ');
}

function refused(message: string): CoreError {
  return new CoreError('usage', message, {
    hint: `Use readonly, metadata, or a URL such as ${DEFAULT_SCOPE}.`,
    faults: [{ path: '--scope', message }],
  });
}
