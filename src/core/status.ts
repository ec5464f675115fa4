import { mailboxOfKey } from '../store/documents/names.js';
import type { InstanceRow } from '../store/ports/instances.js';
import type { OutboxCounts } from '../store/ports/outbox.js';
import { accountHealth, accountName, readAccounts } from './accounts/index.js';
import type { Context } from './context.js';
import { deliveryHealth } from './delivery/index.js';
import { type ReportedError, reported } from './errors.js';
import { type BrokenInstance, isPolled, readInstances } from './instances/index.js';
import type { AccountDocument, InstanceDocument } from './types.js';

/** Gmail keeps history "typically at least a week" (users.history.list). */
const HISTORY_KEPT_MS = 7 * 24 * 3600 * 1000;
const EXPIRING_MS = 2 * 24 * 3600 * 1000;

/** Times are milliseconds; null: never, or unknown. */
export interface InstanceStatus {
  id: number;
  name: string;
  account: string;
  lastPollAt: number | null;
  nextPollAt: number | null;
  cursorAt: number | null;
  cursorExpiresAt: number | null;
  deliveries: 'running' | 'resting' | 'stopped';
  /** The oldest pending one has failed and is tried again. */
  retrying: boolean;
  pending: number;
  dead: number;
  oldestPendingAt: number | null;
  error: ReportedError | null;
}

export interface AccountStatus {
  /** EMAIL, or EMAIL/CLIENT_ID of a mailbox that is authorized under several clients. */
  email: string;
  /** `cooling`: Google asked for a pause; `expiring`: the grant ends within two days. */
  state: 'ok' | 'cooling' | 'expiring' | 'reauthorize' | 'operator';
  /** When the pause, or else the grant, ends. */
  until: number | null;
}

/** What each instance does and what is wrong with it, from the store alone: Google is not asked. */
export async function readStatus(ctx: Context): Promise<{ instances: InstanceStatus[]; accounts: AccountStatus[] }> {
  const [{ documents: instances, broken }, { documents: accounts, broken: brokenAccounts }, rows, counts] =
    await Promise.all([readInstances(ctx), readAccounts(ctx), ctx.store.instances.list(), ctx.store.outbox.counts()]);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const countsOf = new Map(counts.map((count) => [count.instanceId, count]));
  const accountOf = new Map<string, AccountDocument | Error>([
    ...accounts.map((account) => [account.key, account] as const),
    ...brokenAccounts.map(({ key, error }) => [key, error as Error] as const),
  ]);
  const nameOf = new Map(accounts.map((account) => [account.key, accountName(account, accounts)]));
  const statuses = broken.map((each) => brokenStatus(each, rowOf.get(each.id), countsOf.get(each.id)));
  for (const instance of instances) {
    statuses.push(
      await instanceStatus(
        ctx,
        instance,
        nameOf.get(instance.account) ?? mailboxOfKey(instance.account),
        accountOf.get(instance.account),
        rowOf.get(instance.id),
        countsOf.get(instance.id),
      ),
    );
  }
  statuses.sort((one, other) => one.id - other.id);
  const told = accounts.map((account) => accountStatus(ctx, account, nameOf.get(account.key) ?? account.email));
  return { instances: statuses, accounts: await Promise.all(told) };
}

/** The same of one instance. */
export async function readInstanceStatus(ctx: Context, instance: InstanceDocument): Promise<InstanceStatus> {
  const [{ documents: accounts, broken }, row, [counts]] = await Promise.all([
    readAccounts(ctx),
    ctx.store.instances.get(instance.id),
    ctx.store.outbox.counts(instance.id),
  ]);
  const account = accounts.find(({ key }) => key === instance.account);
  const unreadable = broken.find(({ key }) => key === instance.account);
  const name = account === undefined ? mailboxOfKey(instance.account) : accountName(account, accounts);
  return instanceStatus(
    ctx,
    instance,
    name,
    account ?? (unreadable?.error as Error | undefined),
    row ?? undefined,
    counts,
  );
}

/** What the rows tell of an instance whose file cannot be understood. */
function brokenStatus(
  { id, error }: BrokenInstance,
  row: InstanceRow | undefined,
  counts: OutboxCounts | undefined,
): InstanceStatus {
  return {
    id,
    name: '?',
    account: '?',
    lastPollAt: row?.lastPollAt ?? null,
    nextPollAt: row?.nextPollAt ?? null,
    cursorAt: null,
    cursorExpiresAt: null,
    deliveries: row?.stop == null ? 'running' : 'stopped',
    retrying: false,
    pending: counts?.pending ?? 0,
    dead: counts?.dead ?? 0,
    oldestPendingAt: counts?.oldestPendingAt ?? null,
    error,
  };
}

async function instanceStatus(
  ctx: Context,
  instance: InstanceDocument,
  named: string,
  account: AccountDocument | Error | undefined,
  row: InstanceRow | undefined,
  counts: OutboxCounts | undefined,
): Promise<InstanceStatus> {
  const resources = await ctx.store.resources.list(instance.id);
  const cursorTimes = resources.flatMap((resource) => (resource.cursorAt === null ? [] : [resource.cursorAt]));
  const cursorAt = cursorTimes.length === 0 ? null : Math.min(...cursorTimes);
  const polled = isPolled(instance);
  const delivery = await deliveryHealth(ctx, instance, row ?? null);
  return {
    id: instance.id,
    name: instance.name,
    account: named,
    lastPollAt: row?.lastPollAt ?? null,
    nextPollAt: polled ? (row?.nextPollAt ?? null) : null,
    cursorAt,
    cursorExpiresAt: cursorAt === null ? null : cursorAt + HISTORY_KEPT_MS,
    deliveries: delivery.state,
    retrying: delivery.retrying,
    pending: counts?.pending ?? 0,
    dead: counts?.dead ?? 0,
    oldestPendingAt: counts?.oldestPendingAt ?? null,
    error: delivery.error ?? (polled ? await pollError(ctx, instance, account, row) : null),
  };
}

/** The grant comes first: every poll fails by it. */
async function pollError(
  ctx: Context,
  instance: InstanceDocument,
  account: AccountDocument | Error | undefined,
  row: InstanceRow | undefined,
): Promise<ReportedError | null> {
  if (account instanceof Error) return reported(account);
  if (account === undefined) {
    const message = `the account of instance ${instance.id} is not authorized any more`;
    return { code: 'auth', message, hint: 'Run gmail-events auth for that mailbox.', faults: [] };
  }
  const last = row?.lastError == null ? null : (JSON.parse(row.lastError) as ReportedError);
  const health = await accountHealth(ctx, account.key);
  if (health.state !== 'ok') {
    // What is to be set right at Google is not always a matter of authorization: the poll that met it knows.
    const met = last !== null && last.message === health.reason;
    return {
      code: health.state === 'reauthorize' ? 'auth' : met ? last.code : 'failed',
      message: health.reason ?? `${account.email} needs authorization`,
      hint: health.hint,
      faults: [],
    };
  }
  return last;
}

async function accountStatus(ctx: Context, account: AccountDocument, email: string): Promise<AccountStatus> {
  const { grantExpiresAt } = account;
  const { state, until } = await accountHealth(ctx, account.key);
  if (state !== 'ok') return { email, state, until: null };
  if (until !== null) return { email, state: 'cooling', until };
  const expiring = grantExpiresAt !== null && grantExpiresAt - ctx.clock.now() < EXPIRING_MS;
  return { email, state: expiring ? 'expiring' : 'ok', until: grantExpiresAt };
}
