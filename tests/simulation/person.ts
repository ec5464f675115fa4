import type { Context } from '../../src/core/context.js';
import { CoreError } from '../../src/core/errors.js';
import { setEnabled, updateInstance } from '../../src/core/instances/index.js';
import type { Chance } from './chance.js';
import type { Runs } from './runs.js';
import { makeRules, pollerConfiguration, type Scene } from './scene.js';
import type { Stage } from './stage.js';
import type { Watched } from './verdict.js';

/** Longer than a callback of a process that has died is on its way. */
const ARRIVED_MS = 400;
/** Of a command that is told to try later. */
const TRIES = 4;

/** Who changes instances while they are at work. */
export class Person {
  readonly violations: string[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly chance: Chance,
    private readonly watched: readonly Watched[],
    private readonly scope: Scene['scope'],
  ) {}

  /** Gives a resource another url: it keeps its cursor. */
  async changeUrl(runs: Runs): Promise<void> {
    const { ledger, log } = this.stage;
    const { id, plan, asks } = this.chance.pick(this.watched);
    const at = this.chance.between(0, asks.length - 1);
    const rules = makeRules(this.chance, asks[at]?.name ?? '', this.scope);
    await this.#command(runs, async (ctx) => {
      const resources = asks.with(at, rules);
      const configuration = { 'event.poller.configuration': pollerConfiguration(resources, plan.collections) };
      await updateInstance(ctx, id, { configuration }, { allowPrivate: true });
      asks.splice(at, 1, rules);
      ledger.change(id, rules);
      log(() => `instance ${id}: ${rules.name} is now ${rules.url}`);
    });
  }

  /** Disables an instance while others work: it is not delivered, its rows wait. */
  async whileDisabled(runs: Runs, work: () => Promise<void>): Promise<void> {
    const { receiver, timeline, log } = this.stage;
    const { id } = this.chance.pick(this.watched);
    const turn = (enabled: boolean) => this.#command(runs, (ctx) => setEnabled(ctx, id, enabled));
    await turn(false);
    log(() => `instance ${id} is disabled`);
    await timeline.pass(ARRIVED_MS);
    const before = receiver.attemptsAt(id);
    await work();
    if (receiver.attemptsAt(id) !== before) this.violations.push(`instance ${id} was delivered while it was disabled`);
    await turn(true);
  }
  /**
   * Runs a command again that was told to try later: a process that died under a clock that has been set back since leaves a
   * lease that counts as held for up to 90 s, and a command waits 30.
   */
  async #command(runs: Runs, work: (ctx: Context) => Promise<unknown>): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      let later = false;
      await runs.alone(async (_process, ctx) => {
        try {
          await work(ctx);
        } catch (error) {
          if (tries === TRIES || !(error instanceof CoreError) || error.code !== 'retry_later') throw error;
          later = true;
        }
        return null;
      });
      if (!later) return;
    }
  }
}
