import type { DeliverySummary } from '../delivery/index.js';
import type { ReportedError } from '../errors.js';

export interface PollSummary {
  id: number;
  /** `busy`: the poll lease is held elsewhere, or was given up to a command that wanted it. */
  status: 'ok' | 'busy' | 'disabled' | 'failed';
  /** Changes that this poll found and their notifications; in a dry run, those it would have made. */
  events: number;
  notifications: number;
  /** Notifications delivered by this run; pending and dead are all there are of the instance. */
  delivered: number;
  pending: number;
  dead: number;
  /** Gmail calls of this poll and their price. */
  requests: number;
  units: number;
  error: ReportedError | null;
}

/** A summary and what an exit code has to know beside it. */
export interface PollResult {
  summary: PollSummary;
  /** This run polled, or found a grant lost. False: not due, busy, disabled, cooling down, or known to be lost. */
  polled: boolean;
  /** null: nothing was to be delivered. */
  delivery: DeliverySummary | null;
}

export function emptyResult(id: number, status: PollSummary['status'] = 'ok'): PollResult {
  const nothing = { events: 0, notifications: 0, delivered: 0, pending: 0, dead: 0, requests: 0, units: 0 };
  return { summary: { id, status, ...nothing, error: null }, polled: false, delivery: null };
}

export function failedResult(result: PollResult, error: ReportedError): PollResult {
  return { ...result, summary: { ...result.summary, status: 'failed', error } };
}
