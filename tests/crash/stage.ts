import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CliResult } from '../support/cli.js';
import { ROOT, type RunningCli, startCli, temporaryFolder } from '../support/cli.js';
import type { Answer, ReceivedRequest } from '../support/receiver.js';
import { startWorld, type World } from '../support/setup.js';

const KILL_POINTS = pathToFileURL(join(ROOT, 'tests/crash/kill-points.js')).href;

/** What a process did until it ended: the names of the points it passed, the last one that of its death. */
export interface Watched extends CliResult {
  points: string[];
}

/** A copy of the prepared home, with a callback of its own on the stage's receiver. */
export interface Trial {
  home: string;
  env: Record<string, string>;
  callback: string;
  /** What came for this trial, in order of arrival. */
  received(): ReceivedRequest[];
  start(args: string[], env?: Record<string, string>): RunningCli;
  run(args: string[], stdin?: string): Promise<CliResult>;
  /** Counts the points; ends by SIGKILL at number `killAt`, if given. */
  watched(args: string[], options?: { killAt?: number; stdin?: string }): Promise<Watched>;
}

/** One double of Google, one receiver and one home that is made ready once: every trial begins as it was then. */
export interface Stage {
  world: World;
  /** What each trial's receiver does: told its own requests so far, the new one included. */
  answer(respond: (own: ReceivedRequest[]) => Answer): void;
  /** Keeps the home as it is now: trials may begin from it later. */
  base(): string;
  trial(from?: string): Trial;
  close(): Promise<void>;
}

export async function startStage(settings: Record<string, unknown> = {}): Promise<Stage> {
  // Each killed run forfeits the units it had reserved; and what fails is tried again at once.
  const quick = { 'quota.perAccountPerMinute': 1_000_000, 'delivery.retryWaits': [0, 0, 0, 0] };
  const world = await startWorld({ messages: 1, settings: { ...quick, ...settings } });
  const folder = temporaryFolder();
  let trials = 0;
  let bases = 0;
  const ofTrial = (path: string) => world.receiver.requests.filter((request) => pathOf(request) === path);
  return {
    world,
    answer: (respond) => world.receiver.respond((request) => respond(ofTrial(pathOf(request)))),
    base() {
      bases += 1;
      const home = join(folder.path, `base-${bases}`);
      cpSync(world.home, home, { recursive: true });
      return home;
    },
    trial(from = world.home) {
      trials += 1;
      const path = `/trial-${trials}`;
      const home = join(folder.path, `trial-${trials}`);
      const callback = `${world.receiver.url}${path}`;
      cpSync(from, home, { recursive: true });
      redirectCallbacks(home, world.receiver.url, callback);
      return { home, callback, received: () => ofTrial(path), ...processes(home, world.env) };
    },
    async close() {
      await world.close();
      folder.remove();
    },
  };
}

function processes(home: string, ofWorld: Record<string, string>): Pick<Trial, 'env' | 'start' | 'run' | 'watched'> {
  const env = { ...ofWorld, GMAIL_EVENTS_HOME: home };
  const log = `${home}.points`;
  return {
    env,
    start: (args, more = {}) => startCli(args, { env: { ...env, ...more } }),
    run: (args, stdin = '') => startCli(args, { env, stdin }).result,
    async watched(args, { killAt, stdin = '' } = {}) {
      writeFileSync(log, '');
      const watching = { NODE_OPTIONS: `--import=${KILL_POINTS}`, KILL_LOG: log, KILL_AT: String(killAt ?? 0) };
      const result = await startCli(args, { env: { ...env, ...watching }, stdin }).result;
      return { ...result, points: readFileSync(log, 'utf8').split('\n').slice(0, -1) };
    },
  };
}

function pathOf({ path }: ReceivedRequest): string {
  return path.split('?')[0] ?? '';
}

/** Every instance of the home tells its events to `url` from now on. */
function redirectCallbacks(home: string, from: string, url: string): void {
  const folder = join(home, 'instances');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8');
    writeFileSync(join(folder, name), text.replaceAll(from, url), { mode: 0o600 });
  }
}

/** The accounts' access tokens have ended: the next run fetches a new one. */
export function endAccessTokens(home: string): void {
  for (const path of accountFiles(home)) {
    const account = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...account, accessTokenExpiresAt: 1 }), { mode: 0o600 });
  }
}

/** Whether that is still so. */
export function hasEndedTokens(home: string): boolean {
  return accountFiles(home).some((path) => JSON.parse(readFileSync(path, 'utf8')).accessTokenExpiresAt === 1);
}

function accountFiles(home: string): string[] {
  const names = readdirSync(join(home, 'accounts')).filter((name) => name.endsWith('.json'));
  return names.map((name) => join(home, 'accounts', name));
}
