import type { Clock } from '../../core/ports.js';

/** A browser is answered by then; the work itself goes on. */
const ANSWER_MS = 20_000;

/** Polls and deliveries that a button began. They outlive their request, and end before the server does. */
export class Work {
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The work's outcome; null when it takes longer than a browser likes to wait. `signal`: the server is about to end. */
  async run<T>(begin: (signal: AbortSignal) => Promise<T>): Promise<{ value: T } | null> {
    const running = begin(this.#stop.signal);
    const settled = running.then(
      () => {},
      () => {},
    );
    this.#running.add(settled);
    void settled.then(() => this.#running.delete(settled));
    const answered = new AbortController();
    try {
      const late = this.#clock.sleep(ANSWER_MS, answered.signal).then(() => null);
      return await Promise.race([running.then((value) => ({ value })), late]);
    } finally {
      answered.abort();
    }
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }
}
