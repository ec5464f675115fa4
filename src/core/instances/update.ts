import { accountKey } from '../../store/documents/names.js';
import type { InstanceRow } from '../../store/ports/instances.js';
import type { Lease } from '../../store/ports/leases.js';
import type { OAuthClient } from '../accounts/index.js';
import type { Context } from '../context.js';
import { endpointOf } from '../delivery/endpoint.js';
import { withInstance } from '../lease.js';
import { checkResources } from '../resources/url.js';
import type { AccountDocument, InstanceDocument, Resource } from '../types.js';
import { type CreatedInstance, namedAccount } from './create.js';
import { unknownInstance } from './find.js';
import { rescheduledPollAt } from './first-poll.js';
import { type Baseline, baseline, keepGrant, redeem, withGrantMarks } from './grant.js';
import type { Granted } from './grant-request.js';
import { type MarkerChanges, markerChanges } from './marker-changes.js';
import { GRANT_KEYS } from './masks.js';
import { type CheckedPatch, checkPatch } from './patch.js';
import { CORRECT_UPDATE, refusal } from './refusal.js';
import { readSettings, storedInterval } from './settings.js';
import { marker } from './store-instance.js';

export interface UpdateOptions {
  /** EMAIL or EMAIL/CLIENT_ID: another client's grant of the same mailbox. */
  account?: string | undefined;
  /** Of --client-secret-file: what the body does not say of the OAuth client of a new code. */
  client?: OAuthClient | undefined;
  /** Changed from the command line; false: the callback may be no private or loopback address from now on. */
  allowPrivate: boolean;
}

/**
 * Changes what a body of `PATCH /instances/{id}` names, under both leases of the instance. Refused as createInstance
 * refuses; then nothing has changed.
 */
export async function updateInstance(
  ctx: Context,
  id: number,
  patch: unknown,
  options: UpdateOptions,
): Promise<CreatedInstance> {
  return withInstance(ctx, id, async (lease) => {
    const before = await ctx.store.instanceFiles.read(id);
    if (before === null) throw unknownInstance(String(id));
    const account = await ctx.store.accountFiles.read(before.account);
    const { found, accountFaults } = await namedAccount(ctx, options.account);
    const checked = await checkPatch(ctx, before, patch, {
      account,
      other: found,
      client: options.client,
      allowPrivate: options.allowPrivate,
    });
    const faults = [...accountFaults, ...checked.faults];
    if (found !== null && !isMailbox(before, account, found.email)) {
      faults.push({
        path: '--account',
        message: `is another mailbox, ${found.email}; make an instance of its own for it`,
      });
    }
    if (faults.length > 0) throw refusal('the update', faults, CORRECT_UPDATE);
    return applyPatch(ctx, lease, before, account, checked);
  });
}

async function applyPatch(
  ctx: Context,
  lease: Lease,
  before: InstanceDocument,
  account: AccountDocument | null,
  patch: CheckedPatch,
): Promise<CreatedInstance> {
  const granted = patch.request === null ? null : await redeem(ctx, patch.request);
  if (granted !== null) assertMailbox(before, account, granted);
  const { configuration } = patch;
  const used = granted === null ? account : await keepGrant(ctx, granted, configuration.resources);
  const old = readPolled(before);
  const row = await ctx.store.instances.get(before.id);
  const rows = row === null ? [] : await ctx.store.resources.list(before.id);
  // Without a row the store was lost: the next poll finds that out and tells of the gap.
  const none: MarkerChanges = { added: [], restarted: [], removed: [] };
  const changes = row === null ? none : markerChanges(old, configuration, rows);
  const cursor = await newBaseline(ctx, [...changes.added, ...changes.restarted], granted, used);
  const after: InstanceDocument = {
    ...before,
    name: patch.name,
    tags: patch.tags,
    account: used?.key ?? before.account,
    externalAuthentication: patch.externalAuthentication,
    allowPrivate: patch.allowPrivate,
    configuration:
      used === null ? withOldMarks(configuration.values, before) : withGrantMarks(configuration.values, used),
  };
  await settleDeliveries(ctx, lease, before, after, () => store(ctx, lease, after, changes, cursor));
  if (row !== null) await reschedule(ctx, lease, row, old, after);
  return { document: after, email: used?.email ?? '', warnings: configuration.warnings };
}

