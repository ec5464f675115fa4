import { valueForm } from '../value-form.js';

type Report = (message: string) => void;

/** Gmail's own labels: they are written in capitals, and in no other way. */
const SYSTEM_LABELS =
  /^(?:INBOX|SENT|DRAFT|SPAM|TRASH|UNREAD|STARRED|IMPORTANT|CHAT|CATEGORY_(?:PERSONAL|SOCIAL|PROMOTIONS|UPDATES|FORUMS|PRIMARY|RESERVATIONS|PURCHASES))$/;

/** The parameters of a url, checked one by one against what a path takes. Every fault is reported. */
export class Parameters {
  private readonly values = new Map<string, string[]>();
  private readonly fault: Report;

  constructor(path: string, query: readonly [string, string][], accepted: readonly string[], fault: Report) {
    this.fault = fault;
    for (const [name, value] of query) {
      if (accepted.includes(name)) this.values.set(name, [...(this.values.get(name) ?? []), value]);
      else fault(`has the unknown parameter ${JSON.stringify(name.slice(0, 40))}; ${acceptedFor(path, accepted)}`);
    }
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** null: not given. */
  one(name: string): string | null {
    const [value, ...more] = this.values.get(name) ?? [];
    if (value === undefined) return null;
    if (more.length > 0) this.fault(`has ${name} more than once`);
    if (value.trim() === '') this.fault(`has ${name} without a value`);
    return value;
  }

  /** Values of a parameter that may be repeated; commas separate values too. */
  list(name: string): string[] {
    if (!this.has(name)) return [];
    const values = (this.values.get(name) ?? []).flatMap((value) => value.split(',')).map((value) => value.trim());
    const named = [...new Set(values.filter((value) => value !== ''))];
    if (named.length === 0) this.fault(`has ${name} without a value`);
    return named;
  }

  labels(name: string): string[] {
    const labels = this.list(name);
    for (const label of labels) {
      const upper = label.toUpperCase();
      // A label that no message carries would filter everything away, without a word.
      if (upper !== label && SYSTEM_LABELS.test(upper))
        this.fault(`has ${name}=${label}; Gmail's own label is ${upper}`);
    }
    return labels;
  }

  choices<T extends string>(name: string, accepted: readonly T[]): T[] {
    return this.list(name).flatMap((value) => this.chosen(name, value, accepted) ?? []);
  }

  choice<T extends string>(name: string, accepted: readonly T[]): T | null {
    const value = this.one(name);
    return value === null || value.trim() === '' ? null : this.chosen(name, value, accepted);
  }

  private chosen<T extends string>(name: string, value: string, accepted: readonly T[]): T | null {
    const found = accepted.find((choice) => choice === value) ?? null;
    if (found === null) this.fault(`has ${name} as ${valueForm(value)}; accepted: ${accepted.join(', ')}`);
    return found;
  }
}

function acceptedFor(path: string, accepted: readonly string[]): string {
  return accepted.length === 0 ? `${path} takes none` : `accepted for ${path}: ${accepted.join(', ')}`;
}
