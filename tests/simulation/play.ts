import { documentWriter } from '../../src/store/documents/file.js';
import type { Home } from './home.js';
import { simulateIntervals } from './intervals.js';
import { Runs } from './runs.js';
import type { StageOptions } from './stage.js';
import { Story } from './story.js';
import { type FindingCounts, noCounts } from './verdict.js';
import { cutWire } from './wire.js';

/** What a seed went through: for whoever asks whether the simulation reaches what it is about. */
export interface Counts extends FindingCounts {
  changes: number;
  processes: number;
  deaths: number;
  powerLosses: number;
  lostStores: number;
  requests: number;
  units: number;
  callbacks: number;
}

export interface Outcome {
  seed: number;
  violations: string[];
  counts: Counts;
}

/** Plays one seed to its end, in simulated time, on a real store. */
export async function play(seed: number, home: Home, options: Partial<StageOptions> = {}): Promise<Outcome> {
  // Loaded only when needed, they would take real time, in which simulated time must not pass.
  await Promise.all([import('../../src/gmail/agents.js'), import('undici'), documentWriter()]);
  const story = new Story(seed, { broken: (store) => store, log: () => {}, ...options });
  const { stage } = story;
  const undo = [cutWire((request, reply) => stage.exchange(request, reply)), simulateIntervals(stage.timeline)];
  await home.begin({ now: () => stage.machineTime, sleep: async () => {} }, story.files());
  stage.home = home;
  const runs = new Runs(stage, home);
  const violations: string[] = [];
  const counts = noCounts();
  try {
    const findings = await story.play(home, runs);
    violations.push(...findings.violations);
    Object.assign(counts, findings.counts);
  } catch (error) {
    violations.push(`the run broke off: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    for (const each of undo) each();
  }
  const { tally, google, receiver, deaths } = stage;
  return {
    seed,
    violations: [...runs.violations, ...violations],
    counts: {
      ...counts,
      changes: google.mail.records.length,
      processes: runs.processes,
      deaths,
      powerLosses: runs.powerLosses,
      lostStores: story.lostStores,
      ...tally.total,
      callbacks: receiver.attempts,
    },
  };
}
