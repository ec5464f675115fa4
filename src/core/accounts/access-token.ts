import { GmailError } from '../../gmail/errors.js';
import type { TokenSource } from '../../gmail/ports.js';
import { LeaseLostError } from '../../store/errors.js';
import type { Lease } from '../../store/ports/leases.js';
import type { Context } from '../context.js';
import { withLease, withWantedLease } from '../lease.js';
import { refreshTokens } from '../oauth/refresh.js';
import type { AccountDocument } from '../types.js';
import { markAccountFailed, NO_GRANT, noteFailedGrant } from './health.js';

/** A token that ends sooner than this is not used any more: a request and its answer take a while. */
const MARGIN_MS = 60_000;
const WAIT_MS = 15_000;
const LOOK_EVERY_MS = 100;
/** Each refresh tells anew how long the grant itself still lasts, in whole seconds: an end that moved so little is the same. */
const SAME_END_MS = 60_000;

/** Refreshes that run in this process, by store and account: its clients share one. */
const running = new WeakMap<object, Map<string, Promise<AccountDocument>>>();

/** Access tokens of an account: the one in its file as long as it is good, else a new one for all processes. */
export class AccountTokens implements TokenSource {
  readonly #ctx: Context;
  /** The account as this client knows it: its grant is what an error of Gmail's is about. */
  account: AccountDocument;

  constructor(ctx: Context, account: AccountDocument) {
    this.#ctx = ctx;
    this.account = account;
  }

  current(): Promise<string> {
    return this.#token(null);
  }

  renewed(rejected: string): Promise<string> {
    return this.#token(rejected);
  }

  async #token(rejected: string | null): Promise<string> {
    const kept = usable(this.account, rejected, this.#ctx.clock.now());
    if (kept !== null) return kept;
    this.account = await renewedAccount(this.#ctx, this.account.key, rejected);
    return this.account.accessToken ?? '';
  }
}

/**
 * The account with another access token than `rejected`, refreshed under the account's lease. When another process holds
 * it, its new token is waited for, up to 15 s. GmailError when Google gives none; a grant that failed is marked.
 */
export function renewedAccount(ctx: Context, accountKey: string, rejected: string | null): Promise<AccountDocument> {
  const refreshes = running.get(ctx.store) ?? new Map<string, Promise<AccountDocument>>();
  running.set(ctx.store, refreshes);
  const key = JSON.stringify([accountKey, rejected]);
  const known = refreshes.get(key);
  if (known !== undefined) return known;
  const refresh = renewOnce(ctx, accountKey, rejected).finally(() => refreshes.delete(key));
  refreshes.set(key, refresh);
  return refresh;
}

async function renewOnce(ctx: Context, accountKey: string, rejected: string | null): Promise<AccountDocument> {
  // Summed up, not read from the clock: it may be set while we wait.
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const done = await withLease(ctx, `account:${accountKey}`, (lease) => renewUnder(ctx, lease, accountKey, rejected));
    if (done !== null) return done.value;
    const account = await read(ctx, accountKey);
    if (usable(account, rejected, ctx.clock.now()) !== null) return account;
    if (waited >= WAIT_MS) {
      throw new GmailError(`another gmail-events process is busy with the grant of ${account.email}`, {
        class: 'retry',
        code: 'retry_later',
        hint: 'Run the command again in a moment.',
      });
    }
    await ctx.clock.sleep(LOOK_EVERY_MS);
  }
}

async function renewUnder(
  ctx: Context,
  lease: Lease,
  accountKey: string,
  rejected: string | null,
): Promise<AccountDocument> {
  const account = await read(ctx, accountKey);
  if (usable(account, rejected, ctx.clock.now()) !== null) return account;
  const tokens = await refreshTokens(ctx, account).catch(async (error: unknown) => {
    if (error instanceof GmailError) {
      noteFailedGrant(error, account);
      await markAccountFailed(ctx, accountKey, error);
    }
    throw error;
  });
  const renewed: AccountDocument = {
    ...account,
    accessToken: tokens.accessToken,
    accessTokenExpiresAt: tokens.expiresAt,
    // A rotated refresh token has ended the old one: losing it would lose the grant.
    refreshToken: tokens.refreshToken ?? account.refreshToken,
    scopes: tokens.scopes ?? account.scopes,
    grantExpiresAt: grantEnd(tokens.grantExpiresAt, account.grantExpiresAt),
  };
  try {
    await ctx.store.accountFiles.write(lease, accountKey, renewed);
  } catch (error) {
    // Whoever took the lease over writes a token of its own; ours is as good.
    if (!(error instanceof LeaseLostError)) throw error;
    if (tokens.refreshToken !== null) await keepRotated(ctx, renewed, account.refreshToken);
  }
  return renewed;
}

function grantEnd(told: number | null, known: number | null): number | null {
  if (told === null || known === null) return told ?? known;
  return Math.abs(told - known) < SAME_END_MS ? known : told;
}

/** Nobody else can have got the refresh token that came for `ended`: the grant would be lost with it. */
async function keepRotated(ctx: Context, renewed: AccountDocument, ended: string | null): Promise<void> {
  const keep = async (lease: Lease) => {
    const kept = await ctx.store.accountFiles.read(renewed.key);
    if (kept?.refreshToken === ended) await ctx.store.accountFiles.write(lease, renewed.key, renewed);
  };
  await withWantedLease(ctx, `account:${renewed.key}`, keep, { leftMs: WAIT_MS });
}

async function read(ctx: Context, accountKey: string): Promise<AccountDocument> {
  const account = await ctx.store.accountFiles.read(accountKey);
  if (account === null) throw noGrant();
  return account;
}

export function noGrant(): GmailError {
  return new GmailError(NO_GRANT.reason, { class: 'reauthorize', code: 'auth', hint: NO_GRANT.hint });
}

function usable(account: AccountDocument, rejected: string | null, now: number): string | null {
  const { accessToken, accessTokenExpiresAt } = account;
  if (accessToken === null || accessToken === rejected || accessTokenExpiresAt === null) return null;
  return accessTokenExpiresAt - MARGIN_MS > now ? accessToken : null;
}
