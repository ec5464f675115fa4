import type { SettingsDocument } from '../../store/ports/documents.js';
import type { Lease } from '../../store/ports/leases.js';
import type { NotificationState, Queue } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import { readSettings } from '../instances/settings.js';
import type { InstanceDocument, InstanceSettings } from '../types.js';
import { endpointOf, isOnTrial } from './endpoint.js';
import type { Sender } from './sender.js';
import { sharedSender } from './shared-sender.js';

/** One attempt whose outcome is stored. */
export interface AttemptReport {
  instanceId: number;
  notificationId: string;
  resource: string;
  queue: Queue;
  /** What the attempt made of the notification. */
  state: NotificationState;
  attempts: number;
  status: number | null;
  error: string | null;
  durationMs: number;
  nextAttemptAt: number | null;
}

export interface DeliverOptions {
  /** Graceful: no new attempt is begun, those in flight end and are recorded. */
  signal?: AbortSignal;
  /** Asked before each attempt, with how many were begun: whether it is another instance's turn. */
  enough?(begun: number): boolean;
  onAttempt?(report: AttemptReport): void;
}

/** Attempts of the events queue; `begun` counts those of mailbox notifications too. */
export interface Tally {
  begun: number;
  attempted: number;
  delivered: number;
  failed: number;
  died: number;
}

export function newTally(): Tally {
  return { begun: 0, attempted: 0, delivered: 0, failed: 0, died: 0 };
}

/** Work on one instance's outbox under its deliver lease. */
export interface Drain {
  ctx: Context;
  lease: Lease;
  instance: InstanceDocument;
  settings: InstanceSettings;
  rules: SettingsDocument;
  endpoint: string;
  sender: Sender;
  tally: Tally;
  options: DeliverOptions;
  /** By `events resend`: neither a stop nor a rest keeps it from its attempts. */
  resent: boolean;
  /** Nothing more is to be begun: stopped, resting, wanted or passed. */
  over: boolean;
  /** The endpoint's rest has ended, and nothing has succeeded since. */
  onTrial: boolean;
  /** A command wants the lease. */
  wanted: boolean;
  /** It is another instance's turn. */
  passed: boolean;
}

/** Why nothing of an instance is attempted at all, as the end of a sentence; null when it can be. */
export function undeliverable(instance: InstanceDocument, settings: InstanceSettings): string | null {
  if (instance.disabled) return 'is disabled';
  if (!settings.eventsEnabled) return 'has its events turned off';
  if (settings.callbackUrl === null) return 'has no callback URL';
  return null;
}

/**
 * Runs `work` with what the instance's file says now: no command can change it while the lease is held. null when there is
 * no such instance, or it cannot be delivered.
 */
export async function withDrain(
  ctx: Context,
  lease: Lease,
  id: number,
  given: { tally: Tally; options: DeliverOptions; resent: boolean },
  work: (drain: Drain) => Promise<void>,
): Promise<Drain | null> {
  const [instance, row, rules] = await Promise.all([
    ctx.store.instanceFiles.read(id),
    ctx.store.instances.get(id),
    ctx.store.settings.read(),
  ]);
  if (instance === null) return null;
  const settings = readSettings(instance);
  if (undeliverable(instance, settings) !== null) return null;
  const endpoint = endpointOf(settings.callbackUrl ?? '');
  const onTrial = isOnTrial(await ctx.store.outbox.endpoint(endpoint));
  const sender = sharedSender(ctx, {
    allowPrivate: instance.allowPrivate,
    timeoutSeconds: rules['delivery.timeoutSeconds'],
  });
  const over = !given.resent && row?.stop != null;
  const drain: Drain = {
    ctx,
    lease,
    instance,
    settings,
    rules,
    endpoint,
    sender,
    ...given,
    over,
    onTrial,
    wanted: false,
    passed: false,
  };
  try {
    await work(drain);
    return drain;
  } finally {
    await sender.close();
  }
}
