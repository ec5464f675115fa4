/** What touches the world and is handed in: time, chance and a place for log lines. The store's port is store/port.ts. */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, at once when the signal is (or becomes) aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** In [0, 1). */
  unit(): number;
  bytes(length: number): Uint8Array;
  uuid(): string;
}

/** Log lines for a person or a log file; never a secret, never a message body. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
