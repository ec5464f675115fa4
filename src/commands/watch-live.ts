import type { Context } from '../core/context.js';
import { findInstances } from '../core/instances/index.js';
import { type InstanceStatus, readStatus } from '../core/status.js';
import type { Ui } from '../ui/output.js';
import { liveLines } from './live-view.js';
import { RECENT_MS, RecentEvents } from './recent-events.js';

const REFRESH_MS = 1000;
/** Reading the state of all instances takes its time; of a fleet it may take no more than this part of it. */
const LEAST_BETWEEN_READS_MS = 2000;
const READING_SHARE = 0.05;

/** What a watch does, as lines at the bottom of a person's terminal. */
export class LiveView {
  readonly #recent = new RecentEvents();
  readonly #ctx: Context;
  readonly #ui: Ui;

  constructor(ctx: Context, ui: Ui) {
    this.#ctx = ctx;
    this.#ui = ui;
  }

  made(instanceId: number, events: number): void {
    this.#recent.add(instanceId, events, this.#ctx.clock.now());
  }

  /** Shows what is going on until `signal`. `names` as the watch has them. */
  async show(names: string[], signal: AbortSignal): Promise<void> {
    const { clock } = this.#ctx;
    let instances: InstanceStatus[] = [];
    let wait = 0;
    for (let first = true; !signal.aborted; first = false) {
      try {
        // A locked store, an instance that was deleted: the watch itself tells what matters.
        if (first) await this.#lookBack();
        if (wait <= 0) {
          const started = performance.now();
          instances = await this.#read(names);
          wait = Math.max((performance.now() - started) / READING_SHARE, LEAST_BETWEEN_READS_MS);
        }
      } catch {
        wait = LEAST_BETWEEN_READS_MS;
      }
      const shown = instances;
      const { livePaint: paint } = this.#ui;
      if (!signal.aborted) this.#ui.live((size) => liveLines(shown, this.#recent, { size, now: clock.now(), paint }));
      await clock.sleep(REFRESH_MS, signal);
      wait -= REFRESH_MS;
    }
  }

  async #lookBack(): Promise<void> {
    const rows = await this.#ctx.store.outbox.list({ since: this.#ctx.clock.now() - RECENT_MS });
    for (const row of rows) if (row.queue === 'events') this.#recent.add(row.instanceId, row.eventCount, row.createdAt);
  }

  async #read(names: string[]): Promise<InstanceStatus[]> {
    const { instances } = await readStatus(this.#ctx);
    const polled = instances.filter((each) => each.nextPollAt !== null);
    if (names.length === 0) return polled;
    const named = new Set((await findInstances(this.#ctx, names)).map(({ id }) => id));
    return polled.filter(({ id }) => named.has(id));
  }
}
