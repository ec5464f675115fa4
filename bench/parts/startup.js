import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { pollsOf } from '../homes.js';
import { googleapisFolder } from '../packages.js';
import { BIN, interleaved, median, run, script } from '../runs.js';

/** What a cron line costs: whole processes, from spawn to exit, of a home with one instance and no news. */
export async function startup(stage, { runs }) {
  const home = stage.copyOf(await stage.fleetHome(1));
  const [{ token, startHistoryId }] = await pollsOf(stage, home);
  const env = stage.env(home);
  const rival = join(await googleapisFolder(), 'poll.mjs');
  copyFileSync(script('googleapis-poll.js'), rival);
  const timed = (args, given) => async () => (await run(args, given)).ms;
  const times = await interleaved(
    {
      node: timed(['-e', '0']),
      poll: timed([BIN, 'poll', '--quiet'], env),
      version: timed([BIN, '--version'], env),
      status: timed([BIN, 'status', '--quiet'], env),
      googleapis: timed([rival, token, startHistoryId, stage.google.env.GMAIL_EVENTS_GMAIL_URL]),
    },
    runs,
  );
  const ms = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
  const row = (name, value, against, other, goal) => ({
    part: 'startup',
    name,
    unit: 'ms',
    value,
    against,
    other,
    goal,
  });
  return [
    row('idle poll of one instance', ms.poll, 'node -e 0', ms.node, { ratioMost: 2.5 }),
    row('idle poll of one instance', ms.poll, 'the same poll by googleapis', ms.googleapis, { ratioMost: 0.25 }),
    row('--version', ms.version, 'node -e 0', ms.node),
    row('status', ms.status, 'node -e 0', ms.node),
  ];
}
