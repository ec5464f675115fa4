import { growth } from '../growth.js';
import { singleHome } from '../homes.js';
import { BIN, runWithPeak } from '../runs.js';

const MB = 1e6;
const SETTLE_MS = 3000;

/** Peaks of the whole process, at several sizes. */
export async function memory(stage, { watchSizes, changeSizes }) {
  const watch = [];
  for (const size of watchSizes) watch.push([size, await watchPeak(stage, size)]);
  const poll = [];
  for (const size of changeSizes) poll.push([size, await pollPeak(stage, size)]);
  const other = (await runWithPeak(stage, ['-e', '0'])) / MB;
  const row = (name, value, below) => ({
    part: 'memory',
    name,
    unit: 'MB',
    value,
    against: 'node -e 0',
    other,
    goal: { below },
  });
  return [
    row(`watch with ${watchSizes.at(-1)} instances, peak`, watch.at(-1)[1], 200),
    growth('memory', 'watch', 'MB', watch, 'instances'),
    row(`one poll of ${changeSizes.at(-1)} changes, peak`, poll.at(-1)[1], 150),
    growth('memory', 'poll', 'MB', poll, 'changes'),
  ];
}

/** All of them are due when it begins, which is the most it can have to do; it ends once each was polled. */
async function watchPeak(stage, size) {
  const env = stage.env(stage.copyOf(await stage.fleetHome(size)));
  await stage.google.ask('reset');
  const polled = async () => {
    for (let requests = 0; requests < size; requests = (await stage.google.ask('spent')).requests) await sleep(200);
    await sleep(SETTLE_MS);
  };
  return (await runWithPeak(stage, [BIN, 'watch', '--quiet'], env, polled)) / MB;
}

async function pollPeak(stage, size) {
  const { home, email } = await singleHome(stage, `changes-${size}`, 'ids');
  await stage.google.ask('receive', { email, count: size });
  return (await runWithPeak(stage, [BIN, 'poll', '--quiet', '--no-deliver'], stage.env(home))) / MB;
}

const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));
