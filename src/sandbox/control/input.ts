import { SandboxMisuse } from '../misuse.js';

/** The JSON object that a driving request carries, read field by field with one clear sentence for each slip. */
export class ControlInput {
  readonly #command: string;
  readonly #fields: Record<string, unknown>;

  /** @throws SandboxMisuse when the body is no JSON object, or has a field that is not among `known`. */
  constructor(command: string, body: string, known: readonly string[]) {
    this.#command = command;
    this.#fields = readObject(command, body);
    const unknown = Object.keys(this.#fields).filter((field) => !known.includes(field));
    if (unknown.length > 0) {
      throw new SandboxMisuse(
        `${command}: unknown field "${unknown[0]}"; it takes ${known.length === 0 ? 'none' : known.join(', ')}`,
      );
    }
  }

  text(field: string): string | undefined {
    const value = this.#fields[field];
    if (value === undefined || typeof value === 'string') return value;
    throw this.#slip(field, 'a text');
  }

  needed(field: string): string {
    const value = this.text(field);
    if (value === undefined || value === '') throw new SandboxMisuse(`${this.#command}: "${field}" is missing`);
    return value;
  }

  count(field: string): number | undefined {
    const value = this.#fields[field];
    if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0)) return value as number | undefined;
    throw this.#slip(field, 'a whole number, 0 or more');
  }

  flag(field: string): boolean | undefined {
    const value = this.#fields[field];
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.#slip(field, 'true or false');
  }

  texts(field: string): string[] | undefined {
    const value = this.#fields[field];
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
    throw this.#slip(field, 'a list of texts');
  }

  #slip(field: string, accepted: string): SandboxMisuse {
    return new SandboxMisuse(`${this.#command}: "${field}" must be ${accepted}`);
  }
}

/** Leaves out what is undefined, so that defaults can fill it. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function readObject(command: string, body: string): Record<string, unknown> {
  if (body.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new SandboxMisuse(`${command}: the body is not JSON`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new SandboxMisuse(`${command}: the body must be a JSON object`);
  }
  return value as Record<string, unknown>;
}
