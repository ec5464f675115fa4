import type { Context } from '../../src/core/context.js';
import type { PollResult } from '../../src/core/polling/index.js';
import type { Home } from './home.js';
import type { Doom, Process } from './process.js';
import type { Stage } from './stage.js';
import { spentBetween, type Usage } from './tally.js';

export interface Job {
  doom: Doom | null;
  /** Returns the summaries that the command gives; null: it gives none. */
  work(process: Process, ctx: Context): Promise<PollResult[] | null>;
}

const DAY_MS = 24 * 3_600_000;
const LONGEST_RUN_MS = 4 * DAY_MS;
/** Longer than the machine's clock is ever ahead. */
const CLOCK_SET_MS = 3 * DAY_MS;
/** Most requests are on their way for less. */
const TRAVEL_MS = 300;
/** A machine that lost its power is not back within the minute. */
const REBOOT_MS = 60_000;

/** Runs of processes, one or several at once, and whether they account for what they spent. */
export class Runs {
  readonly violations: string[] = [];
  processes = 0;
  powerLosses = 0;

  constructor(
    private readonly stage: Stage,
    private readonly home: Home,
  ) {}

  async alone(work: Job['work']): Promise<void> {
    await this.together([{ doom: null, work }]);
  }

  /** Every process starts with what the store holds, and ends with its work or dies. */
  async together(jobs: readonly Job[]): Promise<void> {
    const { timeline } = this.stage;
    const began = this.stage.machineTime;
    const before = await this.#spent(began);
    const runs = jobs.map(({ doom, work }) => {
      const { process, ctx } = this.stage.launch(doom);
      return { process, end: this.#run(process, ctx, work) };
    });
    this.processes += runs.length;
    await timeline.during(Promise.all(runs.map(({ end }) => end)), LONGEST_RUN_MS);
    // Who is killed, or takes too long over its end, leaves requests on their way.
    while (this.stage.onTheWay > 0) await timeline.pass(TRAVEL_MS);
    const processes = runs.map(({ process }) => process);
    if (this.stage.powerWent) await this.#losePower();
    else this.#balance(before, await this.#spent(began), processes);
    this.stage.clear();
  }

  async #run(process: Process, ctx: Context, work: Job['work']): Promise<void> {
    let results: PollResult[] | null;
    try {
      results = await work(process, ctx);
    } catch (error) {
      if (!process.dead)
        this.violations.push(`process ${process.id} failed: ${error instanceof Error ? error.stack : error}`);
      return;
    }
    if (process.dead || results === null) return;
    const said = results.map(({ summary }) => summary).reduce(added, { requests: 0, units: 0 });
    const counted = this.stage.tally.of(process.id);
    if (!same(said, counted))
      this.violations.push(`process ${process.id} says ${text(said)}, Google counts ${text(counted)}`);
  }

  /**
   * The store's sums grow by exactly what Google counted. A process that was killed may have left out what it had sent since
   * it last wrote, and never adds what it did not send (but for one request that it died over).
   */
  #balance(before: Usage, after: Usage, processes: readonly Process[]): void {
    const written = { requests: after.requests - before.requests, units: after.units - before.units };
    const counted = (among: readonly Process[]) =>
      among.map(({ id }) => this.stage.tally.of(id)).reduce(added, { requests: 0, units: 0 });
    const [all, living] = [counted(processes), counted(processes.filter(({ dead }) => !dead))];
    const deaths = processes.filter(({ dead }) => dead).length;
    const balanced = deaths === 0 ? same(written, all) : between(living, written, all, deaths);
    if (!balanced) this.violations.push(`the store adds ${text(written)}, Google counts ${text(all)}`);
  }

  async #losePower(): Promise<void> {
    if (await this.home.losePower()) this.stage.ledger.losePower();
    this.powerLosses += 1;
    this.stage.powerWent = false;
    await this.stage.timeline.pass(REBOOT_MS);
  }

  /** On all days that the clock may have been set to, before the run or since it began. */
  #spent(began: number): Promise<Usage> {
    return spentBetween(this.home.store, began - CLOCK_SET_MS, began + LONGEST_RUN_MS + CLOCK_SET_MS);
  }
}

/** Four requests may be on their way from a process when it dies. */
const MOST_UNITS = 20;
const IN_FLIGHT = 4;

function between(least: Usage, written: Usage, most: Usage, deaths: number): boolean {
  const over = deaths * IN_FLIGHT;
  const enough = written.requests >= least.requests && written.units >= least.units;
  return enough && written.requests <= most.requests + over && written.units <= most.units + over * MOST_UNITS;
}

function added(sum: Usage, { requests, units }: Usage): Usage {
  return { requests: sum.requests + requests, units: sum.units + units };
}

function same(one: Usage, other: Usage): boolean {
  return one.requests === other.requests && one.units === other.units;
}

function text({ requests, units }: Usage): string {
  return `${requests} requests and ${units} units`;
}
