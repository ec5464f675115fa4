import type { GmailApi } from '../../gmail/api.js';
import type { Lease } from '../../store/ports/leases.js';
import type { NewNotification } from '../../store/ports/outbox.js';
import type { PartCommit, ResourceRow } from '../../store/ports/resources.js';
import type { Context } from '../context.js';
import type { InstanceDocument, InstanceSettings } from '../types.js';

/** One resource of one instance in one poll: what the orchestration hands to changed-messages and to a collection. */
export interface ResourceRun {
  ctx: Context;
  lease: Lease;
  instance: InstanceDocument;
  settings: InstanceSettings;
  /** Marker of the resource as it stood when the poll began. */
  row: ResourceRow;
  gmail: GmailApi;
  /** The mailbox's address. */
  email: string;
  /** The grant is of the metadata scope only (isMetadataOnly of the account's scopes): messages.list takes no `q`. */
  metadataOnly: boolean;
  /** Milliseconds. */
  pollStart: number;
  signal: AbortSignal;
  /**
   * The only way to store: ONE transaction under the poll lease. It throws LeaseLostError, and YieldError when a command
   * wants the lease (what was committed stays). In a dry run it stores nothing and only reports the notifications.
   */
  commit(part: Omit<PartCommit, 'instanceId' | 'resource' | 'now'>): Promise<void>;
  /** A `mailbox` notification for `commit` (e.g. GAP); an empty array when the instance wants none. */
  mailboxNotification(eventType: 'GAP', record: Record<string, unknown>): NewNotification[];
}

export interface ResourceOutcome {
  /** Events committed by this poll. */
  events: number;
}
