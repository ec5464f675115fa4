import type { Stop } from './instances.js';
import type { Lease } from './leases.js';

/** `lastError` of a row that a person gave up; it says nothing about the receiver. */
export const DISCARDED = 'discarded';

export type Queue = 'events' | 'mailbox';
export type NotificationState = 'pending' | 'delivered' | 'dead' | 'stored';

export interface NewNotification {
  id: string;
  instanceId: number;
  /** The resource's name, or `mailbox`. */
  resource: string;
  /** `mailbox` notifications hold no other back and wait for none. */
  queue: Queue;
  /** The very bytes that every attempt sends. */
  body: Uint8Array;
  contentType: string;
  eventCount: number;
  /** `stored` when the instance has no callback URL. */
  state: 'pending' | 'stored';
}

/** A notification without its body. Times are milliseconds. */
export interface OutboxRow {
  /** Place in the queue: grows, never reused. */
  seq: number;
  id: string;
  instanceId: number;
  resource: string;
  queue: Queue;
  contentType: string;
  eventCount: number;
  state: NotificationState;
  /** Attempts whose outcome was recorded since it was last made due afresh. */
  attempts: number;
  nextAttemptAt: number | null;
  firstAttemptAt: number | null;
  lastStatus: number | null;
  lastError: string | null;
  createdAt: number;
  deliveredAt: number | null;
  /** Of a stored row: when its callback URL was taken away, for it ages from then; null for one that never had any. */
  diedAt: number | null;
}

export interface AttemptLog {
  notificationId: string;
  at: number;
  /** HTTP status; null when no answer came. */
  status: number | null;
  durationMs: number;
  error: string | null;
  /** First 1 kB of the answer's body, as text. */
  answer: string | null;
}

/** An endpoint is a URL without its query. */
export interface EndpointRow {
  endpoint: string;
  /** Failures in a row. */
  failures: number;
  restUntil: number | null;
  /** Length of the last rest, so that the next one doubles. */
  restMs: number | null;
}

/** How an instance and its endpoint stand. */
export interface Standing {
  endpoint: EndpointRow | null;
  stop: Stop | null;
  lastSuccessAt: number | null;
  /** A notification of the events queue has died (not: was discarded) and none of the instance has been delivered since. */
  unansweredDeath: boolean;
}

/** The outcome of one attempt, and everything that follows from it: ONE fsynced transaction. */
export interface AttemptCommit {
  notificationId: string;
  patch: Partial<
    Pick<
      OutboxRow,
      'state' | 'attempts' | 'nextAttemptAt' | 'firstAttemptAt' | 'lastStatus' | 'lastError' | 'deliveredAt' | 'diedAt'
    >
  >;
  attempt: AttemptLog | null;
  endpoint?: EndpointRow;
  instance?: { id: number; stop?: Stop | null; lastSuccessAt?: number };
  /** e.g. a DEAD_LETTER. */
  notifications: NewNotification[];
  now: number;
}

export interface OutboxFilter {
  ids?: string[];
  state?: NotificationState;
  instanceId?: number;
  resource?: string;
  /** created at or after */
  since?: number;
  /** Places in the queue in front of, and behind, this one. */
  before?: number;
  after?: number;
  /** The newest, and they first. */
  newestFirst?: boolean;
  limit?: number;
}

/** What an instance's events queue did of late. Times are milliseconds. */
export interface OutboxActivity {
  /** Of the newest notifications, in no particular order. */
  notifications: Pick<OutboxRow, 'createdAt' | 'eventCount' | 'state' | 'deliveredAt' | 'diedAt'>[];
  /** Their attempts since the time that was asked for. */
  attempts: Pick<AttemptLog, 'at' | 'status' | 'durationMs' | 'error'>[];
  /** From when on nothing is left out; null: from the beginning of what is kept. */
  completeSince: number | null;
}

export interface OutboxCounts {
  instanceId: number;
  pending: number;
  dead: number;
  oldestPendingAt: number | null;
}

export interface Outbox {
  /**
   * Pending rows of one queue in order of seq, whether due or not; `dueAt` keeps those due at that time. A row that lies
   * further ahead than its own wait allows is due too: without an attempt there is no wait, and one whose last attempt lies
   * in the future tells that the clock was set back.
   */
  pending(instanceId: number, queue: Queue, options: { limit: number; dueAt?: number }): Promise<OutboxRow[]>;
  /** Pending rows of either queue, whether due or not. */
  hasPending(instanceId: number): Promise<boolean>;
  /** Instances with pending rows whose time has come (as above) and that are not stopped. */
  instancesDue(now: number): Promise<number[]>;
  get(id: string): Promise<OutboxRow | null>;
  body(id: string): Promise<Uint8Array | null>;
  attempts(id: string): Promise<AttemptLog[]>;
  /** In queue order, unless the newest are asked for. */
  list(filter: OutboxFilter): Promise<OutboxRow[]>;
  /** Of at most `limit` notifications: a page shows plots of it, whatever the queue holds. */
  activity(instanceId: number, options: { since: number; limit: number }): Promise<OutboxActivity>;
  /** Of the events queue, of all instances or of one; an instance without rows is absent. */
  counts(instanceId?: number): Promise<OutboxCounts[]>;
  /** How many there are of each state, of both queues. */
  depths(): Promise<Record<NotificationState, number>>;
  /**
   * What `resume` would send anew, of both queues, in queue order behind the place `after`: what died since the last
   * success, and with `pending` also what is pending.
   */
  resumable(instanceId: number, options: { pending: boolean; after: number; limit: number }): Promise<OutboxRow[]>;
  endpoint(endpoint: string): Promise<EndpointRow | null>;
  /** What the outcome of an attempt is judged by. */
  standing(instanceId: number, endpoint: string): Promise<Standing>;
  commitAttempt(lease: Lease, commit: AttemptCommit): Promise<void>;
  /** The callback URL is gone: pending rows become stored. Returns how many. */
  store(lease: Lease, instanceId: number, now: number): Promise<number>;
  /**
   * Lifts a stop: ends the endpoint's rest, makes all pending due now with attempts counted afresh, and returns those that
   * died since the last success to their original place as pending. Returns how many are pending.
   */
  resume(lease: Lease, instanceId: number, endpoint: string | null, now: number): Promise<number>;
  /** Dead with lastError `discarded`: no DEAD_LETTER, no step to a stop. */
  discard(lease: Lease, ids: string[], now: number): Promise<void>;
  /** Deletes at most `limit` delivered rows older than `deliveredBefore` and dead or stored ones older than `deadBefore`. Returns how many. */
  prune(options: { deliveredBefore: number; deadBefore: number; limit: number }): Promise<number>;
}
