import { invalidArgument } from './errors.js';

/** What every Google API takes beside the method's own parameters. */
const STANDARD = new Set([
  '$.xgafv',
  'access_token',
  'alt',
  'callback',
  'fields',
  'key',
  'oauth_token',
  'prettyPrint',
  'quotaUser',
  'uploadType',
  'upload_protocol',
  'userIp',
]);

/** A method's query string, read as strictly as Google reads it: an unknown name or an unreadable value is a 400. */
export class Params {
  readonly #query: URLSearchParams;

  constructor(query: URLSearchParams, known: readonly string[]) {
    this.#query = query;
    for (const name of query.keys()) {
      if (!known.includes(name) && !STANDARD.has(name)) {
        throw invalidArgument(
          `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
        );
      }
    }
  }

  /** null when absent or empty. */
  text(name: string): string | null {
    return this.#query.get(name) || null;
  }

  list(name: string): string[] {
    return this.#query.getAll(name);
  }

  flag(name: string): boolean {
    const value = this.#query.get(name);
    if (value === null || value === '' || value === 'false' || value === '0') return false;
    if (value === 'true' || value === '1') return true;
    throw unreadable(name, 'TYPE_BOOL', value);
  }

  /** Above the maximum is the maximum, 0 is the default: Gmail does not refuse either. */
  pageSize(standard: number, maximum: number): number {
    const value = this.#query.get('maxResults');
    if (value === null) return standard;
    if (!/^\d{1,10}$/.test(value)) throw unreadable('maxResults', 'TYPE_UINT32', value);
    return Math.min(Number(value) || standard, maximum);
  }

  /** Names of an enum, in whatever case; the first of `accepted` that matches. */
  choices(name: string, accepted: readonly string[]): string[] {
    return this.list(name).map((value) => {
      const found = accepted.find((choice) => choice.toLowerCase() === value.toLowerCase());
      if (found === undefined) throw unreadable(name, 'TYPE_ENUM', value);
      return found;
    });
  }
}

export function unreadable(name: string, type: string, value: string) {
  const snake = name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
  return invalidArgument(`Invalid value at '${snake}' (${type}), "${value}"`);
}
