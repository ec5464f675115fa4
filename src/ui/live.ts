import { cut, widthOf } from './width.js';

/** What the terminal has room for. */
export interface Size {
  columns: number;
  rows: number;
}

/** A line, or lines made for the room there is: they are made anew when that changes. */
export type LiveText = string | ((size: Size) => string[]);

/** Lines at the bottom of a terminal that are replaced in place; other output goes above them. */
export interface Live {
  /** null takes them away. */
  show(text: LiveText | null): void;
  /** Runs a write to the terminal with the lines out of the way. */
  above(write: () => void): void;
}

export interface LiveStream {
  write(text: string): unknown;
  columns?: number;
  rows?: number;
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
  /** Of Node's terminals: looks at the size now. */
  _refreshSize?(): void;
}

/** `on` false: nothing is ever shown. */
export function createLive(stream: LiveStream, on: boolean): Live {
  let text: LiveText | null = null;
  let drawn: string[] = [];
  const size = () => ({ columns: stream.columns ?? 80, rows: stream.rows ?? 24 });
  const erase = () => {
    // Node hears of a new size by a signal, which may come after the terminal has wrapped the lines.
    stream._refreshSize?.();
    if (drawn.length > 0) stream.write(`\r\u001b[${rowsOf(drawn, size().columns)}A\u001b[J`);
    drawn = [];
  };
  const draw = () => {
    if (text === null) return;
    const { columns, rows } = size();
    const lines = typeof text === 'string' ? [text] : text({ columns, rows });
    // A line that wraps, and one that has scrolled out of sight, could not be erased.
    drawn = lines.slice(0, Math.max(rows - 1, 1)).map((line) => cut(line, Math.max(columns - 1, 1)));
    // The cursor stands below: the terminal itself writes ^C where it stands.
    stream.write(`${drawn.join('\n')}\n`);
  };
  const redraw = () => {
    erase();
    draw();
  };
  return {
    show: (next) => {
      if (!on) return;
      if (text === null && next !== null) stream.on?.('resize', redraw);
      if (text !== null && next === null) stream.off?.('resize', redraw);
      erase();
      text = next;
      draw();
    },
    above: (write) => {
      erase();
      write();
      draw();
    },
  };
}

/** Rows that the lines take by now: a terminal that became narrower has wrapped them. */
function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((rows, line) => rows + Math.max(Math.ceil(widthOf(line) / columns), 1), 0);
}
