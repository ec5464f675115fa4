interface Moment {
  at: number;
  happen: () => void;
}

/** Taken once: inside a test's own context every look at a global is slow. */
const { setImmediate: turn } = globalThis;
const PATIENCE_TURNS = 2000;

/**
 * Time that passes only when everything waits for it. Whatever takes time (a request on its way, a sleep, mail that is yet
 * to come) is a moment in one queue; the next one comes when all that the last one set going has come to rest.
 */
export class Timeline {
  /** Milliseconds, whole. */
  now: number;
  /** What takes turns of the event loop, but no time. */
  #timeless = 0;
  /** Latest first. */
  readonly #moments: Moment[] = [];

  constructor(start: number) {
    this.now = start;
  }

  /** Returns what calls it off. Of two moments at one time the one that was asked for first comes first. */
  after(ms: number, happen: () => void): () => void {
    const moment = { at: this.now + Math.max(0, Math.ceil(ms)), happen };
    let place = this.#moments.length;
    while (place > 0 && (this.#moments[place - 1]?.at ?? 0) <= moment.at) place -= 1;
    this.#moments.splice(place, 0, moment);
    return () => {
      const at = this.#moments.indexOf(moment);
      if (at >= 0) this.#moments.splice(at, 1);
    };
  }

  /** Runs work of the store's, which takes no time. */
  async timeless<T>(work: () => Promise<T>): Promise<T> {
    this.#timeless += 1;
    try {
      return await work();
    } finally {
      this.#timeless -= 1;
    }
  }

  /** Lets time pass until the work has ended. Throws when it waits for nothing, or for longer than `limitMs`. */
  async during<T>(work: Promise<T>, limitMs: number): Promise<T> {
    const deadline = this.now + limitMs;
    let ended = false;
    const end = () => {
      ended = true;
    };
    work.then(end, end);
    let idle = 0;
    for (;;) {
      await this.#rest();
      if (ended) return work;
      // The first load of a package takes real time.
      idle = this.#moments.length === 0 ? idle + 1 : 0;
      if (idle > PATIENCE_TURNS) throw new Error('the work waits for nothing that could come');
      if (this.now > deadline) throw new Error(`the work has not ended after ${limitMs} ms`);
      this.#next();
    }
  }

  /** Lets so much time pass, and all that comes meanwhile happen. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    while ((this.#moments.at(-1)?.at ?? Number.POSITIVE_INFINITY) <= end) {
      this.#next();
      await this.#rest();
    }
    this.now = end;
  }

  #next(): void {
    const moment = this.#moments.pop();
    if (moment === undefined) return;
    this.now = Math.max(this.now, moment.at);
    moment.happen();
  }

  /** All promises that can settle without time passing have settled. */
  async #rest(): Promise<void> {
    do {
      await new Promise<void>((resolve) => {
        turn(resolve);
      });
    } while (this.#timeless > 0);
  }
}
