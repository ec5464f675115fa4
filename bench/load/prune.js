import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Libsql from 'libsql';
import { pruneOutbox } from '../../dist/core/delivery/index.js';
import { withLease } from '../../dist/core/lease.js';
import { startNeighbour } from './processes.js';
import { megabytes } from './report.js';
import { seed } from './seed.js';
import { startWorld } from './world.js';

const DAY_MS = 24 * 3600 * 1000;
/** Between two rounds: delivered notifications are kept for three rounds and a half, dead ones for fifteen. */
const ROUND_MS = 2 * DAY_MS;
const INSTANCES = 2;
/** Of so many one stays pending, and one is dead. */
const EVERY = 250;
/** No write of another process waits longer for a step of pruning. */
const LONGEST_MS = 1000;
const STEADY = 17;

/** Notifications come, are delivered and grow old, round after round, while another process writes to the same store. */
export async function pruneRun({ total, rounds }) {
  const world = await startWorld();
  const clock = { time: Date.now() - rounds * ROUND_MS, now: () => clock.time, sleep: (ms) => delay(ms) };
  const ctx = await world.open(clock);
  const steps = [];
  const pruning = {
    ...ctx,
    store: { ...ctx.store, outbox: { ...ctx.store.outbox, prune: timed(ctx.store.outbox, steps) } },
  };
  const neighbours = [];
  const sizes = [];
  const logs = [];
  const kept = [];
  try {
    const documents = [];
    for (let at = 0; at < INSTANCES; at += 1) documents.push(await instance(ctx, at));
    const each = Math.ceil(total / rounds / INSTANCES);
    for (let round = 1; round <= rounds; round += 1) {
      for (const document of documents) kept.push(...(await fill(ctx, document, each)));
      clock.time += ROUND_MS;
      const neighbour = await startNeighbour(world.home);
      await pruneOutbox(pruning);
      neighbours.push(await neighbour.worst());
      sizes.push(sizeOf(world.home, 'events.db'));
      logs.push(sizeOf(world.home, 'events.db-wal'));
      console.error(`round ${round}: ${megabytes(sizes.at(-1))}`);
    }
    const rows = await ctx.store.outbox.list({});
    clock.time += 40 * DAY_MS;
    await pruneOutbox(pruning);
    const left = await ctx.store.outbox.list({});
    const end = pagesOf(world.home);
    await ctx.store.close();
    const made = each * INSTANCES * rounds;
    return judge({ made, rounds, steps, neighbours, sizes, logs, rows: rows.length, kept, left, end });
  } finally {
    await world.close();
  }
}

function timed(outbox, steps) {
  return async (options) => {
    const begun = performance.now();
    const removed = await outbox.prune(options);
    steps.push({ ms: performance.now() - begun, removed });
    return removed;
  };
}

async function instance(ctx, number) {
  const uuid = randomUUID();
  const id = await ctx.store.instances.create({
    uuid,
    createdAt: ctx.clock.now(),
    nextPollAt: null,
    resources: [{ name: 'changed-messages', kind: 'history', cursor: '1', at: ctx.clock.now() }],
    largestFile: 0,
  });
  return { id, uuid, name: `load ${number}`, tags: ['load'], elementKey: 'gmail' };
}

/** Stores them and records what became of each; returns the ids of those that stay pending. */
async function fill(ctx, document, count) {
  const ids = await seed(ctx, document, count, ctx.clock.now());
  await withLease(ctx, `deliver:${document.id}`, (lease) =>
    Promise.all(
      ids.map((id, at) =>
        at % EVERY === 0 ? null : ctx.store.outbox.commitAttempt(lease, outcome(id, at, ctx.clock.now())),
      ),
    ),
  );
  return ids.filter((_id, at) => at % EVERY === 0);
}

function outcome(id, at, now) {
  const dead = at % EVERY === 1;
  return {
    notificationId: id,
    patch: dead
      ? { state: 'dead', attempts: 10, nextAttemptAt: null, diedAt: now, lastStatus: 500 }
      : { state: 'delivered', attempts: 1, nextAttemptAt: null, deliveredAt: now, lastStatus: 200 },
    attempt: { notificationId: id, at: now, status: dead ? 500 : 200, durationMs: 20, error: null, answer: '{}' },
    notifications: [],
    now,
  };
}

function sizeOf(home, name) {
  return statSync(join(home, name)).size;
}

/** What the file holds; the file itself follows with the next checkpoint of its log. */
function pagesOf(home) {
  const db = new Libsql(join(home, 'events.db'));
  const [{ bytes }] = db
    .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
    .all([]);
  db.close();
  return bytes;
}

function judge({ made, rounds, steps, neighbours, sizes, logs, rows, kept, left, end }) {
  const removing = steps
    .filter(({ removed }) => removed > 0)
    .map(({ ms }) => ms)
    .sort((one, other) => one - other);
  const at = (share) => removing[Math.min(removing.length - 1, Math.floor(removing.length * share))] ?? 0;
  const removed = steps.reduce((sum, step) => sum + step.removed, 0);
  const worst = Math.max(...neighbours);
  // Once the dead grow old too, every round adds only what stays pending.
  const steady = sizes.slice(Math.min(STEADY, rounds - 1) - 1);
  const growth = Math.max(...steady) / steady[0];
  const leftIds = new Set(left.map(({ id }) => id));
  const untouched = kept.every((id) => leftIds.has(id)) && left.length === kept.length;
  return {
    title: `${made} notifications in ${rounds} rounds, two days apart`,
    figures: [
      ['removed by pruning', `${removed}, ${rows} rows were left in the last round`],
      ['events.db after each round', `${sizes.map((size) => (size / 1024 ** 2).toFixed(0)).join(' ')} MB`],
      ['its log, largest', megabytes(Math.max(...logs))],
      ['the same once all but what is pending has grown old', megabytes(end)],
      [
        'a step of pruning, median, 99 % and longest',
        [at(0.5), at(0.99), at(1)].map((ms) => `${ms.toFixed(0)} ms`).join(', '),
      ],
    ],
    checks: [
      {
        name: 'the file stays bounded',
        ok: growth < 1.25,
        found: `${(growth * 100 - 100).toFixed(0)} % growth over the last ${steady.length} rounds`,
      },
      {
        name: 'space is given back',
        ok: end < Math.max(...sizes) / 2,
        found: `${megabytes(end)} after ${megabytes(Math.max(...sizes))}`,
      },
      {
        name: 'steps are short',
        ok: worst < LONGEST_MS,
        found: `another process never waited longer than ${worst.toFixed(0)} ms to write`,
      },
      { name: 'pending ones are never touched', ok: untouched, found: `${kept.length} of ${left.length}` },
    ],
    numbers: { made, removed, sizes, end, worst, growth, stepMs: at(1), pending: left.length },
  };
}
