import { timingSafeEqual } from 'node:crypto';
import type { SignIn } from '../../../core/accounts/index.js';
import type { Context } from '../../../core/context.js';
import type { InstanceForm } from '../create/form.js';

/** A session ends after so long without a request, and in any case half a day after its login. */
export const IDLE_MS = 30 * 60_000;
export const LONGEST_MS = 12 * 3_600_000;
/** Whoever holds a key may log in as often as they like: the oldest sessions give way. */
const MOST_SESSIONS = 200;
/** Consents that were begun, and not come back from: tabs that were left open. */
const MOST_SIGN_INS = 10;
const SIGN_IN_MS = 15 * 60_000;

/** What the last request led to, told once on the next page. */
export interface Flash {
  kind: 'done' | 'failed';
  text: string;
  /** What helps. */
  hint?: string | undefined;
}

/** Secrets of a new instance, shown once. */
export interface NewSecrets {
  instanceId: number;
  token: string;
  signingSecret: string | null;
}

/** A consent in progress: for a new instance, or for one that is authenticated again. */
export interface PendingSignIn {
  signIn: SignIn;
  instanceId: number | null;
  begunAt: number;
}

export class Session {
  readonly id: string;
  /** Stands in every form: another site cannot read it. */
  readonly formToken: string;
  readonly begunAt: number;
  seenAt: number;
  flash: Flash | null = null;
  secrets: NewSecrets | null = null;
  /** The creation form as it was when the person left for Google. */
  draft: InstanceForm | null = null;
  readonly #signIns = new Map<string, PendingSignIn>();

  constructor(id: string, formToken: string, now: number) {
    this.id = id;
    this.formToken = formToken;
    this.begunAt = now;
    this.seenAt = now;
  }

  isOver(now: number): boolean {
    return now - this.seenAt >= IDLE_MS || now - this.begunAt >= LONGEST_MS;
  }

  isFormToken(given: string | null): boolean {
    const [one, other] = [Buffer.from(given ?? ''), Buffer.from(this.formToken)];
    return one.length === other.length && timingSafeEqual(one, other);
  }

  addSignIn(pending: PendingSignIn): void {
    this.#signIns.set(pending.signIn.state, pending);
    dropOldest(this.#signIns, MOST_SIGN_INS);
  }

  /** The consent that a state belongs to, once. */
  takeSignIn(state: string | null, now: number): PendingSignIn | null {
    const pending = this.#signIns.get(state ?? '');
    this.#signIns.delete(state ?? '');
    return pending === undefined || now - pending.begunAt >= SIGN_IN_MS ? null : pending;
  }

  takeFlash(): Flash | null {
    const { flash } = this;
    this.flash = null;
    return flash;
  }

  takeSecrets(instanceId: number): NewSecrets | null {
    const { secrets } = this;
    if (secrets?.instanceId !== instanceId) return null;
    this.secrets = null;
    return secrets;
  }
}

/** Who is logged in, in memory alone: a restart of the server ends all sessions. */
export class Sessions {
  readonly #ctx: Pick<Context, 'clock' | 'random'>;
  readonly #sessions = new Map<string, Session>();

  constructor(ctx: Pick<Context, 'clock' | 'random'>) {
    this.#ctx = ctx;
  }

  begin(): Session {
    const now = this.#ctx.clock.now();
    for (const [id, session] of this.#sessions) if (session.isOver(now)) this.#sessions.delete(id);
    const session = new Session(this.#secret(), this.#secret(), now);
    this.#sessions.set(session.id, session);
    dropOldest(this.#sessions, MOST_SESSIONS);
    return session;
  }

  /** null when there is none, or it has ended. */
  find(id: string | undefined): Session | null {
    const session = id === undefined ? undefined : this.#sessions.get(id);
    if (session === undefined) return null;
    const now = this.#ctx.clock.now();
    if (session.isOver(now)) {
      this.#sessions.delete(session.id);
      return null;
    }
    session.seenAt = now;
    return session;
  }

  end(id: string | undefined): void {
    if (id !== undefined) this.#sessions.delete(id);
  }

  #secret(): string {
    return Buffer.from(this.#ctx.random.bytes(32)).toString('base64url');
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
