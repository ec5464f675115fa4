import type { Context } from '../context.js';
import { CoreError, reported } from '../errors.js';
import { authUrl } from './auth-url.js';
import { type OAuthClient, resolveClient } from './client.js';
import { exchangeCode } from './exchange.js';
import type { Grant } from './grant.js';
import { type Loopback, listenForRedirect } from './loopback.js';
import { readRedirectedUrl } from './manual.js';
import { openBrowser } from './open-browser.js';
import { createPkce, secretText } from './pkce.js';
import type { Redirect } from './redirect.js';
import { planRedirect } from './redirect-uri.js';
import { DEFAULT_SCOPE, scopeFor } from './scopes.js';

export interface AuthorizeOptions {
  /** The client; without it the flags below, the environment or config.json name it. */
  client?: OAuthClient | undefined;
  clientSecretFile?: string | undefined;
  clientId?: string | undefined;
  /** readonly, metadata or a scope's URL. */
  scope?: string | undefined;
  /** false: the URL is only reported. */
  browser?: boolean | undefined;
  /** Read the redirected URL from `stdin` instead of listening for it. */
  manual?: boolean | undefined;
  callbackUrl?: string | undefined;
  /** Seconds to wait for the consent; 300. */
  timeout?: number | undefined;
  stdin?: AsyncIterable<Uint8Array | string> | undefined;
  /** The consent page's URL, for the person to visit. */
  onUrl(url: string): void;
  /** What went wrong with something the person pasted. */
  onNote?(line: string): void;
}

/** A day: nobody waits longer, and a timer of more than 24.8 days would fire at once. */
const LONGEST_WAIT_S = 86_400;

type Answer = Exclude<Redirect, { kind: 'stray' }>;

/** The consent of one person, from the URL to a grant that works. Nothing is stored. CoreError and GmailError. */
export async function authorize(ctx: Context, options: AuthorizeOptions): Promise<Grant> {
  const { manual = false, browser = true } = options;
  const seconds = checkTimeout(options.timeout ?? 300);
  const scope = options.scope === undefined ? DEFAULT_SCOPE : scopeFor(options.scope);
  const client = options.client ?? (await resolveClient(ctx, options, { orUsed: true, withSecret: true }));
  const plan = planRedirect(client, { callbackUrl: options.callbackUrl, manual });
  const state = secretText(ctx.random);
  const pkce = createPkce(ctx.random);
  const loopback = plan.listen === null ? null : await listenForRedirect(plan.listen, state);
  try {
    const redirectUri =
      loopback !== null && plan.listen?.port === 0 ? `http://127.0.0.1:${loopback.port}` : plan.redirectUri;
    const { clientId, clientSecret } = client;
    const url = authUrl(ctx.google.auth, { clientId, redirectUri, scope, state, challenge: pkce.challenge });
    options.onUrl(url);
    if (browser && !manual) await openBrowser(url);
    const coming = loopback?.redirect ?? pasted(options, state);
    const answer = await withinTime(ctx, coming, seconds, options);
    if (answer.kind === 'refused') throw answer.error;
    const codeVerifier = pkce.verifier;
    const scopes = scope.split(' ');
    const grant = await exchangeCode(ctx, {
      code: answer.code,
      clientId,
      clientSecret,
      redirectUri,
      codeVerifier,
      scopes,
    });
    await loopback?.finish('Access was granted', 'This window can be closed; gmail-events goes on in the terminal.');
    return grant;
  } catch (error) {
    await tellBrowser(loopback, error);
    throw error;
  } finally {
    await loopback?.close();
  }
}

function pasted(options: AuthorizeOptions, state: string): Promise<Answer> {
  if (options.stdin === undefined) throw new CoreError('usage', '--manual reads the redirected URL from stdin');
  return readRedirectedUrl(options.stdin, state, options.onNote ?? (() => {}));
}

async function withinTime(
  ctx: Context,
  coming: Promise<Answer>,
  seconds: number,
  { stdin }: AuthorizeOptions,
): Promise<Answer> {
  const done = new AbortController();
  const tooLate = ctx.clock.sleep(seconds * 1000, done.signal).then(() => null);
  try {
    const answer = await Promise.race([coming, tooLate]);
    if (answer !== null) return answer;
  } finally {
    done.abort();
  }
  coming.catch(() => {});
  // A terminal that is still being read would keep the process alive.
  if (stdin !== undefined && 'destroy' in stdin && typeof stdin.destroy === 'function') stdin.destroy();
  throw new CoreError('auth', `no consent came within ${seconds} s; nothing was stored`, {
    hint: 'Run `gmail-events auth` again; --timeout SECONDS waits longer, --manual needs no browser on this machine.',
  });
}

async function tellBrowser(loopback: Loopback | null, error: unknown): Promise<void> {
  const { message } = reported(error);
  await loopback?.finish('No access', `${message.charAt(0).toUpperCase()}${message.slice(1)}. See the terminal.`);
}

function checkTimeout(seconds: number): number {
  if (seconds > 0 && seconds <= LONGEST_WAIT_S) return seconds;
  const message = `--timeout must be a number of seconds above 0, at most ${LONGEST_WAIT_S}`;
  throw new CoreError('usage', message, { faults: [{ path: '--timeout', message }] });
}
