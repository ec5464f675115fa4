/** Faults of the store. `code` is the category that becomes an exit code: 5 for a broken store, 75 for one that is busy. */
export class StoreError extends Error {
  readonly code: 'store' | 'retry_later';
  readonly hint: string | null;
  readonly faults: never[] = [];

  constructor(code: 'store' | 'retry_later', message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StoreError';
    this.code = code;
    this.hint = options.hint ?? null;
  }
}

/** Another process has taken the lease; nothing of the transaction was stored. */
export class LeaseLostError extends StoreError {
  constructor(name: string) {
    super('retry_later', `another gmail-events process took over "${name}"`, { hint: 'Run the command again.' });
    this.name = 'LeaseLostError';
  }
}
