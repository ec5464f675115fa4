import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.js';

const USAGE = `npm run simulate -- [--seeds N] [--from N] [--jobs N] [--break NAME]
npm run simulate -- --seed N [--verbose] [--break NAME]

Plays seeds of the simulation: a mailbox, faults and crashes at random, then checks that nothing was lost.
Ends with exit 1 when a seed fails, 2 when it is asked for something else.`;
/** Seeds a worker plays before it reports. */
const ORDER = 25;
/** Failing seeds after which no more are played. */
const ENOUGH = 5;
const SAY_EVERY_MS = 2000;

const options = readOptions();
const { folder, remove } = build();
for (const [signal, exit] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  // The workers see that nobody listens any more, and clean up after themselves.
  process.once(signal, () => {
    remove();
    process.exit(exit);
  });
}
let code = 1;
try {
  code = options.seed === null ? await playMany() : await playOne(options.seed);
} finally {
  remove();
}
process.exit(code);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: 'string', default: '2000' },
        from: { type: 'string', default: '1' },
        jobs: { type: 'string', default: String(availableParallelism()) },
        seed: { type: 'string' },
        break: { type: 'string' },
        verbose: { type: 'boolean', default: false },
      },
    });
    const { seeds, from, jobs, seed, verbose } = values;
    return {
      seeds: whole('seeds', seeds),
      from: whole('from', from),
      jobs: whole('jobs', jobs),
      seed: seed === undefined ? null : whole('seed', seed),
      broken: values.break ?? null,
      verbose,
    };
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function whole(name, text) {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} is ${JSON.stringify(text)}; accepted: a whole number from 1`);
}

async function playOne(seed) {
  const load = (name) => import(pathToFileURL(join(folder, 'tests/simulation', name)).href);
  const [{ play }, { Home }, { BREAKS }] = await Promise.all([load('play.js'), load('home.js'), load('breaks.js')]);
  const home = new Home();
  const log = options.verbose ? (line) => console.log(line()) : () => {};
  const { violations, counts } = await play(seed, home, {
    log,
    ...(options.broken !== null && { broken: BREAKS[options.broken] }),
  });
  await home.remove();
  for (const violation of violations) console.log(`seed ${seed}: ${violation}`);
  console.log(`seed ${seed}: ${violations.length === 0 ? 'nothing lost' : 'FAILED'}; ${counted(counts)}`);
  return violations.length === 0 ? 0 : 1;
}

async function playMany() {
  const { seeds, from, jobs } = options;
  const total = { seeds: 0, counts: {}, failures: [] };
  const end = from + seeds - 1;
  let next = from;
  let said = Date.now();
  const add = (report) => {
    total.seeds += report.seeds;
    total.failures.push(...report.failures);
    for (const [name, count] of Object.entries(report.counts)) total.counts[name] = (total.counts[name] ?? 0) + count;
    for (const { seed, violations } of report.failures) {
      for (const violation of violations) console.log(`seed ${seed}: ${violation}`);
    }
    if (Date.now() - said < SAY_EVERY_MS) return;
    said = Date.now();
    console.error(`${total.seeds} of ${seeds} seeds played, ${total.failures.length} failed`);
  };
  const worker = async () => {
    const child = fork(join(folder, 'tests/simulation/worker.js'));
    const reports = messages(child);
    while (next <= end && total.failures.length < ENOUGH) {
      child.send({ from: next, to: Math.min(next + ORDER - 1, end), broken: options.broken });
      next += ORDER;
      add(await reports());
    }
    child.disconnect();
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  for (const { seed } of total.failures.slice(0, ENOUGH)) {
    console.log(`replay: npm run simulate -- --seed ${seed} --verbose`);
  }
  console.log(`${total.seeds} seeds, ${total.failures.length} failed; ${counted(total.counts)}`);
  return total.failures.length === 0 ? 0 : 1;
}

/** The next message of a worker each time; one that ends without it is an error. */
function messages(child) {
  return () =>
    new Promise((resolve, reject) => {
      const ended = (exit, signal) => reject(new Error(`a worker ended early (${signal ?? exit})`));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message);
      });
    });
}

function counted(counts) {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
