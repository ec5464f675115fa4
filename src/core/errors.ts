/**
 * The core's typed error. `code` is the category that becomes an exit code and the `code` of the JSON error; `message`
 * is one sentence for a person, `hint` the fix, `faults` every fault of an invalid input. None of them holds a secret.
 * GmailError and StoreError carry the same four fields, so that whoever prints an error needs to know none of the classes.
 */
export type ErrorCode = 'failed' | 'usage' | 'partial' | 'auth' | 'store' | 'retry_later';

export interface Fault {
  /** JSON path of the value, e.g. `configuration["event.poller.refresh_interval"]`, or a flag's name. */
  path: string;
  message: string;
}

export interface ReportedError {
  code: ErrorCode;
  message: string;
  hint: string | null;
  faults: Fault[];
}

export class CoreError extends Error implements ReportedError {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly faults: Fault[];

  constructor(code: ErrorCode, message: string, options: { hint?: string; faults?: Fault[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CoreError';
    this.code = code;
    this.hint = options.hint ?? null;
    this.faults = options.faults ?? [];
  }
}

/** Whether an error was made for a person to read; any other is a fault of the program. */
export function isReported(error: unknown): error is Error & ReportedError {
  return error instanceof Error && 'code' in error && 'hint' in error && 'faults' in error;
}

/** The plain form of any error: what is stored as a last error, put in a summary or printed. */
export function reported(error: unknown): ReportedError {
  if (isReported(error)) {
    return { code: error.code, message: error.message, hint: error.hint, faults: error.faults };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'failed', message, hint: null, faults: [] };
}
