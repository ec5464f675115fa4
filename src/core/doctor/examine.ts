import pLimit from 'p-limit';
import { inspectStore } from '../../store/inspect.js';
import { accountName, readAccounts } from '../accounts/index.js';
import type { Context } from '../context.js';
import { type ReportedError, reported } from '../errors.js';
import { googleAddresses } from '../google-addresses.js';
import { isPolled, readInstances } from '../instances/index.js';
import { homeFolder, systemClock, systemRandom } from '../open.js';
import type { Clock, Log } from '../ports.js';
import { KEY_VARIABLE } from '../settings/index.js';
import { readStatus } from '../status.js';
import type { AccountDocument, InstanceDocument } from '../types.js';
import { accountChecks, type Say } from './account-checks.js';
import { callbackCheck, hasCallback } from './callback-check.js';
import { type Check, fault, guarded } from './check.js';
import { googleChecks } from './google-check.js';
import { instanceCheck, pollingCheck, scopeChecks } from './instance-checks.js';
import { clientCheck, storeChecks } from './store-checks.js';

export interface ExamineOptions {
  home?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
  clock?: Clock;
  say: Say;
  /** Called before tests are sent, with how many; false: none is sent. */
  send(tests: number): boolean;
}

const AT_ONCE = 8;
const NO_ACCOUNT = fault('accounts', 'auth', 'no account is authorized', 'gmail-events auth --client-secret-file FILE');

/**
 * Looks at everything, and changes nothing: the store is opened for reading, in whatever state it is, and what cannot be
 * read keeps nothing else from being looked at. CoreError `usage` for an address of Google's that is none.
 */
export async function examine(options: ExamineOptions): Promise<Check[]> {
  const { env, log, clock = systemClock, say } = options;
  const home = homeFolder(options);
  const google = googleAddresses(env);
  const inspection = await inspectStore({ home, clock, encryptionKey: env[KEY_VARIABLE] || undefined });
  const ctx: Context = { home, env, google, store: inspection.store, clock, random: systemRandom, log };
  try {
    const checks = await storeChecks(ctx, inspection);
    const { documents: accounts, broken } = await files('accounts', () => readAccounts(ctx), checks);
    const { documents: instances } = await files('instances', () => readInstances(ctx), checks);
    checks.push(...(await clientCheck(ctx, accounts.length + broken)));
    if (accounts.length + broken === 0) checks.push(NO_ACCOUNT);
    const reach = await guarded('google', () => googleChecks(ctx));
    checks.push(...reach);
    const reached = reach.some(({ name, ok }) => name === 'google' && ok);
    if (reached) checks.push(...(await grants(ctx, accounts, say)));
    const rows = inspection.fault === null && inspection.schema.found === inspection.schema.known;
    if (rows) checks.push(...(await guarded('instances', () => standing(ctx, instances, say))));
    const accountOf = new Map(accounts.map((account) => [account.key, account]));
    for (const instance of instances) {
      const scopes = async () => scopeChecks(instance, accountOf.get(instance.account));
      checks.push(...(await guarded(`instance ${instance.id}`, scopes)));
    }
    return [...checks, ...(await callbacks(ctx, instances, accountOf, options))];
  } finally {
    await inspection.store.close();
  }
}

/** The files that can be understood; the others become checks, unless it is a matter of the key, which has one of its own. */
async function files<T>(
  name: string,
  read: () => Promise<{ documents: T[]; broken: { error: unknown }[] }>,
  checks: Check[],
): Promise<{ documents: T[]; broken: number }> {
  try {
    const { documents, broken } = await read();
    for (const { error } of broken) {
      const { code, message, hint } = isReported(error) ? error : reported(error);
      const locked = checks.some((check) => check.name === 'secrets' && !check.ok) && /crypted/.test(message);
      if (!locked) checks.push(fault(name, code, message, hint));
    }
    return { documents, broken: broken.length };
  } catch (error) {
    const { code, message, hint } = reported(error);
    checks.push(fault(name, code, message, hint));
    return { documents: [], broken: 1 };
  }
}

function isReported(error: unknown): error is ReportedError {
  return typeof error === 'object' && error !== null && 'message' in error && 'code' in error && 'hint' in error;
}

async function grants(ctx: Context, accounts: AccountDocument[], say: Say): Promise<Check[]> {
  const limit = pLimit(AT_ONCE);
  const each = accounts.map((account) => limit(() => accountChecks(ctx, account, accountName(account, accounts), say)));
  return (await Promise.all(each)).flat();
}

async function standing(ctx: Context, instances: InstanceDocument[], say: Say): Promise<Check[]> {
  const now = ctx.clock.now();
  const { instances: statuses } = await readStatus(ctx);
  const known = instances.flatMap((document) => {
    const status = statuses.find(({ id }) => id === document.id);
    return status === undefined ? [] : [{ document, status }];
  });
  const each = known.map(({ document, status }) => instanceCheck(status, isPolled(document), now, say));
  const polling = await guarded('polling', async () => pollingCheck(known, now));
  return [...each, ...polling];
}

async function callbacks(
  ctx: Context,
  instances: InstanceDocument[],
  accountOf: ReadonlyMap<string, AccountDocument>,
  { send }: ExamineOptions,
): Promise<Check[]> {
  const having = instances.filter(hasCallback);
  if (having.length === 0 || !send(having.length)) return [];
  const limit = pLimit(AT_ONCE);
  const each = having.map((instance) =>
    limit(() =>
      guarded(`callback of instance ${instance.id}`, () =>
        callbackCheck(ctx, instance, accountOf.get(instance.account)?.email ?? instance.account),
      ),
    ),
  );
  return (await Promise.all(each)).flat();
}
