import { setEnabled, updateInstance } from '../../src/core/instances/index.js';
import type { Chance } from './chance.js';
import type { Runs } from './runs.js';
import { makeRules, pollerConfiguration, type Scene } from './scene.js';
import type { Stage } from './stage.js';
import type { Watched } from './verdict.js';

/** Longer than a callback of a process that has died is on its way. */
const ARRIVED_MS = 400;

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
    await runs.alone(async (_process, ctx) => {
      const resources = asks.with(at, rules);
      const configuration = { 'event.poller.configuration': pollerConfiguration(resources, plan.collections) };
      await updateInstance(ctx, id, { configuration }, { allowPrivate: true });
      asks.splice(at, 1, rules);
      ledger.change(id, rules);
      log(() => `instance ${id}: ${rules.name} is now ${rules.url}`);
      return null;
    });
  }

  /** Disables an instance while others work: it is not delivered, its rows wait. */
  async whileDisabled(runs: Runs, work: () => Promise<void>): Promise<void> {
    const { receiver, timeline, log } = this.stage;
    const { id } = this.chance.pick(this.watched);
    const turn = (enabled: boolean) =>
      runs.alone(async (_process, ctx) => {
        await setEnabled(ctx, id, enabled);
        return null;
      });
    await turn(false);
    log(() => `instance ${id} is disabled`);
    await timeline.pass(ARRIVED_MS);
    const before = receiver.attemptsAt(id);
    await work();
    if (receiver.attemptsAt(id) !== before) this.violations.push(`instance ${id} was delivered while it was disabled`);
    await turn(true);
  }
}
