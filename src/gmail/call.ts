import type { Usage } from './api.js';
import { backoff, LONGEST_MS, TRIES } from './backoff.js';
import { parseObject, UnusableBody } from './body.js';
import { classifyAnswer, type Verdict } from './classify.js';
import { cooling, passCooldown } from './cooldown.js';
import { GmailError } from './errors.js';
import type { Places } from './places.js';
import type { Clock, QuotaLedger, Random, TokenSource } from './ports.js';
import { type GmailMethod, UNITS } from './prices.js';
import type { Budget, Governor } from './quota.js';
import { redact } from './redact.js';
import { nextPacificMidnight, retryAfterMs } from './retry-after.js';
import type { Spending } from './spending.js';
import { type HttpAnswer, type Transport, TransportFailure } from './transport.js';

/** Google's shortest first wait. */
const SHORTEST_MS = 1000;

/** A Date is in whole seconds: a difference below this says nothing of the clocks. */
const CLOCK_NOISE_MS = 10_000;

export interface CallOptions {
  /** Gmail's address, without a slash at its end. */
  baseUrl: string;
  /** Scope of the account's cooldowns, and the name its spending is kept under. */
  account: string;
  budgets: { account: Budget; project: Budget };
  tokens: TokenSource;
  transport: Transport;
  governor: Governor;
  spending: Spending;
  places: Places;
  ledger: QuotaLedger;
  clock: Clock;
  random: Random;
  /** Wait for a cooldown however long it is. */
  waitForCooldown: boolean;
  signal?: AbortSignal | undefined;
  /** Hears how each call ended. */
  onOutcome?: (failure: GmailError | null) => Promise<void>;
}

export interface Request<T> {
  method: GmailMethod;
  /** Below `/gmail/v1/users/me/`, already encoded. */
  path: string;
  query: [name: string, value: string][];
  read: (body: Record<string, unknown>) => T;
}

/** One call of Gmail: as many requests as it takes. Throws GmailError, or the signal's reason. */
export class Caller {
  readonly usage: Usage = { requests: 0, units: 0 };
  readonly #options: CallOptions;
  #clockAheadMs = 0;

  constructor(options: CallOptions) {
    this.#options = options;
  }

  get clockAheadMs(): number {
    return this.#clockAheadMs;
  }

  async call<T>(request: Request<T>): Promise<T> {
    const { spending, account, onOutcome } = this.#options;
    try {
      const value = await spending.during(account, (count) => this.#tries(request, count));
      await onOutcome?.(null);
      return value;
    } catch (error) {
      if (error instanceof GmailError) await onOutcome?.(error);
      throw error;
    }
  }

  async #tries<T>(request: Request<T>, count: (units: number) => void): Promise<T> {
    const { clock, random, tokens, signal } = this.#options;
    let rejected: string | null = null;
    for (let failures = 1; ; failures += 1) {
      signal?.throwIfAborted();
      const sent: { token: string | null } = { token: null };
      try {
        return await this.#request(request, count, sent);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        const { verdict } = error;
        if (verdict.status === 401 && verdict.class === 'reauthorize' && rejected === null && sent.token !== null) {
          rejected = sent.token;
          await tokens.renewed(rejected);
          failures -= 1;
          continue;
        }
        const named = namedWait(error, clock.now());
        if (verdict.throttle !== undefined) await this.#cool(verdict, named, failures);
        else if (verdict.class !== 'retry' || failures >= TRIES || named > LONGEST_MS) throw toError(verdict);
        else await clock.sleep(Math.max(named, backoff(failures, random.unit())), signal);
      }
    }
  }

  async #request<T>(request: Request<T>, count: (units: number) => void, sent: { token: string | null }): Promise<T> {
    const { places, ledger, clock, random, governor, budgets, tokens, signal, waitForCooldown } = this.#options;
    const units = UNITS[request.method];
    const leave = await places.enter(signal);
    try {
      const scopes = { account: this.#options.account, project: budgets.project.scope };
      const cooldown = () => passCooldown({ ledger, scopes, clock, random, wait: waitForCooldown, signal });
      await cooldown();
      sent.token = await tokens.current();
      // Budget and token may have been waited for: meanwhile Google may have told another process to wait. And units are
      // of the minute in which they are taken.
      do await governor.take([budgets.account, budgets.project], units, signal);
      while (await cooldown());
      this.usage.requests += 1;
      this.usage.units += units;
      count(units);
      return await this.#send(request, sent.token);
    } finally {
      leave();
    }
  }

