import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fleetHomes } from './homes.js';
import { events } from './parts/events.js';
import { fleet, fleetCosts } from './parts/fleet.js';
import { install } from './parts/install.js';
import { memory } from './parts/memory.js';
import { quota } from './parts/quota.js';
import { startup } from './parts/startup.js';
import { openStage } from './stage.js';
import { costsText, isMet, tableText } from './table.js';

// The homes of many instances grow: who needs the smaller ones comes first.
const PARTS = { startup, quota, install, events, fleet, memory };

/** What a run of a part costs, for a row of it that does not meet its goal. */
const COSTS = { fleet: fleetCosts };

const FULL = {
  runs: 7,
  events: { ids: 20_000, metadata: 4000 },
  fleetSizes: [125, 250, 500, 1000],
  watchSizes: [1250, 2500, 5000, 10_000],
  changeSizes: [12_500, 25_000, 50_000, 100_000],
};
/** Whether it all works, in little time; the figures say little. */
const QUICK = {
  runs: 1,
  events: { ids: 1000, metadata: 100 },
  fleetSizes: [5, 10, 20, 40],
  watchSizes: [50, 60, 70, 80],
  changeSizes: [500, 1000, 1500, 2000],
};

const USAGE = `npm run bench -- [--only ${Object.keys(PARTS).join(',')}] [--runs N] [--quick] [--json]

Measures the built program against what it is compared with, in the same run, and writes bench/results.json. Exit 1 when a
goal is not met (but not with --quick, whose figures say little); for a fleet that misses its goal it says what a run spends
its time on, and keeps the profile in bench/profiles/.

  --only PARTS   some of the parts, separated by commas
  --runs N       how often each process is timed (7)
  --quick        small sizes and one run: whether it all works
  --json         what bench/results.json gets, on stdout; --quick writes no file`;

const options = readOptions();
const { rows, costs } = await measure();
const result = {
  date: new Date().toISOString(),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cores: availableParallelism(),
  runs: options.runs,
  rows: rows.map((row) => ({ ...row, ratio: row.value / row.other, met: isMet(row) })),
  costs,
};
if (!options.quick && options.parts.length === Object.keys(PARTS).length) {
  writeFileSync(fileURLToPath(new URL('results.json', import.meta.url)), `${JSON.stringify(result, null, 2)}\n`);
}
console.log(
  options.json
    ? JSON.stringify(result)
    : `\n${[tableText(rows), ...Object.entries(costs).map(costsText)].join('\n\n')}`,
);
process.exitCode = !options.quick && rows.some((row) => isMet(row) === false) ? 1 : 0;

async function measure() {
  const stage = await openStage();
  stage.fleetHome = fleetHomes(stage);
  try {
    const [all, costs] = [[], {}];
    for (const name of options.parts) {
      if (!options.json) console.error(`${name} ...`);
      const rows = await PARTS[name](stage, options);
      all.push(...rows);
      if (COSTS[name] !== undefined && rows.some((row) => isMet(row) === false)) {
        costs[name] = await COSTS[name](stage, options);
      }
    }
    return { rows: all, costs };
  } finally {
    await stage.close();
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        runs: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const wanted = values.only?.split(',') ?? Object.keys(PARTS);
    const unknown = wanted.find((name) => !Object.hasOwn(PARTS, name));
    if (unknown !== undefined) throw new Error(`there is no part "${unknown}"`);
    const sizes = values.quick ? QUICK : FULL;
    const runs = Number(values.runs ?? sizes.runs);
    if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs is ${values.runs}; accepted: 1 or more`);
    const parts = Object.keys(PARTS).filter((name) => wanted.includes(name));
    return { ...sizes, runs, parts, quick: values.quick, json: values.json };
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}
