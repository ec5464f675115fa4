import type { GmailApi } from '../../gmail/api.js';
import { GmailError } from '../../gmail/errors.js';
import { LeaseLostError } from '../../store/errors.js';
import { isMetadataOnly } from '../accounts/index.js';
import { type ReportedError, reported } from '../errors.js';
import { pollHistory } from '../resources/changed-messages.js';
import { pollCollection } from '../resources/collection.js';
import type { Resource } from '../types.js';
import type { InstancePoll } from './instance-poll.js';
import { resourceRows } from './lost-markers.js';
import type { ResourceRun } from './resource-run.js';
import { YieldError } from './yield-error.js';

/**
 * Polls the resources one after the other; the failure of one does not keep the others from being polled. Returns what
 * failed, as one error, or null. Throws what ends the whole poll: YieldError, LeaseLostError, a lost grant, a throttle.
 */
export async function pollResources(poll: InstancePoll, gmail: GmailApi): Promise<ReportedError | null> {
  const { ctx, instance, settings, signal } = poll.input;
  const rows = await resourceRows(poll);
  const failures: { resource: Resource; error: unknown }[] = [];
  for (const resource of settings.resources) {
    const row = rows.get(resource.name);
    if (row === undefined) continue;
    try {
      await pollResource(resourceRun(poll, gmail, resource, row), resource);
    } catch (error) {
      if (signal.aborted || endsPoll(error)) throw error;
      ctx.log.warn({ instance: instance.id, resource: resource.name, error: reported(error).message }, 'poll failed');
      failures.push({ resource, error });
    }
  }
  return joined(failures, settings.resources.length);
}

function pollResource(run: ResourceRun, resource: Resource): Promise<unknown> {
  return resource.kind === 'history' ? pollHistory(run, resource) : pollCollection(run, resource);
}

function resourceRun(poll: InstancePoll, gmail: GmailApi, { name }: Resource, row: ResourceRun['row']): ResourceRun {
  const { ctx, lease, instance, settings, account, email, start, signal } = poll.input;
  return {
    ctx,
    lease,
    instance,
    settings,
    row,
    gmail,
    email,
    metadataOnly: isMetadataOnly(account?.scopes ?? []),
    pollStart: start,
    signal,
    commit: (part) => poll.commit(name, part),
    mailboxNotification: (eventType, record) => poll.mailboxNotification(eventType, name, record),
  };
}

/** A grant that Google refuses, or a client or domain that is not allowed. */
export function isAccountFailure(error: unknown): error is GmailError {
  return error instanceof GmailError && (error.class === 'reauthorize' || error.class === 'operator');
}

/** The other resources would meet the same. */
function endsPoll(error: unknown): boolean {
  if (error instanceof YieldError || error instanceof LeaseLostError) return true;
  return error instanceof GmailError && ['reauthorize', 'operator', 'throttle'].includes(error.class);
}

function joined(failures: { resource: Resource; error: unknown }[], resources: number): ReportedError | null {
  const [first, ...others] = failures.map(({ error }) => reported(error));
  if (first === undefined) return null;
  const errors = [first, ...others];
  const named = errors.map(({ message }, at) => `${failures[at]?.resource.name}: ${message}`);
  return {
    code: others.every(({ code }) => code === first.code) ? first.code : 'partial',
    message: resources === 1 ? first.message : named.join('; '),
    hint: first.hint,
    faults: errors.flatMap(({ faults }) => faults),
  };
}
