/** The Google double's face: used by `sandbox`, `demo` and the tests alike. It knows nothing of the product. */

export interface SandboxClient {
  clientId: string;
  clientSecret: string;
  type: 'installed' | 'web';
  redirectUris: string[];
}

export interface SandboxOptions {
  /** 0 or absent: a free port. */
  port?: number;
  host?: string;
  /** Milliseconds since the epoch; real time when absent. */
  now?: () => number;
  /** Seed of the random gaps between historyIds and of message ids: the same seed gives the same mailbox. */
  seed?: number;
  /** The first mailbox. */
  email?: string;
  /** Messages that are there at the start. */
  messages?: number;
  /** The consent page grants at once (302 to the redirect URI) instead of showing a form. */
  autoConsent?: boolean;
  clients?: SandboxClient[];
  /** Also serves POST/GET /sandbox/... to drive mailboxes and faults from outside the process. Default true. */
  control?: boolean;
}

export type FaultKind =
  | 'rateLimit403'
  | 'userRateLimit403'
  | 'quotaExceeded403'
  | 'retryAfter403'
  | 'dailyLimit403'
  | 'insufficientScope403'
  | 'apiDisabled403'
  | 'domainPolicy403'
  | 'metadataScope403'
  | 'forbidden403'
  | 'tooManyConcurrent429'
  | 'resourceExhausted429'
  | 'retryAfter429'
  | 'unauthorized401'
  | 'badRequest400'
  | 'failedPrecondition400'
  | 'mailNotEnabled400'
  | 'notFound404'
  | 'backendError500'
  | 'backendError502'
  | 'backendError503'
  | 'backendError504'
  | 'html502'
  | 'truncatedJson'
  | 'emptyBody'
  | 'reset'
  | 'hang'
  | 'invalidGrant'
  | 'invalidRapt'
  | 'invalidClient'
  | 'unauthorizedClient';

export interface Fault {
  /** `token`, `revoke`, `getProfile`, `history.list`, `messages.list`, `messages.get`, `labels.list`, ... or `*`. */
  method: string;
  kind: FaultKind;
  /** How many requests it strikes; absent: until removed. */
  times?: number;
  /** Requests that pass first. */
  after?: number;
  email?: string;
  messageId?: string;
  /** Seconds that `Retry after` and `Retry-After` speak of. */
  retryAfterSeconds?: number;
  /** Also as a Retry-After header. */
  header?: boolean;
  /** Wait before the answer, milliseconds. */
  delayMs?: number;
}

export interface LoggedRequest {
  method: string;
  httpMethod: string;
  path: string;
  query: Record<string, string[]>;
  email: string | null;
  status: number;
  units: number;
  at: number;
}

export interface NewMessage {
  from?: string;
  to?: string;
  subject?: string;
  body?: string;
  /** Default INBOX, UNREAD. */
  labelIds?: string[];
  threadId?: string;
  /** Milliseconds. */
  internalDate?: number;
  /** Total bytes of the body, for large messages. */
  size?: number;
  /** The record becomes visible in history.list only this long after the historyId that counts it. */
  visibleAfterMs?: number;
  /** Leaves labelIds out of the history record. */
  withoutLabelsInHistory?: boolean;
}

export interface Mailbox {
  readonly email: string;
  /** Decimal text: the mailbox's current historyId. */
  readonly historyId: string;
  receive(message?: NewMessage): string;
  receiveMany(count: number, message?: NewMessage): string[];
  modifyLabels(id: string, change: { add?: string[]; remove?: string[] }): void;
  trash(id: string): void;
  untrash(id: string): void;
  markSpam(id: string): void;
  unmarkSpam(id: string): void;
  /** Permanent deletion. */
  delete(id: string): void;
  /** Each save destroys the draft's message and makes a new message id. Returns both. */
  saveDraft(draft?: { draftId?: string; subject?: string }): { draftId: string; messageId: string };
  /** Deletes the draft and adds a new id with SENT. */
  sendDraft(draftId: string): string;
  createLabel(name: string): string;
  deleteLabel(id: string): void;
  /** A record with `messages` alone, no typed field. */
  untypedRecord(id: string): void;
  /** One record that adds several messages. */
  receiveInOneRecord(count: number, message?: NewMessage): string[];
  /** The last record once more, under a new id. */
  repeatLastRecord(): void;
  /** The next history.list answers with this many empty pages that carry a token, before the real ones. */
  emptyPages(count: number): void;
  /** Records up to now are dropped: an older startHistoryId is 404. */
  expireHistory(): void;
  messageIds(): string[];
  labelsOf(id: string): string[];
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** GMAIL_EVENTS_GMAIL_URL, _AUTH_URL, _TOKEN_URL, _REVOKE_URL. */
  readonly env: Record<string, string>;
  readonly client: SandboxClient;
  /** Google's client-secret file for the first client, as JSON text. */
  clientSecretFile(client?: SandboxClient): string;
  /** The first mailbox, or the one of that address. */
  mailbox(email?: string): Mailbox;
  addMailbox(email: string, messages?: number): Mailbox;
  /** As if the person had consented: a code that the token endpoint takes once. */
  grantCode(options?: { email?: string; clientId?: string; redirectUri?: string; scope?: string }): string;
  /** A refresh token without the browser. */
  grantRefreshToken(options?: { email?: string; clientId?: string; scope?: string }): string;
  /** Every grant of that mailbox is revoked (invalid_grant, 401). */
  revoke(email?: string): void;
  /** Access tokens end at once; refresh tokens stay. */
  expireAccessTokens(): void;
  /** The next refreshes answer with a new refresh token and end the old one. */
  rotateRefreshTokens(on: boolean): void;
  /** Seconds in `refresh_token_expires_in` of the next grants; null: absent. */
  limitGrants(seconds: number | null): void;
  /** What the consent page answers: the default grants everything asked for. */
  consent(answer: { deny?: boolean; error?: string; scope?: string; email?: string }): void;
  addFault(fault: Fault): void;
  clearFaults(): void;
  readonly requests: LoggedRequest[];
  /** Sums over `requests` since the last call of resetRequests. */
  spent(): { requests: number; units: number };
  resetRequests(): void;
  close(): Promise<void>;
}
