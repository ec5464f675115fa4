import { GmailError } from '../../gmail/errors.js';
import { connect } from '../accounts/traffic.js';
import type { Context } from '../context.js';
import { CoreError } from '../errors.js';
import type { AccountDocument } from '../types.js';
import { missingScopes, readsMail, scopeNames } from './scopes.js';
import type { Tokens } from './token-endpoint.js';

/** A grant that works: its token has just read the profile. Times are milliseconds. */
export interface Grant
  extends Pick<
    AccountDocument,
    'email' | 'clientId' | 'clientSecret' | 'serviceAccount' | 'refreshToken' | 'scopes' | 'grantExpiresAt'
  > {
  accessToken: string;
  accessTokenExpiresAt: number;
  /** The mailbox's historyId, and when it was asked for, of Google's time: this machine's clock may be set before it counts. */
  historyId: string;
  historyIdAt: number;
}

export interface Granted {
  tokens: Tokens;
  client: Pick<AccountDocument, 'clientId' | 'clientSecret' | 'serviceAccount'>;
  /** Of a grant that had one before its tokens came. */
  refreshToken: string | null;
  /** null: nobody knows what was asked for. */
  asked: string[] | null;
}

/**
 * Makes new tokens a grant: checks the scopes Google granted and reads whose mailbox it is. CoreError auth when a scope or
 * the refresh token is missing; GmailError when Gmail does not answer. Nothing is stored.
 */
export async function completeGrant(ctx: Context, { tokens, client, refreshToken, asked }: Granted): Promise<Grant> {
  const scopes = tokens.scopes ?? asked ?? [];
  checkScopes(scopes, asked);
  const kept = tokens.refreshToken ?? refreshToken;
  if (kept === null && client.serviceAccount === null) {
    throw new CoreError('auth', 'Google gave no refresh token with the grant, so it would end within the hour', {
      hint: 'Ask for access_type=offline and prompt=consent: `gmail-events auth url` and `gmail-events auth` do.',
    });
  }
  const { clientId, serviceAccount } = client;
  const gmail = await connect(
    ctx,
    { account: `new:${clientId}`, clientId, serviceAccount },
    { tokens: { current: async () => tokens.accessToken, renewed: refused } },
  );
  const askedAt = ctx.clock.now();
  const { emailAddress, historyId } = await gmail.getProfile();
  return {
    ...client,
    email: emailAddress,
    refreshToken: kept,
    accessToken: tokens.accessToken,
    accessTokenExpiresAt: tokens.expiresAt,
    scopes,
    grantExpiresAt: tokens.grantExpiresAt,
    historyId,
    historyIdAt: askedAt - gmail.clockAheadMs,
  };
}

function checkScopes(granted: string[], asked: string[] | null): void {
  const missing = missingScopes(asked ?? [], granted);
  const unreadable = granted.length > 0 && !readsMail(granted);
  if (missing.length === 0 && !unreadable) return;
  const message =
    missing.length > 0
      ? `the consent lacks the scope ${scopeNames(missing)}`
      : 'the consent lacks every scope that could read the mailbox (readonly or metadata)';
  throw new CoreError('auth', message, { hint: 'Consent again and leave every box ticked; nothing was stored.' });
}

async function refused(): Promise<never> {
  throw new GmailError('Gmail refuses the access token it has just been given', {
    class: 'reauthorize',
    code: 'auth',
    hint: 'Run `gmail-events auth` for this mailbox again.',
    status: 401,
  });
}
