import { ApiError } from './errors.js';

/**
 * Reads the values of a query, or of a body that has the same, and collects what is wrong with them; `check` throws, naming all of it. Names that nothing is
 * known of are ignored, as the old service did.
 */
export class Query {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #what: string;
  readonly #faults: string[] = [];

  constructor(query: unknown, what: 'the query' | 'the body' = 'the query') {
    this.#values = query as Record<string, unknown>;
    this.#what = what;
  }

  /** The last one given; null: none, or an empty one. */
  text(name: string): string | null {
    return this.texts(name).at(-1) ?? null;
  }

  /** All that are given under any of the names, empty ones left out. */
  texts(...names: string[]): string[] {
    return names.flatMap((name) => [this.#values[name] ?? []].flat().map(String)).filter((value) => value !== '');
  }

  /** A whole number of 1 or more; null: none given. */
  count(name: string): number | null {
    const value = this.text(name);
    if (value === null) return null;
    if (/^\d{1,9}$/.test(value) && Number(value) >= 1) return Number(value);
    this.refuse(name, `is ${JSON.stringify(value.slice(0, 40))}; accepted: a whole number of 1 or more`);
    return null;
  }

  truth(name: string, otherwise: boolean): boolean {
    const value = this.text(name)?.toLowerCase() ?? String(otherwise);
    if (value !== 'true' && value !== 'false') {
      this.refuse(name, `is ${JSON.stringify(value.slice(0, 40))}; accepted: true, false`);
    }
    return value === 'true';
  }

  refuse(name: string, what: string): void {
    this.#faults.push(`${name} ${what}`);
  }

  check(): void {
    if (this.#faults.length > 0) throw new ApiError(400, `${this.#what} is refused: ${this.#faults.join('; ')}`);
  }
}
