import type { Context } from '../../src/core/context.js';
import { deliverInstance, pruneOutbox } from '../../src/core/delivery/index.js';
import { type PollResult, pollDue, runPolls } from '../../src/core/polling/index.js';
import { watch } from '../../src/core/watch/index.js';
import type { Process } from './process.js';

/** What a person or cron starts. */
export type Command = 'cron' | 'poll' | 'pollWithoutDelivery' | 'dryRun' | 'deliver' | 'watch' | 'prune';

export const COMMANDS: Record<Command, number> = {
  cron: 8,
  poll: 10,
  pollWithoutDelivery: 3,
  dryRun: 1,
  deliver: 2,
  watch: 1,
  prune: 1,
};

const WATCHED_FOR_MS = 30_000;

/** Runs a command of a process to its end. Returns the summaries it gives; null: the command gives none. */
export async function run(
  command: Command,
  process: Process,
  ctx: Context,
  ids: readonly number[],
): Promise<PollResult[] | null> {
  switch (command) {
    case 'cron':
      return pollDue(ctx, null, { deliver: true });
    case 'poll':
      return runPolls(ctx, ids, { deliver: true, scheduled: false });
    case 'pollWithoutDelivery':
      return runPolls(ctx, ids, { deliver: false, scheduled: false });
    case 'dryRun':
      return runPolls(ctx, ids, { deliver: true, dryRun: true, scheduled: false });
    case 'deliver':
      await Promise.all(ids.map((id) => deliverInstance(ctx, id)));
      return null;
    case 'prune':
      await pruneOutbox(ctx);
      return null;
    case 'watch':
      await watchFor(process, ctx);
      return null;
  }
}

/** Until a first SIGTERM; the death of the process is a second one, for code that would wait for the first. */
async function watchFor(process: Process, ctx: Context): Promise<void> {
  const [signal, force] = [new AbortController(), new AbortController()];
  const live = process.whileWaiting(() => force.abort());
  void ctx.clock.sleep(WATCHED_FOR_MS, force.signal).then(() => signal.abort());
  try {
    await watch(ctx, { names: [], signal: signal.signal, force: force.signal });
  } finally {
    live();
    force.abort();
  }
}
