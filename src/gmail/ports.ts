/** What Gmail's client is handed in. The core's own ports and the store's quota rows fit these shapes. */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, at once when the signal is (or becomes) aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** In [0, 1). */
  unit(): number;
}

/** The quota that all processes share. Times are milliseconds. */
export interface QuotaLedger {
  reserve(scope: string, minute: number, units: number, budget: number): Promise<number>;
  /** Of these scopes' that end after `now` and began no later than `begunBy`, the one that ends last. */
  cooldown(scopes: readonly string[], now: number, begunBy: number): Promise<Cooldown | null>;
  setCooldown(scope: string, until: number, since: number, reason: string): Promise<void>;
  spent(account: string, day: string, used: { requests: number; units: number }): Promise<void>;
}

export interface Cooldown {
  until: number;
  since: number;
  reason: string;
}

/** Where access tokens come from. Both throw GmailError when there is none to be had. */
export interface TokenSource {
  /** One that is good for a while yet. */
  current(): Promise<string>;
  /** Another one than `rejected`, which Gmail answered with 401. */
  renewed(rejected: string): Promise<string>;
}
