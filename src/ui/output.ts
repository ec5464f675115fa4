/** How a command speaks: decided once, from the global flags and the streams. stdout is data, everything else is stderr. */
export interface Ui {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** A person can be asked: stdin and stderr are terminals and --no-input was not given. */
  readonly interactive: boolean;
  /** With --json: the object as one line on stdout. Without: nothing. */
  data(value: unknown): void;
  /** Without --json: lines of text on stdout. Silent with --quiet. */
  text(lines: string): void;
  /** Without --json: a table on stdout that fits the terminal. */
  table(columns: string[], rows: string[][]): void;
  /** stderr: what a person wants to know while or after it happens. Silent with --quiet. */
  note(line: string): void;
  /** stderr, also with --quiet. */
  warn(line: string): void;
}

/** What a command's run returns: the category of its exit, `ok` when all went well. */
export type Outcome = 'ok' | 'failed' | 'usage' | 'partial' | 'auth' | 'store' | 'retry_later';
