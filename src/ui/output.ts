import { wrapAnsi } from 'fast-wrap-ansi';
import { type Paint, paintFor } from './colour.js';
import { createLive, type LiveStream, type LiveText } from './live.js';
import { type Cell, formatTable } from './table.js';

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
  /** Without --json: a table on stdout that fits the terminal, which may cost it `optional` columns. Silent with --quiet. */
  table(columns: string[], rows: Cell[][], optional?: string[]): void;
  /** stderr: what a person wants to know while or after it happens. Silent with --quiet. */
  note(line: string): void;
  /** The same, broken at words where the terminal ends. */
  paragraph(text: string): void;
  /** stderr, also with --quiet. */
  warn(line: string): void;
  /** Whether `live` shows anything: stderr is a terminal, and --quiet was not given. */
  readonly lively: boolean;
  /** The last lines of the terminal, replaced in place, below all other output; null takes them away. */
  live(text: LiveText | null): void;
  /** Colours of those lines. */
  readonly livePaint: Paint;
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
  stderr: LiveStream & { isTTY?: boolean };
}

export function createUi(
  flags: GlobalFlags,
  streams: Streams,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Ui {
  const paint = paintFor(streams.stdout, flags.color, env);
  const json = flags.json === true;
  const quiet = flags.quiet === true;
  const lively = streams.stderr.isTTY === true && !quiet && env['TERM'] !== 'dumb';
  const live = createLive(streams.stderr, lively);
  const write = (stream: 'stdout' | 'stderr', text: string) => live.above(() => streams[stream].write(`${text}\n`));
  const print = (text: string) => {
    if (!json && !quiet) write('stdout', text);
  };
  return {
    json,
    quiet,
    verbose: flags.verbose === true,
    interactive: streams.stdin.isTTY === true && streams.stderr.isTTY === true && flags.input !== false,
    paint,
    data: (value) => {
      if (json) write('stdout', JSON.stringify(value));
    },
    text: print,
    table: (columns, rows, optional = []) => {
      const width = streams.stdout.isTTY ? streams.stdout.columns : undefined;
      print(formatTable(columns, rows, width, { paintHead: paint.bold, optional }).join('\n'));
    },
    note: (line) => {
      if (!quiet) write('stderr', line);
    },
    paragraph: (text) => {
      const { isTTY, columns } = streams.stderr;
      if (!quiet) write('stderr', isTTY === true && columns !== undefined ? wrapped(text, columns) : text);
    },
    warn: (line) => write('stderr', line),
    lively,
    live: live.show,
    livePaint: paintFor(streams.stderr, flags.color, env),
  };
}

/** Each line broken at words; what it is indented by stays. */
function wrapped(text: string, columns: number): string {
  const lines = text.split('\n').map((line) => {
    const indent = /^ */.exec(line)?.[0] ?? '';
    return wrapAnsi(line.trim(), columns - indent.length).replace(/^/gm, indent);
  });
  return lines.join('\n');
}
