import type { GoogleAddresses } from '../../src/core/context.js';
import { answerer } from '../../src/sandbox/answer.js';
import { FaultBox } from '../../src/sandbox/faults/fault-box.js';
import type { Incoming } from '../../src/sandbox/http/incoming.js';
import { SandboxMailbox } from '../../src/sandbox/mail/mailbox.js';
import { DEFAULT_CLIENT } from '../../src/sandbox/oauth/clients.js';
import { ACCESS_TOKEN_SECONDS, type Grant, Grants } from '../../src/sandbox/oauth/grants.js';
import { PATHS } from '../../src/sandbox/paths.js';
import { RequestLog } from '../../src/sandbox/request-log.js';
import type { World } from '../../src/sandbox/world.js';
import type { Chance } from './chance.js';
import { RecordedMailbox } from './recorded-mailbox.js';
import type { Timeline } from './timeline.js';
import { connectionError, SIMULATED, type WireAnswer, type WireFailure, type WireRequest } from './wire.js';

export const EMAIL = 'ann@example.com';
export const CLIENT = DEFAULT_CLIENT;
const HOST = 'google';

/** The sandbox's double of Google without its sockets: the same mailbox, endpoints, grants and faults. */
export class Google {
  readonly mail: RecordedMailbox;
  readonly faults = new FaultBox();
  readonly log = new RequestLog();
  readonly grants: Grants;
  readonly #answer: ReturnType<typeof answerer>;

  constructor(
    private readonly timeline: Timeline,
    chance: Chance,
    readonly scope: string,
  ) {
    const now = () => this.timeline.now;
    const mailbox = new SandboxMailbox({
      email: EMAIL,
      messages: chance.pick([0, 0, 3, 30]),
      seed: chance.between(1, 1_000_000),
      now,
      historyIdStart: chance.happens(0.3) ? '100000000000000000000' : null,
      historyRetentionMs: null,
    });
    this.mail = new RecordedMailbox(mailbox, now);
    this.grants = new Grants(now);
    const world: World = {
      clients: [CLIENT],
      serviceAccounts: null,
      grants: this.grants,
      consent: { auto: true },
      emails: () => [EMAIL],
      hasMailbox: (email) => email === EMAIL,
      now,
      tokenUrl: () => PATHS.token,
      mailboxes: new Map([[EMAIL, mailbox]]),
      faults: this.faults,
      log: this.log,
    };
    const unused = () => {
      throw new Error('the simulation drives its mailbox itself');
    };
    this.#answer = answerer(world, { control: false, sandbox: unused, closing: new AbortController().signal });
  }

  /** Google's addresses for a process: by its host the double knows who asks. */
  addresses(process: number): GoogleAddresses {
    const url = `https://${HOST}-${process}${SIMULATED}`;
    return { gmail: url, auth: `${url}${PATHS.auth}`, token: `${url}${PATHS.token}`, revoke: `${url}${PATHS.revoke}` };
  }

  /** The number of the process that asks; null: the request is not for Google. */
  static asks({ origin }: WireRequest): number | null {
    const number = new RegExp(`^https://${HOST}-(\\d+)\\.`).exec(origin)?.[1];
    return number === undefined ? null : Number(number);
  }

  newRefreshToken(): string {
    return this.#grant().refreshToken ?? '';
  }

  /** What a consent gives: a refresh token and a first access token (milliseconds). */
  authorize(now: number): { refreshToken: string; accessToken: string; accessTokenExpiresAt: number } {
    const grant = this.#grant();
    const accessToken = this.grants.issueAccessToken(grant);
    return {
      refreshToken: grant.refreshToken ?? '',
      accessToken,
      accessTokenExpiresAt: now + ACCESS_TOKEN_SECONDS * 1000,
    };
  }

  #grant(): Grant {
    return this.grants.add({ email: EMAIL, clientId: CLIENT.clientId, scopes: [this.scope], offline: true });
  }

  async answer(request: WireRequest): Promise<WireAnswer | WireFailure> {
    const url = new URL(request.path, 'https://simulated.test');
    const incoming: Incoming = {
      httpMethod: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: request.body.toString(),
    };
    const reply = await this.#answer(incoming);
    if (reply.kind === 'reset') return { error: connectionError('ECONNRESET'), afterMs: 0 };
    if (reply.kind === 'hang') return { error: connectionError('UND_ERR_HEADERS_TIMEOUT'), afterMs: 30_000 };
    const { status, headers, body } = reply;
    return { status, headers: { date: new Date(this.timeline.now).toUTCString(), ...headers }, body };
  }
}
