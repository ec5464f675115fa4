import type { ErrorCode } from '../errors.js';
import type { PollResult } from './summary.js';

/** How a run was asked for, as far as its exit code depends on it. */
export interface RunKind {
  due: boolean;
  deliver: boolean;
}

/**
 * The one category of a whole run. When every instance failed for one and the same reason it is that reason; a mixture is
 * `partial`. Disabled instances have no say.
 */
export function pollOutcome(results: readonly PollResult[], run: RunKind): ErrorCode | 'ok' {
  const verdicts = new Set(
    results.filter(({ summary }) => summary.status !== 'disabled').map((result) => verdict(result, run)),
  );
  const [only = 'ok', ...others] = verdicts;
  return others.length === 0 ? only : 'partial';
}

/** With --due only what this run itself attempted counts, so that cron does not mail every minute of a long retry. */
function verdict(result: PollResult, run: RunKind): ErrorCode | 'ok' {
  const { summary, polled } = result;
  if (summary.status === 'busy' && !run.due) return 'retry_later';
  if (summary.status === 'failed' && (polled || !run.due)) return summary.error?.code ?? 'failed';
  return run.deliver && deliveryIsOpen(result, run) ? 'partial' : 'ok';
}

function deliveryIsOpen({ summary, delivery }: PollResult, run: RunKind): boolean {
  if (delivery === null) return false;
  if (delivery.died > 0) return true;
  // What failed and then succeeded within the run is delivered.
  if (delivery.failed > 0) return summary.pending > 0;
  // Rows that another process is delivering are no failure.
  return !run.due && !delivery.busy && summary.pending > 0;
}
