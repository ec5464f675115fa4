import { GmailError, type GmailErrorOptions } from './errors.js';
import type { Clock, Cooldown, QuotaLedger, Random } from './ports.js';

/** A cooldown that ends sooner is waited for; a longer one ends a one-shot poll, so that cron is not held up. */
const WORTH_WAITING_MS = 10_000;

/** A cooldown that began further ahead than this is of a clock that has since been set back: it counts as come. */
const AHEAD_MS = 60_000;

/** The scopes whose cooldowns concern an account. */
export interface CooldownScopes {
  account: string;
  project: string;
}

/** The later of both that lasts at `now`. */
export function activeCooldown(
  ledger: Pick<QuotaLedger, 'cooldown'>,
  { account, project }: CooldownScopes,
  now: number,
): Promise<Cooldown | null> {
  return ledger.cooldown([account, project], now, now + AHEAD_MS);
}

/**
 * Resolves when Google may be asked again, up to 1 s later so that not everyone asks at once: true when that had to be
 * waited for. Throws GmailError of class throttle when it is more than 10 s ahead, unless `wait` is set; throws the
 * signal's reason once aborted.
 */
export async function passCooldown(options: {
  ledger: Pick<QuotaLedger, 'cooldown'>;
  scopes: CooldownScopes;
  clock: Clock;
  random: Random;
  wait: boolean;
  signal?: AbortSignal | undefined;
}): Promise<boolean> {
  const { ledger, scopes, clock, random, wait, signal } = options;
  for (let waited = false; ; waited = true) {
    signal?.throwIfAborted();
    const rest = await activeCooldown(ledger, scopes, clock.now());
    if (rest === null) return waited;
    const ahead = rest.until - clock.now();
    if (ahead > WORTH_WAITING_MS && !wait) throw cooling(rest.reason, rest.until);
    await clock.sleep(ahead + random.unit() * 1000, signal);
  }
}

/** `sentence` says why; `until` is in milliseconds. */
export function cooling(
  sentence: string,
  until: number,
  answer: Pick<GmailErrorOptions, 'status' | 'reason'> = {},
): GmailError {
  const time = new Date(until).toISOString().replace(/\.\d+Z$/, 'Z');
  return new GmailError(`${sentence}; not asked again before ${time}`, {
    class: 'throttle',
    code: 'retry_later',
    hint: 'Nothing is lost: run the command again after that time, or leave it to the next poll.',
    retryAt: until,
    ...answer,
  });
}
