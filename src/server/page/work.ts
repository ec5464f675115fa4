import type { DeliverOptions } from '../../core/delivery/index.js';
import type { Clock } from '../../core/ports.js';

type OnAttempt = NonNullable<DeliverOptions['onAttempt']>;

/** A browser is answered by then; the work itself goes on. */
const ANSWER_MS = 20_000;

/** Polls and deliveries that a button began. They outlive their request, and end before the server does. */
export class Work {
  readonly #clock: Clock;
  readonly #onAttempt: OnAttempt;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  /** `onAttempt` is told of every attempt of a delivery. */
  constructor(clock: Clock, onAttempt: OnAttempt) {
    this.#clock = clock;
    this.#onAttempt = onAttempt;
  }

  /** The work's outcome; null when it takes longer than a browser likes to wait. `signal`: the server is about to end. */
  async run<T>(
    begin: (options: { signal: AbortSignal; onAttempt: OnAttempt }) => Promise<T>,
  ): Promise<{ value: T } | null> {
    const running = begin({ signal: this.#stop.signal, onAttempt: this.#onAttempt });
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

  /** Nothing new is begun; what is in flight ends. */
  stop(): void {
    this.#stop.abort();
  }

  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }
}
