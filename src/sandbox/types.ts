import type { DelegateRecord, FilterRecord, ForwardingRecord, SendAsRecord } from './mail/settings.js';

/** The Google double's face: used by `sandbox`, `demo` and the tests alike. It knows nothing of the product. */

export interface SandboxClient {
  clientId: string;
  clientSecret: string;
  type: 'installed' | 'web';
  redirectUris: string[];
}

export interface SandboxServiceAccount {
  /** The `iss` of its assertions. */
  clientEmail: string;
  /** PEM. Given: the RS256 signature is verified. */
  publicKey?: string;
  /** Scopes of its domain-wide delegation; absent: all. */
  scopes?: string[];
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
  /** Messages that are there at the start; older than the history, as those of a real mailbox. Default 0. */
  messages?: number;
  /** Decimal text of any length: where the historyIds of every mailbox begin. */
  historyIdStart?: string;
  /** History records older than this are dropped, milliseconds; absent: they stay until expireHistory(). */
  historyRetentionMs?: number;
  /** The consent page grants at once (302 to the redirect URI) instead of showing a form. */
  autoConsent?: boolean;
  clients?: SandboxClient[];
  /** Who may use the jwt-bearer grant; absent: any issuer, its signature unread. */
  serviceAccounts?: SandboxServiceAccount[];
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
  | 'unknownField'
  | 'repeatPageToken'
  | 'slow'
  | 'reset'
  | 'hang'
  | 'invalidGrant'
  | 'invalidRapt'
  | 'invalidClient'
  | 'unauthorizedClient';

/**
 * `slow` is the right answer after `delayMs`; `unknownField` the right answer with a field more in every object;
 * `repeatPageToken` a page whose token leads to itself, for ever.
 */
export interface Fault {
  /**
   * `token`, `revoke`, `getProfile`, `history.list`, `messages.list`, `messages.get`, `labels.list`, ... or `*`: every
   * method that can answer so (a token error strikes `token` alone, Gmail's 4xx never strike `token`).
   */
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

export interface MailboxSettings {
  filters: FilterRecord[];
  forwardingAddresses: ForwardingRecord[];
  sendAs: SendAsRecord[];
  delegates: DelegateRecord[];
}

export interface Mailbox {
  readonly email: string;
  /** What settings/... lists: change the arrays to change the answers. */
  readonly settings: MailboxSettings;
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
  deleteDraft(draftId: string): void;
  createLabel(name: string): string;
  renameLabel(id: string, name: string): void;
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
  /** Oldest first. */
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
  /**
   * As if the person had consented: a code that the token endpoint takes once. `redirectUri` (default: the client's
   * first one) must be repeated there; `scope` is separated by blanks, default gmail.readonly.
   */
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
  /** From now on the consent page answers so at once; `{}` grants everything asked for, null goes back to the start. */
  consent(answer: { deny?: boolean; error?: string; scope?: string; email?: string } | null): void;
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** Of Gmail and OAuth, in order of arrival. `status` is 0 while (or when) no answer is given. */
  readonly requests: LoggedRequest[];
  /** Sums over those of `requests` that are Gmail's, since the last call of resetRequests; a faulted one counts too. */
  spent(): { requests: number; units: number };
  resetRequests(): void;
  close(): Promise<void>;
}
