import type { LoggedRequest } from '../../src/sandbox/types.js';
import type { Store } from '../../src/store/port.js';

export interface Usage {
  requests: number;
  units: number;
}

/** What Google counted, by the process that asked and by the minute in which it asked. */
export class Tally {
  readonly total: Usage = { requests: 0, units: 0 };
  readonly #byProcess = new Map<number, Usage>();
  readonly #byMinute = new Map<number, number>();

  /** Processes whose requests are of no account yet: to authorize one is to ask whose mailbox it is. */
  readonly unbudgeted = new Set<number>();

  /** `at`: when the request left, milliseconds. */
  count(process: number, at: number, { path, units }: LoggedRequest): void {
    if (!path.startsWith('/gmail/')) return;
    add(this.total, units);
    add(this.of(process), units);
    if (this.unbudgeted.has(process)) return;
    const minute = Math.floor(at / 60_000);
    this.#byMinute.set(minute, (this.#byMinute.get(minute) ?? 0) + units);
  }

  of(process: number): Usage {
    const known = this.#byProcess.get(process) ?? { requests: 0, units: 0 };
    this.#byProcess.set(process, known);
    return known;
  }

  /** Minutes in which more was asked for than a budget allows. */
  beyond(budget: number): string[] {
    return [...this.#byMinute]
      .filter(([, units]) => units > budget)
      .map(([minute, units]) => `${units} units in minute ${minute}`);
  }
}

function add(usage: Usage, units: number): void {
  usage.requests += 1;
  usage.units += units;
}

const DAY_MS = 86_400_000;

/** The store's own sums of the days from `from` to `to` (milliseconds), both included. */
export async function spentBetween(store: Store, from: number, to: number): Promise<Usage> {
  const sum = { requests: 0, units: 0 };
  for (let at = Math.floor(from / DAY_MS) * DAY_MS; at <= to; at += DAY_MS) {
    for (const { requests, units } of await store.quota.spentOn(new Date(at).toISOString().slice(0, 10))) {
      sum.requests += requests;
      sum.units += units;
    }
  }
  return sum;
}
