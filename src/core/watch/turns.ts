/** How long an instance is left alone after a turn that found nothing to do, in ticks; more of them are looked at less often. */
export function restTicks(ticks: number, resting: number): number {
  return ticks + Math.floor(resting / 20);
}

/**
 * Gives instances their turns: one at a time each, at most `limit` of them at once. What is offered anew replaces what
 * was waiting. Time is counted in ticks of the loop, so a clock that is set back or forward changes nothing here.
 */
export class Turns {
  readonly #limit: number;
  /** Works on one instance and says for how many ticks it is then to be left alone; 0 is not at all. */
  readonly #work: (id: number) => Promise<number>;
  readonly #running = new Map<number, Promise<void>>();
  readonly #again = new Set<number>();
  readonly #rest = new Map<number, number>();
  #waiting: number[] = [];
  #tick = 0;
  #closed = false;

  constructor(limit: number, work: (id: number) => Promise<number>) {
    this.#limit = limit;
    this.#work = work;
  }

  offer(ids: readonly number[]): void {
    this.#tick += 1;
    for (const [id, until] of this.#rest) if (until <= this.#tick) this.#rest.delete(id);
    this.#waiting = ids.filter((id) => !this.#running.has(id) && !this.#rest.has(id)).reverse();
    this.#fill();
  }

  /** There is something new to do for the instance: its rest is over, and a turn in progress is followed by another. */
  wake(id: number): void {
    this.#rest.delete(id);
    if (this.#running.has(id)) this.#again.add(id);
    else this.#waiting.push(id);
    this.#fill();
  }

  /** Instances that have their turn now. */
  get running(): number {
    return this.#running.size;
  }

  /** No new turn begins; resolves when those in progress have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#running.values());
  }

  #fill(): void {
    while (!this.#closed && this.#running.size < this.#limit) {
      const id = this.#waiting.pop();
      if (id === undefined) return;
      if (!this.#running.has(id)) this.#running.set(id, this.#turn(id));
    }
  }

  async #turn(id: number): Promise<void> {
    const ticks = await this.#work(id);
    this.#running.delete(id);
    if (this.#again.delete(id)) this.#waiting.push(id);
    else if (ticks > 0) this.#rest.set(id, this.#tick + restTicks(ticks, this.#rest.size));
    this.#fill();
  }
}
