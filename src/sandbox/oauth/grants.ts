import { randomBytes } from 'node:crypto';
import { projectOf } from './clients.js';
import { badGrant, OAuthRefusal, revokedGrant } from './errors.js';

/** One consent of one person to one client. */
export interface Grant {
  email: string;
  clientId: string;
  scopes: string[];
  refreshToken: string | null;
  revoked: boolean;
  /** Milliseconds: time-based access ends. */
  endsAt: number | null;
  delegated: boolean;
}

export interface CodeRequest {
  email: string;
  clientId: string;
  redirectUri: string;
  scopes: string[];
  challenge: { method: 'S256' | 'plain'; value: string } | null;
  /** The exchange also gives a refresh token. */
  offline: boolean;
}

interface Code extends CodeRequest {
  expiresAt: number;
  used: boolean;
}

interface AccessToken {
  grant: Grant;
  expiresAt: number;
}

/** Google's `expires_in`. */
export const ACCESS_TOKEN_SECONDS = 3599;
const CODE_MS = 600_000;
/** Per account and client; the oldest dies silently. */
const LIVE_REFRESH_TOKENS = 100;

const token = (prefix: string, bytes: number): string => prefix + randomBytes(bytes).toString('base64url');

/** Codes, refresh tokens and access tokens, and what becomes of them. */
export class Grants {
  readonly #codes = new Map<string, Code>();
  readonly #refreshTokens = new Map<string, Grant>();
  /** By account and client, oldest first. */
  readonly #accounts = new Map<string, Grant[]>();
  readonly #accessTokens = new Map<string, AccessToken>();
  readonly #now: () => number;
  rotate = false;
  /** Seconds; null: grants do not end by time. */
  limit: number | null = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  issueCode(request: CodeRequest): string {
    const code = token('4/0A', 36);
    this.#codes.set(code, { ...request, expiresAt: this.#now() + CODE_MS, used: false });
    return code;
  }

  /** @throws OAuthRefusal for an unknown, used or expired code. It is used up by this call. */
  takeCode(text: string): CodeRequest {
    const code = this.#codes.get(text);
    if (code === undefined) throw new OAuthRefusal(400, 'invalid_grant', 'Malformed auth code.');
    if (code.used || code.expiresAt <= this.#now()) throw badGrant();
    code.used = true;
    return code;
  }

  /** Whose code, for the request log; null when it is none. */
  ownerOfCode(text: string): string | null {
    return this.#codes.get(text)?.email ?? null;
  }

  add(grant: { email: string; clientId: string; scopes: string[]; offline: boolean; delegated?: boolean }): Grant {
    const added: Grant = {
      email: grant.email,
      clientId: grant.clientId,
      scopes: grant.scopes,
      refreshToken: null,
      revoked: false,
      endsAt: this.limit === null ? null : this.#now() + this.limit * 1000,
      delegated: grant.delegated === true,
    };
    if (grant.offline) {
      this.renew(added);
      const live = this.#live(grant.email, grant.clientId);
      const oldest = live.length === LIVE_REFRESH_TOKENS ? live.shift() : undefined;
      if (oldest !== undefined) oldest.revoked = true;
      this.#accounts.set(`${grant.email} ${grant.clientId}`, [...live, added]);
    }
    return added;
  }

  /** A new refresh token for the grant; the one before ends. */
  renew(grant: Grant): string {
    if (grant.refreshToken !== null) this.#refreshTokens.delete(grant.refreshToken);
    grant.refreshToken = token('1//0', 48);
    this.#refreshTokens.set(grant.refreshToken, grant);
    return grant.refreshToken;
  }

  hasRefreshToken(email: string, clientId: string): boolean {
    return this.#live(email, clientId).length > 0;
  }

  /** @throws OAuthRefusal when it is unknown, revoked or at its end. */
  byRefreshToken(refreshToken: string): Grant {
    const grant = this.#refreshTokens.get(refreshToken);
    if (grant === undefined || !this.isAlive(grant)) throw revokedGrant();
    return grant;
  }

  ownerOfRefreshToken(refreshToken: string): string | null {
    return this.#refreshTokens.get(refreshToken)?.email ?? null;
  }

  issueAccessToken(grant: Grant): string {
    const accessToken = token('ya29.a0A', 120);
    this.#accessTokens.set(accessToken, { grant, expiresAt: this.#now() + ACCESS_TOKEN_SECONDS * 1000 });
    return accessToken;
  }

  /** null when the token opens nothing (any more). */
  byAccessToken(accessToken: string): AccessToken | null {
    const found = this.#accessTokens.get(accessToken);
    if (found === undefined || found.expiresAt <= this.#now() || !this.isAlive(found.grant)) return null;
    return found;
  }

  ownerOfAccessToken(accessToken: string): string | null {
    return this.#accessTokens.get(accessToken)?.grant.email ?? null;
  }

  /** By either token. Ends everything the person granted to that project. False when the token is none. */
  revokeToken(text: string): boolean {
    const grant = this.#refreshTokens.get(text) ?? this.#accessTokens.get(text)?.grant;
    if (grant === undefined || !this.isAlive(grant)) return false;
    const project = projectOf(grant.clientId);
    this.#revokeWhere((other) => other.email === grant.email && projectOf(other.clientId) === project);
    return true;
  }

  revokeMailbox(email: string): void {
    this.#revokeWhere((grant) => grant.email === email);
    for (const code of this.#codes.values()) if (code.email === email) code.used = true;
  }

  expireAccessTokens(): void {
    this.#accessTokens.clear();
  }

  isAlive(grant: Grant): boolean {
    return !grant.revoked && (grant.endsAt === null || grant.endsAt > this.#now());
  }

  #live(email: string, clientId: string): Grant[] {
    return (this.#accounts.get(`${email} ${clientId}`) ?? []).filter((grant) => this.isAlive(grant));
  }

  #revokeWhere(chosen: (grant: Grant) => boolean): void {
    for (const grant of this.#refreshTokens.values()) if (chosen(grant)) grant.revoked = true;
    for (const { grant } of this.#accessTokens.values()) if (chosen(grant)) grant.revoked = true;
  }
}
