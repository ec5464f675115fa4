import { authorizeAnew, mendDeliveries, needsGrant, settle } from './calm.js';
import { accountFile, beginWatching, instanceFiles } from './cast.js';
import { Chance } from './chance.js';
import { COMMANDS, run } from './commands.js';
import { EMAIL } from './google.js';
import { Happenings } from './happenings.js';
import type { Home } from './home.js';
import { Person } from './person.js';
import type { Doom } from './process.js';
import type { Runs } from './runs.js';
import { makeScene, type Scene } from './scene.js';
import { Stage, type StageOptions } from './stage.js';
import { Trouble } from './trouble.js';
import { type Findings, judge, type Watched } from './verdict.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Until everything is told: first for leases and lags to end, at last for the longest retry and a daily limit. */
const CALM_MS = [65_000, 65_000, 20 * MINUTE_MS, HOUR_MS, ...Array<number>(12).fill(26 * HOUR_MS)];

/** One seed's story: mail, troubles, processes that come and die, and a calm end by which all has to be told. */
export class Story {
  readonly stage: Stage;
  lostStores = 0;
  readonly #scene: Scene;
  readonly #chance: Chance;
  readonly #doom: Chance;
  readonly #clock: Chance;
  #clockSet = false;
  readonly #happenings: Happenings;
  readonly #trouble: Trouble;
  readonly #watched: Watched[] = [];
  /** Notifications that were sent again by hand. */
  readonly #died = new Set<string>();

