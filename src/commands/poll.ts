import type { Context } from '../core/context.js';
import { pruneOutbox } from '../core/delivery/index.js';
import { reported } from '../core/errors.js';
import { findInstances } from '../core/instances/index.js';
import {
  type NewNotification,
  type PollResult,
  type PollSummary,
  pollDue,
  pollOutcome,
  runPolls,
} from '../core/polling/index.js';
import { EXIT_CODES } from '../ui/exit-codes.js';
import type { Outcome, Ui } from '../ui/output.js';
import { withProgress } from '../ui/progress.js';
import { eventLines, madeText, notificationObject } from './notification-lines.js';
import { pollComplaint } from './poll-complaint.js';
import { RunProgress } from './run-progress.js';

export interface PollOptions {
  /** Ids or names; none is all that are enabled. */
  names: string[];
  due?: boolean | undefined;
  /** false: --no-deliver. */
  deliver?: boolean | undefined;
  dryRun?: boolean | undefined;
}

/** One poll now and the deliveries that are due. What the exit code is about is thrown once all is printed. */
export async function run(options: PollOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const { names, due = false, dryRun = false } = options;
  const deliver = options.deliver !== false && !dryRun;
  const progress = new RunProgress('Polling');
  const onNotification = (notification: NewNotification) => {
    if (notification.queue === 'events') progress.found(notification.eventCount);
    ui.data(notificationObject(notification));
    if (dryRun && !ui.json) ui.text(eventLines(notification).join('\n'));
  };
  const run = { deliver, dryRun, onNotification };
  const results = await withProgress(
    ui,
    () => progress.text(),
    () => polled(progress.heard(ctx), ui, { names, due, run }),
  );
  ui.data({ type: 'summary', instances: results.map(({ summary }) => summaryObject(summary)) });
  for (const { summary } of results) {
    if (summary.status !== 'failed') ui.text(line(summary, dryRun));
  }
  if (!dryRun) await prune(ctx);
  const outcome = pollOutcome(results, { due, deliver });
  if (outcome !== 'ok') throw pollComplaint(outcome, results, ui);
  return 'ok';
}

async function polled(
  ctx: Context,
  ui: Ui,
  asked: {
    names: string[];
    due: boolean;
    run: { deliver: boolean; dryRun: boolean; onNotification: (notification: NewNotification) => void };
  },
): Promise<PollResult[]> {
  const { names, due, run } = asked;
  if (due && names.length === 0) return pollDue(ctx, null, run);
  const options = { ...run, scheduled: false };
  if (names.length > 0) {
    const ids = (await findInstances(ctx, names)).map(({ id }) => id);
    return due ? pollDue(ctx, new Set(ids), run) : runPolls(ctx, ids, options);
  }
  // Each file is read when its turn comes: one that is broken fails by itself, and a fleet's are not read twice.
  const all = [...(await ctx.store.instanceFiles.keys())].sort((one, other) => one - other);
  const enabled = (await runPolls(ctx, all, options)).filter(({ summary }) => summary.status !== 'disabled');
  if (enabled.length === 0) {
    ui.note(
      all.length === 0
        ? 'There are no instances yet: gmail-events create-instance makes one.'
        : 'No instance is enabled and has its events on: gmail-events instances list shows them.',
    );
  }
  return enabled;
}

/** Old notifications are to go also where no watch runs. A poll is none the worse for a locked database: a later run prunes. */
async function prune(ctx: Context): Promise<void> {
  try {
    await pruneOutbox(ctx);
  } catch (error) {
    if (reported(error).code !== 'retry_later') throw error;
  }
}

function summaryObject(summary: PollSummary): object {
  const { error } = summary;
  if (error === null) return summary;
  const { code, message, hint, faults } = error;
  return { ...summary, error: { code, exitCode: EXIT_CODES[code].code, message, hint, faults } };
}

function line(summary: PollSummary, dryRun: boolean): string {
  const { id, status, delivered, pending, dead } = summary;
  if (status === 'disabled') return `instance ${id}: not polled, it is disabled or has its events off`;
  const parts = [status === 'busy' ? 'busy, another process works on it' : madeText(summary)];
  if (dryRun) parts.push('nothing stored');
  if (delivered > 0) parts.push(`${delivered} delivered`);
  if (pending > 0) parts.push(`${pending} pending`);
  if (dead > 0) parts.push(`${dead} dead`);
  return `instance ${id}: ${parts.join(', ')}`;
}
