import type { Clock, QuotaLedger } from './ports.js';

const WRITE_EVERY = 50;

interface Account {
  running: number;
  /** Requests and units not yet in the ledger. */
  requests: number;
  units: number;
}

/** The day's sums of each account: written when an account has no call left running, and every 50 requests. */
export class Spending {
  readonly #ledger: Pick<QuotaLedger, 'spent'>;
  readonly #clock: Clock;
  readonly #accounts = new Map<string, Account>();

  constructor(ledger: Pick<QuotaLedger, 'spent'>, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** Runs a call; `request` is to be told of each request it sends. */
  async during<T>(name: string, call: (request: (units: number) => void) => Promise<T>): Promise<T> {
    const account = this.#accounts.get(name) ?? { running: 0, requests: 0, units: 0 };
    this.#accounts.set(name, account);
    account.running += 1;
    try {
      return await call((units) => {
        account.requests += 1;
        account.units += units;
      });
    } finally {
      account.running -= 1;
      if (account.running === 0) this.#accounts.delete(name);
      if (account.running === 0 || account.requests >= WRITE_EVERY) await this.#write(name, account);
    }
  }

  async #write(name: string, account: Account): Promise<void> {
    const { requests, units } = account;
    if (requests === 0) return;
    Object.assign(account, { requests: 0, units: 0 });
    const day = new Date(this.#clock.now()).toISOString().slice(0, 10);
    // A statistic: a store that is busy must not turn an answer of Gmail's into a failure.
    await this.#ledger.spent(name, day, { requests, units }).catch(() => {});
  }
}
