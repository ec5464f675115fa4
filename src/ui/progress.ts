import type { Ui } from './output.js';

/** What takes less time is not worth a line that comes and goes. */
const SHOW_AFTER_MS = 1000;
const REFRESH_MS = 200;

/**
 * Shows on the last line of a person's terminal how far work has come, once it has taken a second; nothing is left of it
 * afterwards. `text` is asked for what to show, which must have its counts in it.
 */
export async function withProgress<T>(
  ui: Pick<Ui, 'live' | 'lively'>,
  text: () => string,
  work: () => Promise<T>,
): Promise<T> {
  if (!ui.lively) return work();
  const start = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - start >= SHOW_AFTER_MS) ui.live(text());
  }, REFRESH_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    ui.live(null);
  }
}
