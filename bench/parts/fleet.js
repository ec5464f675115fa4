import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { growth } from '../growth.js';
import { pollsOf } from '../homes.js';
import { costs } from '../profile.js';
import { BIN, interleaved, median, run, script } from '../runs.js';

/** 463 polls a second are a Google Cloud project's whole day: 80,000,000 units, 2 a poll. */
const WHOLE_PROJECT = 463;

/** Idle polls of many accounts in one process: start-up, leases, cursor commits and summary included. */
export async function fleet(stage, { runs, fleetSizes }) {
  const points = [];
  let largest;
  for (const size of fleetSizes) {
    largest = await measured(stage, size, size === fleetSizes.at(-1) ? runs : Math.min(runs, 3));
    points.push([size, median(largest.poll)]);
  }
  const size = fleetSizes.at(-1);
  const rate = (times) => size / (median(times) / 1000);
  const [ours, undici, google] = [rate(largest.poll), rate(largest.undici), rate(largest.google)];
  const name = `idle polls of ${size} accounts`;
  const row = (against, other, goal) => ({ part: 'fleet', name, unit: '/s', value: ours, against, other, goal });
  return [
    row('a bare undici loop', undici, { ratioLeast: 0.6 }),
    row('the same loop on @googleapis/gmail', google, { least: WHOLE_PROJECT }),
    growth('fleet', 'time of a run', 'ms', points, 'accounts'),
  ];
}

/** What such a run spends its time on. */
export async function fleetCosts(stage, { fleetSizes }) {
  const env = stage.env(stage.copyOf(await stage.fleetHome(fleetSizes.at(-1))));
  await stage.google.ask('reset');
  return costs(stage, 'fleet', ['poll', '--quiet'], env);
}

async function measured(stage, size, runs) {
  const home = await stage.fleetHome(size);
  const polls = join(stage.folder, `polls-${size}.json`);
  writeFileSync(polls, JSON.stringify(await pollsOf(stage, home)));
  const gmail = stage.google.env.GMAIL_EVENTS_GMAIL_URL;
  const rival = (name) => async () => {
    await stage.google.ask('reset');
    const { ms, stdout } = await run([script(name), polls, String(size), gmail]);
    if (Number(stdout) !== size) throw new Error(`${name} polled ${stdout} of ${size}`);
    return ms;
  };
  return interleaved(
    {
      poll: async () => {
        const env = stage.env(stage.copyOf(home));
        await stage.google.ask('reset');
        const { ms } = await run([BIN, 'poll', '--quiet'], env);
        const { requests } = await stage.google.ask('spent');
        if (requests !== size) throw new Error(`${requests} requests for ${size} idle polls`);
        return ms;
      },
      undici: rival('undici-polls.js'),
      google: rival('google-polls.js'),
    },
    runs,
  );
}
