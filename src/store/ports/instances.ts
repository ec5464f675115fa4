import type { Lease } from './leases.js';
import type { NewResource } from './resources.js';

/** Why nothing of an instance is attempted any more, until a person lifts it. */
export interface Stop {
  at: number;
  /** The notification that stopped it. */
  notificationId: string;
  reason: string;
}

/** The row of an instance in events.db. Times are milliseconds. */
export interface InstanceRow {
  id: number;
  uuid: string;
  createdAt: number;
  /** null: never scheduled (events off since creation). */
  nextPollAt: number | null;
  /** When nextPollAt was set; null: at the row's creation. */
  plannedAt: number | null;
  lastPollAt: number | null;
  /** ReportedError as JSON of the last poll that failed; null after one that did not. */
  lastError: string | null;
  stop: Stop | null;
  /** Time of the last delivery that succeeded (events queue). */
  lastSuccessAt: number | null;
  /** Set in the transaction that stores AUTH_FAILED, cleared in the one that stores AUTH_RESTORED. */
  authFailedAt: number | null;
}

export interface InstanceRows {
  /**
   * Commits the instance's row and its resources' markers before its file is written. The id is larger than any row ever
   * made and than `largestFile`, unless `id` is given (kept from an export; refused with null when it is taken).
   */
  create(row: {
    uuid: string;
    createdAt: number;
    nextPollAt: number | null;
    resources: NewResource[];
    largestFile: number;
    id?: number;
  }): Promise<number | null>;
  get(id: number): Promise<InstanceRow | null>;
  list(): Promise<InstanceRow[]>;
  /** Ids whose next poll is due at `now`. A next poll further ahead than `horizon(id)` allows is the caller's to judge. */
  due(now: number): Promise<number[]>;
  /** Not fsynced: losing it repeats work and loses nothing. `last`: the lease is given back with it, in one transaction. */
  update(
    lease: Lease,
    id: number,
    patch: Partial<Pick<InstanceRow, 'nextPollAt' | 'plannedAt' | 'lastPollAt' | 'lastError'>>,
    options?: { last?: boolean },
  ): Promise<void>;
  /** Before the file of an instance that is deleted goes: rows without their file are then known as left over, not as lost. */
  markDeleted(lease: Lease, id: number, now: number): Promise<void>;
  /** Ids that were marked as deleted and whose rows are still there. */
  deleted(): Promise<number[]>;
  /** Removes the row and everything of the instance, after its file is gone. Returns how many pending notifications (events queue) went. */
  remove(lease: Lease, id: number): Promise<number>;
}