  async #send<T>(request: Request<T>, token: string): Promise<T> {
    const { baseUrl, transport, signal } = this.#options;
    const query = new URLSearchParams([...request.query, ['prettyPrint', 'false']]);
    const url = new URL(`${baseUrl}/gmail/v1/users/me/${request.path}?${query}`);
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    const { clock } = this.#options;
    const sentAt = clock.now();
    const answer = await transport({ method: 'GET', url, headers, signal }).catch((error: unknown) => {
      throw error instanceof TransportFailure ? new Refused(unreachable(error, url)) : error;
    });
    const date = Date.parse(answer.date ?? '');
    if (Number.isFinite(date)) this.#clockAheadMs = aheadOf(date, sentAt, clock.now());
    if (answer.status !== 200) {
      const verdict = classifyAnswer(answer);
      throw new Refused({ ...verdict, message: redact(verdict.message, [token]) }, answer);
    }
    try {
      return request.read(parseObject(answer.text));
    } catch (error) {
      if (error instanceof UnusableBody) throw new Refused(unusable(request.method, error.message));
      throw error;
    }
  }

  /** Keeps the cooldown where all processes see it. Throws when the call has been throttled often enough. */
  async #cool(verdict: Verdict, named: number, failures: number): Promise<void> {
    const { ledger, clock, random, places, account, budgets } = this.#options;
    const { scope = 'account', until: kind = 'backoff', concurrency = false } = verdict.throttle ?? {};
    if (concurrency) places.shrink();
    const now = clock.now();
    const unnamed = kind === 'pacificMidnight' ? nextPacificMidnight(now) - now : backoff(failures, random.unit());
    const until = now + Math.ceil(named > 0 ? Math.max(named, SHORTEST_MS) : unnamed);
    await ledger.setCooldown(scope === 'project' ? budgets.project.scope : account, until, now, verdict.message);
    if (failures >= TRIES) throw cooling(verdict.message, until, describe(verdict));
  }
}

/**
 * How far this machine's clock is ahead of Google's, which said its time at some moment between request and answer: an answer
 * that took half a minute is no sign of a clock that is behind. Of what is possible the most: by it windows begin earlier.
 */
function aheadOf(date: number, sentAt: number, answeredAt: number): number {
  const agree = sentAt - date < CLOCK_NOISE_MS && answeredAt - date > -CLOCK_NOISE_MS;
  return agree ? 0 : answeredAt - date;
}

/** Milliseconds that the answer asks to wait; 0 when it names no time, or one that has come. */
function namedWait({ answer, verdict }: Refused, now: number): number {
  return answer === null ? 0 : (retryAfterMs({ ...answer, message: verdict.said }, now) ?? 0);
}

/** Between the parts of a call; it never leaves it. */
class Refused extends Error {
  readonly verdict: Verdict;
  readonly answer: HttpAnswer | null;

  constructor(verdict: Verdict, answer: HttpAnswer | null = null) {
    super(verdict.message);
    this.verdict = verdict;
    this.answer = answer;
  }
}

function unreachable(failure: TransportFailure, url: URL): Verdict {
  return {
    class: failure.kind === 'size' ? 'permanent' : 'retry',
    code: 'failed',
    message: `no usable answer from ${url.host}: ${failure.message}`,
    hint: 'Check the network and the proxy settings, then run the command again; nothing is lost.',
    reason: failure.kind,
    status: null,
    said: '',
  };
}

function unusable(method: GmailMethod, what: string): Verdict {
  return {
    class: 'retry',
    code: 'failed',
    message: `Gmail answered ${method} with ${what}`,
    hint: 'Check for a proxy or a sign-in page of the network, then run the command again; nothing is lost.',
    reason: 'unusableAnswer',
    status: null,
    said: '',
  };
}

function toError(verdict: Verdict): GmailError {
  const { class: kind, code, message, hint } = verdict;
  return new GmailError(message, { class: kind, code, hint, ...describe(verdict) });
}

function describe({ status, reason }: Verdict): { status?: number; reason?: string } {
  return { ...(status === null ? {} : { status }), ...(reason === null ? {} : { reason }) };
}
