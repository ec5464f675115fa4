import { StoreError } from '../../store/errors.js';
import type { NewNotification } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import { type DeliverySummary, deliverInstance, pruneOutbox } from '../delivery/index.js';
import { type ReportedError, reported } from '../errors.js';
import { findInstances } from '../instances/index.js';
import { type PollSummary, pollCandidates, pollOnce } from '../polling/index.js';
import { Turns } from './turns.js';

/** One look at what is due. Everything below is counted in these, not in times: the clock may be set back or forward. */
const TICK_MS = 1000;
/** All rows and file names are looked at: for instances that lost their row, and times written under another clock. */
const SWEEP_TICKS = 60;
const PRUNE_TICKS = 3600;
const POLLS_AT_ONCE = 32;
/** A receiver that hangs keeps its place for 15 s an attempt, and others theirs. */
const DELIVERIES_AT_ONCE = 256;
/** How long a request or a wait for quota may go on once the process is to stop. */
const DRAIN_MS = 10_000;

/** Ticks until an instance is looked at again that is due and yet had nothing done. */
const REST = { busy: 2, idle: 10, cooling: 15, failing: 5 };

export type WatchAction =
  | { kind: 'poll'; summary: PollSummary }
  | { kind: 'delivery'; id: number; summary: DeliverySummary }
  | { kind: 'prune'; removed: number }
  | { kind: 'error'; error: ReportedError };

export interface WatchOptions {
  /** Ids or names; none is all instances, those made later included. */
  names: string[];
  /** No new work is begun; what is in flight ends, and then the watch. */
  signal: AbortSignal;
  /** The watch ends at once. */
  force: AbortSignal;
  onNotification?: (notification: NewNotification) => void;
  onAction?: (action: WatchAction) => void;
}

/**
 * Polls every instance at its interval and delivers what is due, until `signal` is aborted. Instances that are made,
 * changed or deleted meanwhile are noticed. Throws CoreError `usage` for a name that means none, StoreError for a store
 * that is broken.
 */
export async function watch(ctx: Context, options: WatchOptions): Promise<void> {
  const ended = new AbortController();
  const cut = new AbortController();
  const { signal, force } = options;
  const act = options.onAction ?? (() => {});
  const deliveries = new Turns(DELIVERIES_AT_ONCE, (id) => deliverTurn(ctx, id, signal, act));
  const polls = new Turns(POLLS_AT_ONCE, (id) => pollTurn(ctx, id, { ...options, cut: cut.signal, act, deliveries }));
  const forced = new Promise<void>((resolve) => {
    const end = () => {
      cut.abort();
      resolve();
    };
    if (force.aborted) end();
    else force.addEventListener('abort', end, { once: true, signal: ended.signal });
  });
  try {
    await Promise.race([forced, loop(ctx, options, polls, deliveries)]);
    void ctx.clock.sleep(DRAIN_MS, ended.signal).then(() => cut.abort());
    await Promise.race([forced, Promise.all([polls.close(), deliveries.close()])]);
  } finally {
    ended.abort();
  }
}

async function loop(ctx: Context, options: WatchOptions, polls: Turns, deliveries: Turns): Promise<void> {
  const { names, signal, onAction = () => {} } = options;
  let among = await chosen(ctx, names);
  for (let tick = 0; !signal.aborted; tick++) {
    try {
      const sweep = tick % SWEEP_TICKS === 0;
      if (sweep && tick > 0) among = await stillChosen(ctx, names, among);
      const due = sweep ? await pollCandidates(ctx, 0) : await ctx.store.instances.due(ctx.clock.now());
      polls.offer(due.filter((id) => among === null || among.has(id)));
      const delivering = await ctx.store.outbox.instancesDue(ctx.clock.now());
      deliveries.offer(delivering.filter((id) => among === null || among.has(id)));
      if (tick % PRUNE_TICKS === 0) await prune(ctx, signal, onAction);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'store') throw error;
      onAction({ kind: 'error', error: reported(error) });
    }
    await ctx.clock.sleep(TICK_MS, signal);
  }
}

/** null: all. */
async function chosen(ctx: Context, names: readonly string[]): Promise<Set<number> | null> {
  if (names.length === 0) return null;
  return new Set((await findInstances(ctx, names)).map(({ id }) => id));
}

/** A name means whoever carries it now; one that nobody carries any more keeps those it meant. */
async function stillChosen(
  ctx: Context,
  names: readonly string[],
  before: ReadonlySet<number> | null,
): Promise<Set<number> | null> {
  if (before === null) return null;
  const now = await Promise.all(names.map((name) => chosen(ctx, [name]).catch(() => null)));
  return new Set([...before, ...now.flatMap((ids) => [...(ids ?? [])])]);
}

async function pollTurn(
  ctx: Context,
  id: number,
  turn: WatchOptions & { cut: AbortSignal; act: (action: WatchAction) => void; deliveries: Turns },
): Promise<number> {
  const { signal, cut, act, deliveries, onNotification } = turn;
  let made = false;
  const result = await pollOnce(ctx, id, {
    scheduled: true,
    signal,
    force: cut,
    onNotification: (notification) => {
      made = true;
      onNotification?.(notification);
    },
  });
  if (made) deliveries.wake(id);
  const { summary, polled } = result;
  if (polled || (summary.status === 'busy' && made)) act({ kind: 'poll', summary });
  if (polled) return 0;
  if (summary.status === 'busy') return REST.busy;
  return summary.status === 'failed' ? REST.cooling : REST.idle;
}

async function deliverTurn(
  ctx: Context,
  id: number,
  signal: AbortSignal,
  act: (action: WatchAction) => void,
): Promise<number> {
  try {
    const summary = await deliverInstance(ctx, id, { signal });
    if (summary.attempted > 0) act({ kind: 'delivery', id, summary });
    return summary.attempted > 0 ? 0 : REST.failing;
  } catch (error) {
    act({ kind: 'error', error: reported(error) });
    return REST.idle;
  }
}

async function prune(ctx: Context, signal: AbortSignal, act: (action: WatchAction) => void): Promise<void> {
  const removed = await pruneOutbox(ctx, { signal });
  if (removed > 0) act({ kind: 'prune', removed });
}
