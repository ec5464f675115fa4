import type { Clock } from './ports.js';

/** Gmail's limit of requests in flight is unpublished, per mailbox, and shared by everyone's clients. */
const PLACES = 4;
const SHRUNK_FOR_MS = 60_000;

/** Who may have a request in flight to one account, in this process: at most 4, fewer for a while after a refusal. */
export class Places {
  readonly #clock: Clock;
  #busy = 0;
  #waiting: (() => void)[] = [];
  #shrunk = PLACES;
  #shrunkUntil = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when a place is free; the function it gives frees it again. Throws the signal's reason once aborted. */
  async enter(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#busy >= this.limit) await this.#turn(signal);
    else this.#busy += 1;
    return () => {
      this.#busy -= 1;
      this.#admit();
    };
  }

  /** `Too many concurrent requests`: half as many places for the next minute, then all of them again. */
  shrink(): void {
    this.#shrunk = Math.max(1, Math.floor(this.limit / 2));
    this.#shrunkUntil = this.#clock.now() + SHRUNK_FOR_MS;
  }

  get limit(): number {
    return this.#clock.now() < this.#shrunkUntil ? this.#shrunk : PLACES;
  }

  #admit(): void {
    while (this.#busy < this.limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#busy += 1;
      next();
    }
  }

  #turn(signal?: AbortSignal): Promise<void> {
    return new Promise((admitted, refused) => {
      const give = () => {
        signal?.removeEventListener('abort', leave);
        admitted();
      };
      const leave = () => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== give);
        refused(signal?.reason);
      };
      this.#waiting.push(give);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }
}
