import { createRequire } from 'node:module';
import { spawn } from '@lydell/node-pty';
import type { Terminal } from '@xterm/headless';
import { BIN, cleanEnvironment } from './cli.js';

// CommonJS without named exports that an import could find.
const xterm = createRequire(import.meta.url)('@xterm/headless') as typeof import('@xterm/headless');

export const KEYS = { enter: '\r', up: '\u001b[A', down: '\u001b[B', space: ' ', ctrlC: '\u0003' };

/** Empties the line that is being typed. */
const CLEAR = '\u0015';

export interface PtyOptions {
  env?: Record<string, string>;
  columns?: number;
  rows?: number;
  /** The program; the built binary on this Node unless given. */
  file?: string;
  cwd?: string;
}

/** A program on a real pseudo-terminal, with a terminal that draws what it writes. */
export class Pty {
  readonly terminal: Terminal;
  /** 128 and the signal's number when a signal ended it, as a shell tells it. */
  readonly exit: Promise<number>;
  readonly #process: ReturnType<typeof spawn>;
  #raw = '';
  /** Up to where `answer` has looked. */
  #seen = 0;
  #drawn: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(args: string[], { env = {}, columns = 80, rows = 24, file, cwd }: PtyOptions = {}) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
    const command = file === undefined ? [process.execPath, BIN, ...args] : [file, ...args];
    // A terminal of colours, whatever this one is.
    const terminalEnv = { TERM: 'xterm-256color', LANG: 'C.UTF-8', HOME: '/nonexistent' };
    const { NO_COLOR, CI, FORCE_COLOR, ...clean } = cleanEnvironment();
    this.#process = spawn(command[0] ?? '', command.slice(1), {
      cols: columns,
      rows,
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...clean, ...terminalEnv, ...env },
    });
    this.#process.onData((text) => {
      this.#raw += text;
      this.#drawn = new Promise((drawn) => this.terminal.write(text, drawn));
    });
    this.exit = new Promise((done) =>
      this.#process.onExit(({ exitCode, signal }) => {
        this.#ended = true;
        void this.#drawn.then(() => done(signal ? 128 + signal : exitCode));
      }),
    );
  }

  /** Everything that was written, as it came. */
  get raw(): string {
    return this.#raw;
  }

  /** What stands on the terminal, the part that has scrolled away included; blanks at the end of a line left out. */
  async text(): Promise<string> {
    await this.#drawn;
    const { active } = this.terminal.buffer;
    const lines: string[] = [];
    for (let at = 0; at < active.length; at++) {
      const line = active.getLine(at);
      const text = line?.translateToString(true) ?? '';
      // A line that was wrapped is one line to a reader.
      if (line?.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    return lines.join('\n').trimEnd();
  }

  /** The rows that are in sight now. */
  async screen(): Promise<string[]> {
    await this.#drawn;
    const { active } = this.terminal.buffer;
    return Array.from(
      { length: this.terminal.rows },
      (_, at) => active.getLine(active.baseY + at)?.translateToString(true) ?? '',
    );
  }

  async until(what: string | RegExp | ((text: string) => boolean), timeoutMs = 20_000): Promise<string> {
    const deadline = Date.now() + timeoutMs;
    const holds = (text: string) =>
      typeof what === 'function' ? what(text) : typeof what === 'string' ? text.includes(what) : what.test(text);
    for (;;) {
      const ended = this.#ended;
      const text = await this.text();
      if (holds(text)) return text;
      if (ended || Date.now() > deadline) throw new Error(`never came: ${what}\n--- the terminal says:\n${text}`);
      await new Promise((wake) => setTimeout(wake, 15));
    }
  }

  /** Waits for a question that was asked after the last one that was answered, then types. */
  async answer(question: string, ...keys: string[]): Promise<void> {
    await this.until((text) => text.slice(this.#seen).includes(question));
    const text = await this.text();
    this.#seen = text.indexOf(question, this.#seen) + question.length;
    // inquirer takes keys once the question stands: what comes at the same moment is read all the same.
    for (const key of keys) this.#process.write(key);
  }

  /** Waits for what is said of an answer that was turned down, then types over the answer. */
  async correct(complaint: string, ...keys: string[]): Promise<void> {
    await this.until((text) => text.slice(this.#seen).includes(complaint));
    for (const key of [CLEAR, ...keys]) this.#process.write(key);
  }

  type(text: string): void {
    this.#process.write(text);
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    this.#process.resize(columns, rows);
  }

  kill(signal?: string): void {
    if (!this.#ended) this.#process.kill(signal);
  }

  async close(): Promise<void> {
    this.kill('SIGKILL');
    await this.exit;
    this.terminal.dispose();
  }
}
