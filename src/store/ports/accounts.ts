/** What is known of an account beside its grant's file. Times are milliseconds. */
export interface AccountRow {
  account: string;
  state: 'ok' | 'reauthorize' | 'operator';
  /** One sentence; null when ok. */
  reason: string | null;
  hint: string | null;
  at: number | null;
  /** Hash of the grant that failed: another grant in the file lifts the state. */
  grantHash: string | null;
}

export interface Units {
  requests: number;
  units: number;
}

export interface AccountRows {
  get(account: string): Promise<AccountRow | null>;
  list(): Promise<AccountRow[]>;
  set(row: AccountRow): Promise<void>;
  remove(account: string): Promise<void>;
}

/** Shared by all processes, so that two of them never spend one budget twice or ask again before Google allows it. */
export interface QuotaRows {
  /**
   * Reserves up to `units` of a scope's budget for the minute `minute` (epoch milliseconds / 60000, floored). Returns how
   * many were granted: fewer, or 0, when the budget is spent.
   */
  reserve(scope: string, minute: number, units: number, budget: number): Promise<number>;
  /**
   * Of these scopes' that end after `now` and began no later than `begunBy`, the one that ends last. A cooldown never moves
   * to an earlier time while it lasts.
   */
  cooldown(
    scopes: readonly string[],
    now: number,
    begunBy: number,
  ): Promise<{ until: number; since: number; reason: string } | null>;
  setCooldown(scope: string, until: number, since: number, reason: string): Promise<void>;
  /** Adds to the day's sum (UTC day, `YYYY-MM-DD`). */
  spent(account: string, day: string, used: Units): Promise<void>;
  spentOn(day: string): Promise<({ account: string } & Units)[]>;
}
