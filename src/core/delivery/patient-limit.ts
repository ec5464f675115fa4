/**
 * Places for work that is mostly quick. Whatever takes longer than `patienceMs` gives its place to the next in line and counts
 * among the slow, as long as there are fewer than `slow` of these; then it keeps its place until one of them ends. So work
 * that hangs leaves the places to the others, and all of it together is bounded by `quick` and `slow`. First come, first served.
 */
export class PatientLimit {
  readonly #limits: { quick: number; slow: number; patienceMs: number };
  #quick = 0;
  #slow = 0;
  readonly #waiting: (() => void)[] = [];
  /** Those past their patience that still hold a place. */
  readonly #overdue = new Set<() => void>();

  constructor(limits: { quick: number; slow: number; patienceMs: number }) {
    this.#limits = limits;
  }

  /** How many wait for a place. */
  get waiting(): number {
    return this.#waiting.length;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#quick >= this.#limits.quick) await new Promise<void>((enter) => this.#waiting.push(enter));
    else this.#quick += 1;
    let slow = false;
    const giveWay = () => {
      slow = true;
      this.#slow += 1;
      this.#leave();
    };
    const timer = setTimeout(() => {
      if (this.#slow < this.#limits.slow) giveWay();
      else this.#overdue.add(giveWay);
    }, this.#limits.patienceMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      this.#overdue.delete(giveWay);
      if (slow) this.#leaveSlow();
      else this.#leave();
    }
  }

  /** A quick place is free: it goes to the next in line. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#quick -= 1;
    else next();
  }

  #leaveSlow(): void {
    this.#slow -= 1;
    const [overdue] = this.#overdue;
    if (overdue === undefined) return;
    this.#overdue.delete(overdue);
    overdue();
  }
}
