import { setMaxListeners } from 'node:events';
import { StoreError } from '../../store/errors.js';
import type { NewNotification } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import {
  type AttemptReport,
  createEndpointTurns,
  type DeliverySummary,
  deliverInstance,
  pruneOutbox,
} from '../delivery/index.js';
import { type ReportedError, reported } from '../errors.js';
import { type PollSummary, pollCandidates } from '../polling/index.js';
import { Chosen } from './chosen.js';
import { pollTurn } from './poll-turn.js';
import { Turns } from './turns.js';

/** One look at what is due. All else is counted in these, not in times: the clock may be set back or forward. */
const TICK_MS = 1000;
/** All rows and file names are looked at: for instances that lost their row, and times written under another clock. */
const SWEEP_TICKS = 60;
const PRUNE_TICKS = 3600;
/** Pruning takes its turns beside the polls, for all instances at once. */
const PRUNING = 0;
const POLLS_AT_ONCE = 32;
/** Attempts of one instance before it is another's turn, if one waits. */
const ATTEMPTS_A_TURN = 8;
/** Until a delivery is looked at again that had nothing to attempt: its wait, its rest or its stop lasts. */
const DELIVERY_REST_TICKS = 5;
/** How long a request or a wait for quota may go on once the process is to stop. */
const DRAIN_MS = 10_000;

export type WatchAction =
  | { kind: 'poll'; summary: PollSummary; durationMs: number }
  | { kind: 'delivery'; id: number; summary: DeliverySummary }
  | { kind: 'prune'; removed: number }
  | { kind: 'error'; error: ReportedError };

/** What a watch that is to end waits for: so many instances are being polled, and so many delivered. */
export interface InFlight {
  polls: number;
  deliveries: number;
}

export interface WatchOptions {
  /** Ids or names; none is all instances, those made later included. */
  names: string[];
  /** No new work is begun; what is in flight ends, and then the watch. */
  signal: AbortSignal;
  /** The watch ends at once. */
  force: AbortSignal;
  onNotification?: (notification: NewNotification) => void;
  onAction?: (action: WatchAction) => void;
  /** Every attempt whose outcome is stored, those of mailbox notifications included. */
  onAttempt?: (report: AttemptReport) => void;
  /** The loop has looked at what is due: about once a second, unless the store holds it up. */
  onTick?: () => void;
  /** Nothing new is begun from now on; `left` tells at any time what is still in flight. */
  onDrain?: (left: () => InFlight) => void;
}

/**
 * Polls every instance at its interval and delivers what is due, until `signal` is aborted. Instances that are made,
 * changed or deleted meanwhile are noticed. Throws CoreError `usage` for a name that means none, StoreError for a store
 * that is broken.
 */
export async function watch(ctx: Context, options: WatchOptions): Promise<void> {
  const { onNotification, onAction = () => {}, onAttempt, onTick = () => {} } = options;
  const chosen = await Chosen.find(ctx, options.names);
  const ended = new AbortController();
  const cut = new AbortController();
  const stop = AbortSignal.any([options.signal, options.force]);
  // Every turn listens to these; Node takes more than ten for a leak and says so on stderr.
  setMaxListeners(0, stop, cut.signal, ended.signal);
  const forced = aborted(options.force).then(() => cut.abort());

  const attempts = onAttempt === undefined ? {} : { onAttempt };
  const turn = createEndpointTurns(ctx);
  const deliveries: Turns = new Turns(Number.POSITIVE_INFINITY, async (id) => {
    const deliver = async (othersWait: () => boolean) => {
      const enough = (begun: number) => begun >= ATTEMPTS_A_TURN && othersWait();
      return stop.aborted ? null : deliverInstance(ctx, id, { ...attempts, signal: stop, enough });
    };
    const summary = await turn(id, deliver).catch((error: unknown) => tellError(error, onAction));
    if (summary === null || summary.attempted === 0) return DELIVERY_REST_TICKS;
    onAction({ kind: 'delivery', id, summary });
    if (summary.passed) deliveries.wake(id);
    return 0;
  });
  const polls = new Turns(POLLS_AT_ONCE, (id) =>
    pollTurn(ctx, id, {
      signal: stop,
      force: cut.signal,
      onNotification: (notification) => {
        onNotification?.(notification);
        deliveries.wake(id);
      },
      onPolled: (summary, durationMs) => onAction({ kind: 'poll', summary, durationMs }),
    }),
  );
  const pruning = new Turns(1, async () => {
    const removed = await pruneOutbox(ctx, { signal: stop }).catch((error: unknown) => tellError(error, onAction));
    if (removed !== null && removed > 0) onAction({ kind: 'prune', removed });
    return PRUNE_TICKS;
  });
  try {
    await Promise.race([forced, look(ctx, { chosen, polls, deliveries, pruning, stop, onAction, onTick })]);
  } finally {
    options.onDrain?.(() => ({ polls: polls.running, deliveries: deliveries.running }));
    void ctx.clock.sleep(DRAIN_MS, ended.signal).then(() => cut.abort());
    await Promise.race([forced, Promise.all([polls.close(), deliveries.close(), pruning.close()])]);
    ended.abort();
  }
}

/** Looks at what is due, tick by tick, until `stop`. */
async function look(
  ctx: Context,
  watch: {
    chosen: Chosen;
    polls: Turns;
    deliveries: Turns;
    pruning: Turns;
    stop: AbortSignal;
    onAction: (action: WatchAction) => void;
    onTick: () => void;
  },
): Promise<void> {
  const { chosen, polls, deliveries, pruning, stop, onAction, onTick } = watch;
  for (let tick = 0; !stop.aborted; tick++) {
    try {
      const sweep = tick % SWEEP_TICKS === 0;
      if (sweep && tick > 0) await chosen.renew(ctx);
      const due = sweep ? await pollCandidates(ctx, 0) : await ctx.store.instances.due(ctx.clock.now());
      polls.offer(due.filter((id) => chosen.has(id)));
      const delivering = await ctx.store.outbox.instancesDue(ctx.clock.now());
      deliveries.offer(delivering.filter((id) => chosen.has(id)));
      pruning.offer([PRUNING]);
      onTick();
    } catch (error) {
      // A store that others keep locked is tried again; one that is broken is not.
      if (error instanceof StoreError && error.code === 'store') throw error;
      tellError(error, onAction);
    }
    await ctx.clock.sleep(TICK_MS, stop);
  }
}

function tellError(error: unknown, onAction: (action: WatchAction) => void): null {
  onAction({ kind: 'error', error: reported(error) });
  return null;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
