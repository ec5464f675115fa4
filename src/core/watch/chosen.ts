import type { Context } from '../context.js';
import { findInstances } from '../instances/index.js';

/** Which instances a watch is about: all, or those that were named. */
export class Chosen {
  readonly #names: readonly string[];
  #ids: ReadonlySet<number>;

  private constructor(names: readonly string[], ids: ReadonlySet<number>) {
    this.#names = names;
    this.#ids = ids;
  }

  /** CoreError `usage` for a name that means none. */
  static async find(ctx: Context, names: readonly string[]): Promise<Chosen> {
    return new Chosen(names, new Set(names.length === 0 ? [] : (await findInstances(ctx, names)).map(({ id }) => id)));
  }

  has(id: number): boolean {
    return this.#names.length === 0 || this.#ids.has(id);
  }

  /** Adds whoever carries one of the names by now. An instance that was renamed meanwhile stays. */
  async renew(ctx: Context): Promise<void> {
    const ids = new Set(this.#ids);
    for (const name of this.#names) {
      if (/^\d+$/.test(name)) continue;
      const found = await findInstances(ctx, [name]).catch(() => []);
      for (const { id } of found) ids.add(id);
    }
    this.#ids = ids;
  }
}
