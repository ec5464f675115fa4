import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pollsOf, singleHome } from '../homes.js';
import { BIN, interleaved, median, run, script } from '../runs.js';

const GOALS = { ids: { least: 2000 } };

/** From a page of history to an acknowledged callback, each notification and its outcome durable: one instance, in order. */
export async function events(stage, { runs, events }) {
  const rows = [];
  for (const [format, count] of Object.entries(events)) {
    const { poll, bare } = await measured(stage, format, count, runs);
    const rate = (times) => count / (median(times) / 1000);
    const name = `events through the outbox, format=${format}`;
    const against = 'a loop of the same HTTP alone';
    rows.push({ part: 'events', name, unit: '/s', value: rate(poll), against, other: rate(bare), goal: GOALS[format] });
  }
  return rows;
}

async function measured(stage, format, count, runs) {
  const { home, email } = await singleHome(stage, `events-${format}`, format);
  const [poll] = await pollsOf(stage, home);
  await stage.google.ask('receive', { email, count });
  const gmail = stage.google.env.GMAIL_EVENTS_GMAIL_URL;
  const file = join(stage.folder, `bodies-${format}.json`);
  const callback = `${stage.receiver.url}/ok/${format}?i=${format}`;
  const bodies = await bodiesOf(stage, home);
  writeFileSync(file, JSON.stringify({ ...poll, gmail, format, callback, bodies }));
  return interleaved(
    {
      poll: acknowledged(stage, bodies.length, () => run([BIN, 'poll', '--quiet'], stage.env(stage.copyOf(home)))),
      bare: acknowledged(stage, bodies.length, () => run([script('undici-events.js'), file])),
    },
    runs,
  );
}

/** The bodies that this mail makes, as one run stores them. */
async function bodiesOf(stage, home) {
  const { stdout } = await run([BIN, 'poll', '--no-deliver', '--json'], stage.env(stage.copyOf(home)));
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return lines.filter(({ type }) => type === 'notification').map(({ body }) => JSON.stringify(body));
}

/** The run's time, once it is sure that the receiver has acknowledged so many. */
function acknowledged(stage, count, contest) {
  return async () => {
    const before = (await stage.receiver.progress()).healthy;
    await stage.google.ask('reset');
    const { ms } = await contest();
    const came = (await stage.receiver.progress()).healthy - before;
    if (came !== count) throw new Error(`${came} callbacks of ${count} came`);
    return ms;
  };
}
