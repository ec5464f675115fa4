import type Conf from 'conf';

/**
 * conf without what comes with its writer: when-exit answers every signal by sending it to the process once more. A first
 * Ctrl-C would count as two, and a write beyond the limit of a file's size (SIGXFSZ) would end the process, not fail.
 */
export async function loadConf(): Promise<typeof Conf> {
  const { default: loaded } = await import('conf');
  for (const signal of process.eventNames()) {
    if (typeof signal !== 'string' || !signal.startsWith('SIG')) continue;
    for (const listener of process.rawListeners(signal as NodeJS.Signals)) {
      if (!isOfWhenExit(listener)) continue;
      // Node ignores this one until somebody listens; without any listener it is deadly from then on.
      if (signal === 'SIGXFSZ') process.on(signal, () => {});
      process.removeListener(signal, listener as () => void);
    }
  }
  return loaded;
}

/** Told by its text, with or without the blanks that the bundle leaves out: others may begin to listen meanwhile. */
function isOfWhenExit(listener: unknown): boolean {
  const { listener: own } = listener as { listener?: unknown };
  return typeof own === 'function' && /^\(\)\s*=>\s*this\.exit\(signal\)$/.test(String(own));
}
