import { loadUndici } from '../../src/gmail/dispatcher.js';
import type { Homes } from './home.js';
import { simulateIntervals } from './intervals.js';
import { Runs } from './runs.js';
import type { StageOptions } from './stage.js';
import { Story } from './story.js';
import { cutWire } from './wire.js';

/** What a seed went through: for whoever asks whether the simulation reaches what it is about. */
export interface Counts {
  changes: number;
  expected: number;
  told: number;
  repeats: number;
  gaps: number;
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
export async function play(seed: number, homes: Homes, options: Partial<StageOptions> = {}): Promise<Outcome> {
  await loadUndici();
  const story = new Story(seed, { broken: (store) => store, log: () => {}, ...options });
  const { stage } = story;
  const undo = [cutWire((request, reply) => stage.exchange(request, reply)), simulateIntervals(stage.timeline)];
  const home = await homes.home({ now: () => stage.timeline.now, sleep: async () => {} }, story.files());
  stage.home = home;
  const runs = new Runs(stage, home);
  const violations: string[] = [];
  const counts = { expected: 0, told: 0, repeats: 0, gaps: 0 };
  try {
    const findings = await story.play(home, runs);
    violations.push(...findings.violations);
    Object.assign(counts, findings.counts);
  } catch (error) {
    violations.push(`the run broke off: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    for (const each of undo) each();
    await home.remove();
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
