import { accountKey } from '../../store/documents/names.js';
import {
  accountHealth,
  exchangeCode,
  type Grant,
  grantFromRefreshToken,
  isMetadataOnly,
  openGmail,
  saveGrant,
} from '../accounts/index.js';
import type { Context } from '../context.js';
import type { Fault } from '../errors.js';
import { grantFaults } from '../resources/grant-limits.js';
import type { AccountDocument, Resource } from '../types.js';
import { keyPath } from './configuration.js';
import type { Granted, GrantRequest } from './grant-request.js';
import { GRANT_KEYS, MASK } from './masks.js';
import { refusal } from './refusal.js';

/** Uses the code or the token, once, or asks the person. Nothing is stored. GmailError when Google refuses. */
export async function redeem(ctx: Context, request: GrantRequest): Promise<Granted> {
  switch (request.way) {
    case 'account':
      return { account: request.account };
    case 'code': {
      const { way, ...exchange } = request;
      return { grant: await exchangeCode(ctx, exchange) };
    }
    case 'refreshToken': {
      const { way, ...token } = request;
      return { grant: await grantFromRefreshToken(ctx, token) };
    }
    case 'ask':
      return request.ask();
  }
}

/** Resources that this grant cannot read. */
export function limitFaults(resources: readonly Resource[], holder: Pick<Grant, 'scopes' | 'serviceAccount'>): Fault[] {
  const limits = { metadataOnly: isMetadataOnly(holder.scopes), delegated: holder.serviceAccount !== null };
  return grantFaults(resources, limits, keyPath('event.poller.configuration'));
}

/**
 * Keeps a new grant. CoreError `usage` when it cannot read what the instance asks for, unless the account has a working
 * grant that can: that one stays then.
 */
export async function keepGrant(
  ctx: Context,
  granted: Granted,
  resources: readonly Resource[],
): Promise<AccountDocument> {
  const faults = limitFaults(resources, 'account' in granted ? granted.account : granted.grant);
  if ('account' in granted) {
    if (faults.length > 0) throw refusal('the body', faults);
    return granted.account;
  }
  if (faults.length > 0 && !(await knownGrantCovers(ctx, granted.grant, resources))) throw refusal('the body', faults);
  return saveGrant(ctx, granted.grant);
}

async function knownGrantCovers(ctx: Context, grant: Grant, resources: readonly Resource[]): Promise<boolean> {
  const known = await ctx.store.accountFiles.read(accountKey(grant.email, grant.clientId));
  if (known === null || limitFaults(resources, known).length > 0) return false;
  return (await accountHealth(ctx, known.key)).state === 'ok';
}

/** What a new history resource is read from. */
export interface Baseline {
  /** The mailbox's, when it was asked for it. */
  historyId: string;
  /** Milliseconds, of Google's time: a gap never looks for mail from before. Questions to a person may come between it and the instance. */
  at: number;
}

/** The mailbox's current historyId, or that of a grant that is new. */
export async function baseline(ctx: Context, granted: Granted, account: AccountDocument): Promise<Baseline> {
  if ('grant' in granted) return { historyId: granted.grant.historyId, at: granted.grant.historyIdAt };
  const gmail = await openGmail(ctx, account.key);
  const askedAt = ctx.clock.now();
  const { historyId } = await gmail.getProfile();
  return { historyId, at: askedAt - gmail.clockAheadMs };
}

/** `configuration` without the grant's secrets, which the account's file keeps: here they are masks, if they exist. */
export function withGrantMarks(
  values: Readonly<Record<string, string>>,
  account: AccountDocument,
): Record<string, string> {
  const marks: Record<string, string> = {};
  if (account.serviceAccount === null) marks['oauth.api.key'] = account.clientId;
  if (account.clientSecret !== null) marks['oauth.api.secret'] = MASK;
  if (account.refreshToken !== null)
    Object.assign(marks, { 'oauth.user.token': MASK, 'oauth.user.refresh_token': MASK });
  return { ...withoutGrantKeys(values), ...marks };
}

export function withoutGrantKeys(values: Readonly<Record<string, string>>): Record<string, string> {
  const keys: readonly string[] = GRANT_KEYS;
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}
