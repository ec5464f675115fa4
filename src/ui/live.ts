const ERASE_LINE = '\r\u001b[K';

/** One line at the bottom of a terminal that is replaced in place; other output goes above it. */
export interface Live {
  /** null takes the line away. */
  show(line: string | null): void;
  /** Runs a write to the terminal with the line out of the way. */
  above(write: () => void): void;
}

/** `on` false: nothing is ever shown. */
export function createLive(stream: { write(text: string): unknown; columns?: number }, on: boolean): Live {
  let shown: string | null = null;
  const draw = () => {
    if (shown !== null) stream.write(shown);
  };
  const erase = () => {
    if (shown !== null) stream.write(ERASE_LINE);
  };
  return {
    show: (line) => {
      if (!on) return;
      erase();
      // A line that wraps could not be erased.
      shown = line === null ? null : line.slice(0, (stream.columns ?? 80) - 1);
      draw();
    },
    above: (write) => {
      erase();
      write();
      draw();
    },
  };
}
