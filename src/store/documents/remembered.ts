import { statSync } from 'node:fs';

/** Some kB each: what is polled just now, however large the fleet. */
const KEPT = 256;
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
    const found = stateOf(path);
    const known = this.#kept.get(path);
    if (found !== null && known?.stamp === found.stamp) return known.value;
    this.#kept.delete(path);
    const value = read();
    freeze(value);
    const settled = found !== null && found.changedAt < Date.now() - SETTLED_MS;
    // Another may have come while it was read.
    if (settled && stateOf(path)?.stamp === found.stamp) this.#keep(path, found.stamp, value);
    return value;
  }

  #keep(path: string, stamp: string, value: T | null): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(path, { stamp, value });
  }
}

/** null when it cannot be told: whoever reads the file will meet the reason. */
function stateOf(path: string): { stamp: string; changedAt: number } | null {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return { stamp: 'none', changedAt: 0 };
    const { ino, size, mtimeMs, ctimeMs } = found;
    return { stamp: `${ino} ${size} ${mtimeMs} ${ctimeMs}`, changedAt: Math.max(mtimeMs, ctimeMs) };
  } catch {
    return null;
  }
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
