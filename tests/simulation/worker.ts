import { BREAKS } from './breaks.js';
import { Home } from './home.js';
import { type Counts, play } from './play.js';

/** Some seeds to be played, and what came of them. */
export interface Order {
  from: number;
  to: number;
  broken: string | null;
}

export interface Report {
  seeds: number;
  counts: Partial<Record<keyof Counts, number>>;
  failures: { seed: number; violations: string[] }[];
}

const home = new Home();

async function work({ from, to, broken }: Order): Promise<Report> {
  const report: Report = { seeds: 0, counts: {}, failures: [] };
  for (let seed = from; seed <= to; seed += 1) {
    const outcome = await play(seed, home, optionsOf(broken));
    report.seeds += 1;
    for (const [name, count] of Object.entries(outcome.counts) as [keyof Counts, number][]) {
      report.counts[name] = (report.counts[name] ?? 0) + count;
    }
    if (outcome.violations.length > 0) report.failures.push({ seed, violations: outcome.violations });
  }
  return report;
}

function optionsOf(broken: string | null) {
  return broken === null ? {} : { broken: BREAKS[broken as keyof typeof BREAKS] };
}

process.on('message', async (order: Order) => {
  process.send?.(await work(order));
});
process.on('disconnect', async () => {
  await home.remove();
  process.exit();
});
