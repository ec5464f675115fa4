export type { NewNotification } from '../../store/ports/outbox.js';
export { pollCandidates, pollDue } from './due.js';
export { pollOutcome } from './outcome.js';
export { type PollOptions, pollOnce } from './poll-once.js';
export { pollInstance, pollMany, type RunOptions, runPolls } from './run-polls.js';
export { DUE_GRACE_MS } from './schedule.js';
export type { PollResult, PollSummary } from './summary.js';
