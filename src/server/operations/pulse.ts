import { performance } from 'node:perf_hooks';

/** The loop looks about once a second; a store that others keep locked may hold up one look for 15 s. */
const ALIVE_MS = 30_000;

/** Whether the process does what it is there for. Time is the machine's uptime: the clock may be set back or forward. */
export class Pulse {
  /** The polling loop runs in this process. */
  readonly watching: boolean;
  /** The process is to end. */
  draining = false;
  readonly #now: () => number;
  #lastTick: number | null = null;

  constructor(watching: boolean, now: () => number = () => performance.now()) {
    this.watching = watching;
    this.#now = now;
  }

  tick(): void {
    this.#lastTick = this.#now();
  }

  /** The loop has looked at what is due a short while ago; true where there is none. */
  get alive(): boolean {
    return !this.watching || (this.#lastTick !== null && this.#now() - this.#lastTick <= ALIVE_MS);
  }
}
