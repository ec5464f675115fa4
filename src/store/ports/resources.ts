import type { Lease } from './leases.js';
import type { NewNotification } from './outbox.js';

/** A recovery of an expired cursor in progress (or about to start). Times are milliseconds. */
export interface GapState {
  /** historyId that Google refused; null: the cursor was lost with the store. */
  from: string | null;
  /** getProfile().historyId read when the gap was found: the cursor once recovery is done. */
  baseline: string;
  windowStart: number;
  windowEnd: number;
  /** Where messages.list goes on; null: from the start. */
  pageToken: string | null;
  /** The list that the page token belongs to. */
  list?: string;
  recovered: number;
}

/** A record that fails: which message, and how many polls have reached it. */
export interface StuckState {
  messageId: string;
  polls: number;
  /** Other messages of the same record that were given up already. */
  givenUp?: string[];
}

/** How far a resource of an instance has been read. */
export interface ResourceRow {
  instanceId: number;
  name: string;
  kind: 'history' | 'collection';
  /** historyId as text; null for a collection, or a cursor that was lost with the store. */
  cursor: string | null;
  cursorAt: number | null;
  head: string | null;
  /** Of Google's time, as are `firstBaselineAt` and `lastEndAt`; `cursorAt` is of this machine's clock. */
  headAt: number | null;
  firstBaselineAt: number | null;
  /** Start of the last poll that reached the end of history, or took a whole snapshot. */
  lastEndAt: number | null;
  gap: GapState | null;
  stuck: StuckState | null;
  /** Of a collection: path and query of the snapshot; another one means a new baseline. */
  fingerprint: string | null;
  /** A collection's snapshot exists. */
  hasSnapshot: boolean;
}

export interface NewResource {
  name: string;
  kind: 'history' | 'collection';
  cursor: string | null;
  at: number;
  /** The marker was lost with the store. Of a collection `at` becomes its first baseline, which without a snapshot tells so. */
  lost?: boolean;
}

export interface SnapshotChange {
  upsert: { key: string; hash: string }[];
  remove: string[];
  /** Keys that the list still holds, unchanged: like an upsert, this renews the time they were last seen at. */
  seen?: string[];
  /** Forget keys last seen before this (milliseconds): of a window, where leaving the list removes nothing. */
  forgetSeenBefore?: number;
}

/**
 * THE central rule: the events of a part (as notifications), the ids they emit and the cursor behind them are ONE
 * transaction, fsynced whenever it stores a notification, else not.
 */
export interface PartCommit {
  instanceId: number;
  resource: string;
  patch: Partial<Omit<ResourceRow, 'instanceId' | 'name' | 'kind'>>;
  notifications: NewNotification[];
  /** Message ids whose CREATED is in this part. */
  emitted: string[];
  /** Milliseconds; `now` unless given. */
  emittedAt?: number;
  snapshot?: SnapshotChange;
  /** Forget ids emitted before this (milliseconds). */
  forgetEmittedBefore?: number;
  /** Also of the instance's row, in the same transaction. */
  authFailedAt?: number | null;
  now: number;
}

export interface ResourceRows {
  list(instanceId: number): Promise<ResourceRow[]>;
  get(instanceId: number, name: string): Promise<ResourceRow | null>;
  /** Adds what is missing, removes those not named (with snapshot and emitted ids). */
  replaceSet(lease: Lease, instanceId: number, add: NewResource[], removeNames: string[]): Promise<void>;
  /** Throws LeaseLostError and stores nothing when the fence is no longer ours. Whether the lease is wanted (Leases). */
  commitPart(lease: Lease, commit: PartCommit): Promise<boolean>;
  /** Which of these message ids are known as emitted. */
  emittedAmong(instanceId: number, resource: string, messageIds: string[]): Promise<Set<string>>;
  /** The collection's last snapshot: key -> hash of the record. */
  snapshot(instanceId: number, resource: string): Promise<Map<string, string>>;
}