/** New entries get their markers before the file names them, old ones lose theirs after it no longer does. */
async function store(
  ctx: Context,
  lease: Lease,
  after: InstanceDocument,
  { added, restarted, removed }: MarkerChanges,
  cursor: Baseline | null,
): Promise<void> {
  const now = ctx.clock.now();
  const markers = (resources: Resource[]) => resources.map((resource) => marker(resource, cursor, now));
  if (added.length > 0) await ctx.store.resources.replaceSet(lease, after.id, markers(added), []);
  await ctx.store.instanceFiles.write(lease, after.id, after);
  const gone = [...removed, ...restarted.map((resource) => resource.name)];
  if (gone.length > 0) await ctx.store.resources.replaceSet(lease, after.id, markers(restarted), gone);
}

/** Each on the side of `change`, which writes the file, where the same update, run again after a crash, makes up for it. */
async function settleDeliveries(
  ctx: Context,
  lease: Lease,
  before: InstanceDocument,
  after: InstanceDocument,
  change: () => Promise<void>,
): Promise<void> {
  const [oldUrl, newUrl] = [before, after].map(({ configuration }) => configuration['event.notification.callback.url']);
  if (newUrl !== undefined && newUrl !== oldUrl) {
    await ctx.store.outbox.resume(lease, after.id, endpointOf(newUrl), ctx.clock.now());
  }
  await change();
  if (newUrl === undefined) await ctx.store.outbox.store(lease, after.id, ctx.clock.now());
}

async function reschedule(
  ctx: Context,
  lease: Lease,
  row: InstanceRow,
  old: { eventsEnabled: boolean; intervalMinutes: number },
  after: InstanceDocument,
): Promise<void> {
  const now = ctx.clock.now();
  const nextPollAt = rescheduledPollAt(row, old, readSettings(after), { now, unit: ctx.random.unit() });
  if (nextPollAt !== undefined) await ctx.store.instances.update(lease, after.id, { nextPollAt, plannedAt: now });
}

async function newBaseline(
  ctx: Context,
  begun: readonly Resource[],
  granted: Granted | null,
  account: AccountDocument | null,
): Promise<Baseline | null> {
  if (!begun.some((resource) => resource.kind === 'history')) return null;
  if (account === null) {
    const message = 'is missing: the account of this instance is not authorized any more, and a new entry needs it';
    throw refusal('the update', [{ path: 'providerData.code', message }], 'Run gmail-events auth for that mailbox.');
  }
  return baseline(ctx, granted ?? { account }, account);
}

function assertMailbox(before: InstanceDocument, account: AccountDocument | null, granted: Granted): void {
  const { email } = 'grant' in granted ? granted.grant : granted.account;
  if (isMailbox(before, account, email)) return;
  const message = `is of another mailbox, ${email}; an instance stays with its mailbox`;
  throw refusal('the update', [{ path: 'providerData.code', message }], CORRECT_UPDATE);
}

function isMailbox(before: InstanceDocument, account: AccountDocument | null, email: string): boolean {
  if (account !== null) return account.email.toLowerCase() === email.toLowerCase();
  // The account's file is gone, but its key begins with the mailbox.
  return before.account.startsWith(accountKey(email, ''));
}

function withOldMarks(values: Record<string, string>, before: InstanceDocument): Record<string, string> {
  const marks = GRANT_KEYS.flatMap((key) => {
    const mark = before.configuration[key];
    return mark === undefined ? [] : [[key, mark]];
  });
  return { ...values, ...Object.fromEntries(marks) };
}

/** As it was polled so far; `resources` is null when they cannot be read (a file changed by hand, which an update repairs). */
function readPolled({ configuration }: InstanceDocument): {
  eventsEnabled: boolean;
  intervalMinutes: number;
  resources: Resource[] | null;
} {
  const poller = configuration['event.poller.configuration'];
  const read = poller === undefined ? { resources: [], faults: [] } : checkResources(poller, '');
  return {
    eventsEnabled: configuration['event.notification.enabled'] === 'true',
    intervalMinutes: storedInterval(configuration),
    resources: read.faults.length > 0 ? null : read.resources,
  };
}
