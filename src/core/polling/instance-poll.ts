import type { Lease } from '../../store/ports/leases.js';
import type { NewNotification } from '../../store/ports/outbox.js';
import type { PartCommit } from '../../store/ports/resources.js';
import type { Context } from '../context.js';
import { buildMailboxNotification } from '../notification/index.js';
import type { AccountDocument, InstanceDocument, InstanceSettings, MailboxEventType } from '../types.js';
import { YieldError } from './yield-error.js';

/** What one poll of one instance is about; its parts are handed on to each resource. */
export interface InstancePollInput {
  ctx: Context;
  lease: Lease;
  instance: InstanceDocument;
  settings: InstanceSettings;
  /** null: the account was revoked here, or its file is gone. */
  account: AccountDocument | null;
  /** The mailbox's address. */
  email: string;
  /** Milliseconds. */
  start: number;
  dryRun: boolean;
  /** Aborted: the poll ends at its next commit. */
  signal: AbortSignal;
  onNotification: (notification: NewNotification) => void;
}

/**
 * One poll of one instance under its poll lease: the only place that commits what the poll found. Counts changes; events
 * about the mailbox itself count in nothing.
 */
export class InstancePoll {
  events = 0;
  notifications = 0;
  readonly input: InstancePollInput;

  constructor(input: InstancePollInput) {
    this.input = input;
  }

  /** ONE transaction. Throws LeaseLostError, and YieldError once a command wants the lease or the process is to stop. */
  async commit(resource: string, part: Omit<PartCommit, 'instanceId' | 'resource' | 'now'>): Promise<void> {
    const { ctx, lease, instance, dryRun } = this.input;
    const wanted = dryRun
      ? await ctx.store.leases.wanted(lease)
      : await ctx.store.resources.commitPart(lease, {
          ...part,
          instanceId: instance.id,
          resource,
          now: ctx.clock.now(),
        });
    for (const notification of part.notifications) {
      if (notification.queue === 'events') {
        this.events += notification.eventCount;
        this.notifications += 1;
      }
      this.input.onNotification(notification);
    }
    this.stopIfAsked();
    if (wanted) throw new YieldError('a command wants the instance');
  }

  /**
   * A notification about the mailbox itself; empty when the instance wants none. `subject` is the resource concerned, or
   * `mailbox`. With `once` the same text gives the same notification in every poll.
   */
  mailboxNotification(
    eventType: MailboxEventType,
    subject: string,
    record: Record<string, unknown>,
    once?: string,
  ): NewNotification[] {
    const { instance, settings, email, start } = this.input;
    const made = buildMailboxNotification({
      instance,
      settings,
      email,
      eventType,
      key: [once ?? String(start), subject],
      record,
      at: start,
      once: once !== undefined,
    });
    return made === null ? [] : [made];
  }

  /** Throws YieldError once the process is to stop. */
  stopIfAsked(): void {
    if (this.input.signal.aborted) throw new YieldError('the process is to stop');
  }
}