  constructor(seed: number, options: StageOptions) {
    this.#scene = makeScene(new Chance(seed, 'scene'));
    this.stage = new Stage(seed, this.#scene.scope, options);
    this.#chance = new Chance(seed, 'story');
    this.#doom = new Chance(seed, 'doom');
    this.#clock = new Chance(seed, 'clock');
    this.#happenings = new Happenings(this.stage.google.mail, new Chance(seed, 'mail'));
    this.#trouble = new Trouble(this.stage.google, new Chance(seed, 'trouble'));
  }

  /** What the home holds before the story begins. */
  files(): Record<string, object> {
    const { google, start } = this.stage;
    const { instances, settings } = this.#scene;
    return { 'config.json': settings, ...accountFile(google, start), ...instanceFiles(instances, this.#chance, start) };
  }

  async play(home: Home, runs: Runs): Promise<Findings> {
    const { timeline, receiver, google, ledger, start } = this.stage;
    this.#watched.push(...(await beginWatching(home, this.#scene.instances, google, start)));
    const person = new Person(this.stage, this.#chance, this.#watched, this.#scene.scope);
    for (let round = this.#chance.between(1, 4); round > 0; round -= 1) {
      await this.#weather(home);
      await this.#setClock();
      if (this.#chance.happens(0.1)) await person.changeUrl(runs);
      if (this.#chance.happens(0.05)) await person.whileDisabled(runs, () => this.#round(home, runs));
      else await this.#round(home, runs);
      await timeline.pass(this.#pause());
    }
    const open = await this.#calm(home, runs);
    const findings = judge({
      watched: this.#watched,
      ledger,
      taken: receiver.taken,
      mail: google.mail,
      end: timeline.now,
      died: this.#died,
      faultyMessages: this.#trouble.anyMessage,
      clockSet: this.#clockSet,
    });
    findings.violations.unshift(...open, ...person.violations, ...this.#budget());
    return findings;
  }

  /** What befalls Google, the receiver and the store before a round. */
  async #weather(home: Home): Promise<void> {
    const chance = this.#chance;
    const { receiver, google, log } = this.stage;
    receiver.failing = chance.pick([0, 0, 0, 0.1, 0.5, 1]);
    receiver.leaving = chance.pick([0, 0, 0, 0.3]);
    const troubles = this.#trouble.brew();
    if (chance.happens(0.1)) troubles.push(`Gmail does not give ${this.#trouble.poison()}`);
    if (chance.happens(0.08)) {
      google.mail.mailbox.expireHistory();
      troubles.push('history expires');
    }
    if (chance.happens(0.03)) {
      google.grants.revokeMailbox(EMAIL);
      troubles.push('the grant is revoked');
    }
    if (chance.happens(0.03)) {
      await this.#loseStore(home);
      troubles.push('events.db is lost');
    } else if (chance.happens(0.2)) await home.reopen();
    log(() => `weather: the receiver fails ${receiver.failing}; ${troubles.join('; ')}`);
  }

  /** Whole minutes, so that a budget's minute is one of Google's; it was right when the instances were made. */
  async #setClock(): Promise<void> {
    const { timeline, log } = this.stage;
    if (!this.#clock.happens(0.15)) return;
    await timeline.pass(MINUTE_MS);
    this.#clockSet = true;
    this.stage.aheadMs = this.#clock.pick([0, 0, 1, 2, 90, 600, 3000]) * MINUTE_MS;
    log(() => `the machine's clock is ${this.stage.aheadMs / MINUTE_MS} minutes ahead`);
  }

  async #loseStore(home: Home): Promise<void> {
    const resources = this.#watched.flatMap(({ id, plan }) => {
      const names = [...plan.resources.map(({ name }) => name), ...plan.collections];
      return names.map((resource) => ({ instanceId: id, resource }));
    });
    const { ledger, timeline } = this.stage;
    ledger.lose(timeline.now, resources);
    this.lostStores += 1;
    await home.lose();
    // The minute's reservations went with it.
    await timeline.pass(MINUTE_MS);
  }

  /** Mail comes, before and while one or two processes run. */
  async #round(home: Home, runs: Runs): Promise<void> {
    const chance = this.#chance;
    const { timeline, log, google } = this.stage;
    const happen = () => {
      const what = this.#happenings.next();
      log(() => `mail: ${what}; historyId ${google.mail.mailbox.historyId}`);
    };
    for (let left = chance.pick([0, 1, 2, 4, 8]); left > 0; left -= 1) {
      if (chance.happens(0.6)) happen();
      else timeline.after(chance.between(0, 4000), happen);
    }
    const ids = this.#watched.map(({ id }) => id);
    const commands = Array.from({ length: chance.pick([1, 1, 1, 2]) }, () => chance.weighted(COMMANDS));
    await runs.together(
      commands.map((command) => ({
        doom: this.#nextDoom(),
        work: (process, ctx) => {
          log(() => `p${process.id} ${command}`);
          return run(command, process, ctx, ids);
        },
      })),
    );
    if (chance.happens(0.5)) await this.#authorize(home, runs);
  }

  async #authorize(home: Home, runs: Runs): Promise<void> {
    if (!(await needsGrant(home.store))) return;
    await runs.alone(async (process, ctx) => {
      this.stage.tally.unbudgeted.add(process.id);
      // Google may well be in trouble still: then it is done later.
      await authorizeAnew(ctx, this.stage.google).catch(() => {});
      return null;
    });
  }

  #nextDoom(): Doom | null {
    if (!this.#doom.happens(0.55)) return null;
    const most = this.#doom.pick([20, 60, 60, 200]);
    return { effect: this.#doom.between(1, most), power: this.#doom.happens(0.2) };
  }

  #pause(): number {
    const chance = this.#chance;
    const [least, most] = chance.pick([
      [100, 5000],
      [5000, 60_000],
      [MINUTE_MS, 20 * MINUTE_MS],
      [MINUTE_MS, 20 * MINUTE_MS],
      [HOUR_MS, 30 * HOUR_MS],
    ] as const);
    return chance.between(least, most);
  }

  /** Nothing fails any more, and time passes until all is told. Returns what is open when it should not be. */
  async #calm(home: Home, runs: Runs): Promise<string[]> {
    const { timeline, google, receiver, log } = this.stage;
    google.faults.clear();
    google.mail.lagMs = 0;
    receiver.failing = 0;
    const ids = this.#watched.map(({ id }) => id);
    let open: string[] = [];
    for (const wait of CALM_MS) {
      await timeline.pass(wait);
      await this.#authorize(home, runs);
      await runs.alone(async (_process, ctx) => {
        for (const id of await mendDeliveries(ctx)) this.#died.add(id);
        open = await settle(ctx, ids);
        return null;
      });
      log(() => `calm: ${open.length === 0 ? 'all is told' : open.join('; ')}`);
      if (open.length === 0) return [];
    }
    return open;
  }

  #budget(): string[] {
    const { 'quota.perAccountPerMinute': budget } = this.#scene.settings;
    return this.stage.tally.beyond(budget).map((minute) => `a budget of ${budget} units was exceeded: ${minute}`);
  }
}
