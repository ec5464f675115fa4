import { type Paint, paintFor } from './colour.js';
import { formatTable } from './table.js';

/** How a command speaks: decided once, from the global flags and the streams. stdout is data, everything else is stderr. */
export interface Ui {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** A person can be asked: stdin and stderr are terminals and --no-input was not given. */
  readonly interactive: boolean;
  /** Colours of stdout, by meaning; plain text where there are none. */
  readonly paint: Paint;
  /** With --json: the object as one line on stdout. Without: nothing. */
  data(value: unknown): void;
  /** Without --json: lines of text on stdout. Silent with --quiet. */
  text(lines: string): void;
  /** Without --json: a table on stdout that fits the terminal. Silent with --quiet. */
  table(columns: string[], rows: string[][]): void;
  /** stderr: what a person wants to know while or after it happens. Silent with --quiet. */
  note(line: string): void;
  /** stderr, also with --quiet. */
  warn(line: string): void;
}

/** What a command's run returns: the category of its exit, `ok` when all went well. */
export type Outcome = 'ok' | 'failed' | 'usage' | 'partial' | 'auth' | 'store' | 'retry_later';

export interface GlobalFlags {
  json?: boolean;
  input?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  color?: boolean;
  home?: string;
}

/** The streams of the process, or a test's own. */
export interface Streams {
  stdin: { isTTY?: boolean };
  stdout: { write(text: string): unknown; isTTY?: boolean; columns?: number };
  stderr: { write(text: string): unknown; isTTY?: boolean };
}

export function createUi(
  flags: GlobalFlags,
  streams: Streams,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Ui {
  const paint = paintFor(streams.stdout, flags.color, env);
  const json = flags.json === true;
  const quiet = flags.quiet === true;
  const print = (text: string) => {
    if (!json && !quiet) streams.stdout.write(`${text}\n`);
  };
  return {
    json,
    quiet,
    verbose: flags.verbose === true,
    interactive: streams.stdin.isTTY === true && streams.stderr.isTTY === true && flags.input !== false,
    paint,
    data: (value) => {
      if (json) streams.stdout.write(`${JSON.stringify(value)}\n`);
    },
    text: print,
    table: (columns, rows) => {
      const width = streams.stdout.isTTY ? streams.stdout.columns : undefined;
      const [head = '', ...lines] = formatTable(columns, rows, width);
      print([paint.bold(head), ...lines].join('\n'));
    },
    note: (line) => {
      if (!quiet) streams.stderr.write(`${line}\n`);
    },
    warn: (line) => {
      streams.stderr.write(`${line}\n`);
    },
  };
}
