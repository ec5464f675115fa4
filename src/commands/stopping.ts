import { SIGNAL_EXIT_CODES } from '../ui/exit-codes.js';
import type { Ui } from '../ui/output.js';

/** The process, or a test's own. */
export type Host = Pick<NodeJS.Process, 'on' | 'off' | 'exit'>;

type Signal = keyof typeof SIGNAL_EXIT_CODES;

export interface Stopping {
  /** The first SIGINT or SIGTERM has come: what is in flight ends, and nothing more begins. */
  stop: AbortSignal;
  /** The second has: all ends at once. */
  force: AbortSignal;
  /** Signals are the process's own again. */
  release(): void;
}

/** Takes the signals over: the first one is to be heard, the second ends the process with the signal's exit code. */
export function stopOnSignals(ui: Ui, host: Host = process): Stopping {
  const stop = new AbortController();
  const force = new AbortController();
  const onSignal = (signal: Signal) => {
    if (stop.signal.aborted) {
      force.abort();
      ui.live(null);
      host.exit(SIGNAL_EXIT_CODES[signal]);
    }
    ui.note('Stopping: what is in flight ends first. Once more ends it at once.');
    stop.abort();
  };
  const signals = Object.keys(SIGNAL_EXIT_CODES) as Signal[];
  for (const signal of signals) host.on(signal, onSignal);
  return {
    stop: stop.signal,
    force: force.signal,
    release() {
      stop.abort();
      for (const signal of signals) host.off(signal, onSignal);
    },
  };
}
