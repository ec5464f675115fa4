import { setTimeout as delay } from 'node:timers/promises';
import { castOf } from './cast.js';
import { fairness } from './fairness.js';
import { startReceiver, startWatch } from './processes.js';
import { megabytes, seconds } from './report.js';
import { seed } from './seed.js';
import { failingVerdict, healthyVerdict, rests } from './verdict.js';
import { createAll, startWorld } from './world.js';

const LOOK_EVERY_MS = 100;
/** Without anything new at the healthy receivers for so long, the run is over. */
const STALLED_MS = 60_000;
const MOST_MEMORY = 300 * 1024 ** 2;
const MOST_GROWTH = 64 * 1024 ** 2;
/** As many requests as may be in flight at once (core/delivery/places.ts), and what else a process has open. */
const MOST_FILES = 512 + 100;

/** A backlog of every instance drained by a watch of its own while a share of the receivers fail. */
export async function drainRun(options) {
  const members = castOf(options);
  const healthy = members.filter(({ kind }) => kind === 'ok');
  const world = await startWorld();
  const receiver = await startReceiver();
  try {
    const say = (text) => console.error(text);
    say(`making ${members.length} instances with ${options.notifications} notifications each`);
    const { expected, ids } = await prepare(world, members, receiver.url, options);
    say('draining');
    const watch = startWatch(world.env, options.profile);
    const drained = await untilDrained(watch, receiver, healthy.length * options.notifications, options);
    const cpu = watch.cpuSeconds();
    const arrivals = await receiver.arrivals();
    say('stopping');
    const end = await watch.stop();
    const stored = await outcome(world);
    return judge({ options, members, healthy, expected, ids, arrivals, drained, cpu, watch, end, stored });
  } finally {
    await receiver.close();
    await world.close();
  }
}

async function prepare(world, members, url, { notifications, timeout }) {
  const ctx = await world.open();
  await ctx.store.settings.set({ 'delivery.timeoutSeconds': timeout });
  const documents = await createAll(ctx, world.sandbox, members, url);
  const expected = [];
  for (const document of documents) expected.push(await seed(ctx, document, notifications, ctx.clock.now()));
  await ctx.store.close();
  return { expected, ids: documents.map(({ id }) => id) };
}

/** When everything has come at the healthy receivers (null: it did not), and the run has lasted as long as it shall. */
async function untilDrained(watch, receiver, wanted, { seconds: least }) {
  const begun = Date.now();
  let [count, changed, allAt] = [0, begun, null];
  for (;;) {
    await delay(LOOK_EVERY_MS);
    const { healthy } = await receiver.progress();
    if (healthy > count) changed = Date.now();
    count = healthy;
    if (allAt === null && healthy >= wanted) allAt = Date.now();
    const stalled = allAt === null && Date.now() - changed > STALLED_MS;
    const long = Date.now() - begun >= least * 1000;
    if (stalled || !watch.running() || (allAt !== null && long)) return { begun, allAt, until: Date.now() };
  }
}

async function outcome(world) {
  const ctx = await world.open();
  const counts = await ctx.store.outbox.counts();
  const delivered = (await ctx.store.outbox.list({ state: 'delivered' })).length;
  await ctx.store.close();
  return { pending: counts.reduce((sum, each) => sum + each.pending, 0), delivered };
}

function judge({ options, members, healthy, expected, arrivals, drained, cpu, watch, end, stored }) {
  const came = new Map(arrivals.instances);
  const wanted = healthy.length * options.notifications;
  const times = healthy.flatMap(({ index }) => (came.get(String(index)) ?? []).map(([, at]) => at));
  const first = times.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const last = times.reduce((one, other) => Math.max(one, other), 0);
  const fair = fairness(healthy, came, first, options.notifications);
  const rate = Math.round((times.length / (last - first || 1)) * 1000);
  const { rested, untried } = rests(arrivals.endpoints, drained.until, options.timeout * 1000);
  const memory = memoryOf(watch.samples, first, last);
  const files = watch.samples.reduce((most, sample) => Math.max(most, sample.files), 0);
  const failures = members.length - healthy.length;
  const all = members.length * options.notifications;
  const wrongs = healthyVerdict(members, expected, came);
  const sick = failingVerdict(members, expected, came, arrivals.endpoints);
  return {
    title: `${members.length} instances with ${options.notifications} notifications each, ${failures} receivers fail`,
    figures: [
      ['delivered to healthy receivers', `${times.length} of ${wanted} in ${seconds(last - first)}: ${rate} a second`],
      ['from the start of watch to the first', seconds(first - drained.begun)],
      ['until the last instance got its first', seconds(fair.lastFirst)],
      ['until an instance was drained, first and last', `${seconds(fair.firstLast)}, ${seconds(last - first)}`],
      ['at half time, least and most delivered', `${fair.least} and ${fair.most} of ${options.notifications}`],
      ['fairness at half time (Jain; 1 is even)', fair.jain.toFixed(3)],
      [
        'requests to failing receivers',
        `${arrivals.instances.reduce((sum, [, each]) => sum + each.length, 0) - times.length}`,
      ],
      ['failing endpoints that rested, tried again', `${rested}, ${rested - untried.length}`],
      ['CPU of watch', cpu === null ? 'unknown' : seconds(cpu * 1000)],
    ],
    checks: [
      check('every healthy instance drained, nothing twice, in order', wrongs.length === 0, few(wrongs)),
      check('failing receivers: waits, rests and order', sick.length === 0, few(sick)),
      check('rests end by one attempt', untried.length === 0, few(untried)),
      check(
        'nothing lost',
        stored.pending + stored.delivered === all && stored.delivered === wanted,
        `${stored.delivered} delivered, ${stored.pending} pending`,
      ),
      check(
        'no starvation: all served in the first half',
        fair.lastFirst <= (last - first) / 2,
        seconds(fair.lastFirst),
      ),
      check(
        'memory bounded',
        memory.peak > 0 && memory.peak < MOST_MEMORY && memory.growth < MOST_GROWTH,
        `peak ${megabytes(memory.peak)}, growth over the second half ${megabytes(memory.growth)}`,
      ),
      check('file descriptors bounded', files > 0 && files < MOST_FILES, `${files} at most`),
      check('watch ends by SIGTERM with 0', end.code === 0, `${end.code} ${end.stderr.trim()}`),
    ],
    numbers: {
      rate,
      files,
      ...memory,
      ...fair,
      rested,
      tried: rested - untried.length,
      delivered: stored.delivered,
      pending: stored.pending,
      drainMs: last - first,
    },
  };
}

function check(name, ok, found) {
  return { name, ok, found };
}

function few(faults) {
  return faults.length === 0 ? 'all' : `${faults.length} faults: ${faults.slice(0, 3).join('; ')}`;
}

/** Highest memory, and how much higher it was in the second half of the drain than in the first. */
function memoryOf(samples, first, last) {
  const most = (from, to) => Math.max(0, ...samples.filter(({ at }) => at >= from && at <= to).map(({ rss }) => rss));
  const half = (first + last) / 2;
  const firstHalf = most(0, half);
  return {
    peak: most(0, Number.POSITIVE_INFINITY),
    growth: firstHalf === 0 ? 0 : Math.max(0, most(half, last) - firstHalf),
  };
}
