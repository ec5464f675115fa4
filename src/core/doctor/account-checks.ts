import { isObject, parseObject } from '../../gmail/body.js';
import { classifyAnswer } from '../../gmail/classify.js';
import { redact } from '../../gmail/redact.js';
import { accountHealth, scopeNames } from '../accounts/index.js';
import type { Context } from '../context.js';
import { googleTransport } from '../google-transport.js';
import { withWantedLease } from '../lease.js';
import { refreshTokens } from '../oauth/refresh.js';
import type { Tokens } from '../oauth/token-endpoint.js';
import { openContext } from '../open.js';
import type { AccountDocument } from '../types.js';
import { type Check, fault, guarded, well } from './check.js';

const ENDING_MS = 2 * 24 * 3600 * 1000;
const WAIT_MS = 15_000;

/** Times as a person reads them, milliseconds since the epoch. */
export type Say = (at: number) => string;

/**
 * Whether the grant still gives access tokens, and Gmail answers to one. Whatever is known of the grant it is asked, and
 * what is found out is not kept. While Google has asked for a pause nothing is asked.
 */
export async function accountChecks(ctx: Context, account: AccountDocument, name: string, say: Say): Promise<Check[]> {
  const grant = `grant of ${name}`;
  // Rows that cannot be read are told of elsewhere.
  const until = await accountHealth(ctx, account.key).then(
    (health) => health.until,
    () => null,
  );
  if (until !== null) return [well(grant, `not asked: Google wants a pause that ends ${say(until)}`)];
  let tokens: Tokens | null = null;
  const checks = await guarded(grant, async () => {
    tokens = await refreshTokens(ctx, account);
    if (tokens.refreshToken !== null && tokens.refreshToken !== account.refreshToken) {
      await keepRotated(ctx, account, tokens.refreshToken);
    }
    return grantCheck(grant, account, tokens, { now: ctx.clock.now(), say });
  });
  const token = (tokens as Tokens | null)?.accessToken;
  if (token === undefined) return checks;
  return [...checks, ...(await guarded(`gmail of ${name}`, () => profileCheck(ctx, account, name, token)))];
}

function grantCheck(
  name: string,
  account: AccountDocument,
  tokens: Tokens,
  { now, say }: { now: number; say: Say },
): Check {
  const ends = tokens.grantExpiresAt ?? account.grantExpiresAt;
  const works = `gives access tokens, scope ${scopeNames(tokens.scopes ?? account.scopes)}`;
  if (ends === null) return well(name, works);
  const message = `${works}; Google ends it ${say(ends)}`;
  const hint =
    'Publish the OAuth consent screen (a project in Testing has grants of 7 days), then run gmail-events auth.';
  return ends - now < ENDING_MS ? fault(name, 'auth', message, hint) : well(name, message, hint);
}

async function profileCheck(ctx: Context, account: AccountDocument, name: string, token: string): Promise<Check> {
  const url = new URL(`${ctx.google.gmail}/gmail/v1/users/me/profile`);
  const headers = { authorization: `Bearer ${token}` };
  const answer = await googleTransport(ctx)({ method: 'GET', url, headers });
  if (answer.status !== 200) {
    const { code, message, hint } = classifyAnswer(answer);
    return fault(`gmail of ${name}`, code, redact(message, [token]), hint);
  }
  const profile = parseObject(answer.text);
  const email = isObject(profile) ? String(profile['emailAddress']) : '';
  if (email.toLowerCase() === account.email.toLowerCase()) return well(`gmail of ${name}`, 'the profile can be read');
  return fault(
    `gmail of ${name}`,
    'auth',
    `the grant opens the mailbox ${email}`,
    'Run `gmail-events auth revoke`, then `gmail-events auth` again.',
  );
}

/** A rotated refresh token has ended the old one: the one thing that has to be kept, or the grant is lost. */
async function keepRotated({ home, env, log }: Context, account: AccountDocument, refreshToken: string): Promise<void> {
  const ctx = await openContext({ home, env, log });
  try {
    await withWantedLease(
      ctx,
      `account:${account.key}`,
      async (lease) => {
        const kept = await ctx.store.accountFiles.read(account.key);
        if (kept?.refreshToken !== account.refreshToken) return;
        await ctx.store.accountFiles.write(lease, account.key, { ...kept, refreshToken });
      },
      { leftMs: WAIT_MS },
    );
  } finally {
    await ctx.store.close();
  }
}
