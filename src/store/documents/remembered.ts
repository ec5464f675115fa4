import { statSync } from 'node:fs';

/** Some kB each: a fleet of this size is read once. */
const KEPT = 2000;
/** A file that changed so shortly before may change once more without another time of change. */
const SETTLED_MS = 1000;

/**
 * What was read of files last, each for as long as its file is the same: a file is replaced whole, so that a changed one is
 * another one. What is given is frozen, for others are given it too.
 */
export class Remembered<T extends object> {
  readonly #kept = new Map<string, { stamp: string; value: T | null }>();

  /** `read` gives null when there is no file. */
  of(path: string, read: () => T | null): T | null {
    const found = statSync(path, { throwIfNoEntry: false });
    const stamp = found === undefined ? 'none' : `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
    const known = this.#kept.get(path);
    if (known?.stamp === stamp) return known.value;
    this.#kept.delete(path);
    const value = read();
    freeze(value);
    const settled = found === undefined || Math.max(found.ctimeMs, found.mtimeMs) < Date.now() - SETTLED_MS;
    if (settled) this.#keep(path, stamp, value);
    return value;
  }

  #keep(path: string, stamp: string, value: T | null): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(path, { stamp, value });
  }
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
