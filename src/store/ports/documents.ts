import type { Lease } from './leases.js';

/** A folder of files, one `conf` store each, read anew whenever another process may have written it. What is read is frozen. */
export interface Documents<K, T> {
  keys(): Promise<K[]>;
  /** null when there is no such file. A file that cannot be read or understood is a StoreError (exit 5) that names it. */
  read(key: K): Promise<T | null>;
  /** Written whole (atomically) inside a transaction that checks the lease's fence. */
  write(lease: Lease, key: K, document: T): Promise<void>;
  remove(lease: Lease, key: K): Promise<void>;
}

/** config.json: keys keep their dots. */
export interface SettingsDocument {
  'oauth.clientId': string | null;
  'oauth.clientSecret': string | null;
  'oauth.callbackUrl': string | null;
  'quota.perAccountPerMinute': number;
  'quota.perProjectPerMinute': number;
  /** Seconds before attempts 2 to 10. */
  'delivery.retryWaits': number[];
  'delivery.timeoutSeconds': number;
  'retention.deliveredDays': number;
  'retention.deadDays': number;
}

export interface SettingsStore {
  /** Defaults filled in; unknown keys in the file are ignored and kept. */
  read(): Promise<SettingsDocument>;
  /** The known keys that stand in the file, whatever their values. */
  given(): Promise<(keyof SettingsDocument)[]>;
  /** Writes the file as it is, for another encryption key. false when there is none. */
  rewrite(): Promise<boolean>;
  /** Takes the `settings` lease itself. null removes the key, so that its default counts again. */
  set(values: { [P in keyof SettingsDocument]?: SettingsDocument[P] | null }): Promise<void>;
}

/** An instance's file. `configuration` holds what was brought, secrets included; the file is 0600. */
export interface InstanceDocument {
  id: number;
  uuid: string;
  /** The instance token of the old service: a secret. */
  token: string;
  name: string;
  tags: string[];
  elementKey: 'gmail';
  /** ISO 8601, UTC, seconds. */
  createdDate: string;
  /** Key of the account's file (see AccountDocument.key). */
  account: string;
  disabled: boolean;
  externalAuthentication: 'none' | 'initial';
  /** false: made or changed through the API, so its callback may not be a private or loopback address. */
  allowPrivate: boolean;
  /** Values as text, as they are echoed; null values are never stored. */
  configuration: Record<string, string>;
}

/** A grant: one mailbox through one OAuth client. The file is 0600. */
export interface AccountDocument {
  /** Injective encoding of mailbox and client: the file's name without `.json`. */
  key: string;
  email: string;
  clientId: string;
  /** null: a client without a secret. A service account has its key here instead of client and refresh token. */
  clientSecret: string | null;
  serviceAccount: { clientEmail: string; privateKey: string; subject: string } | null;
  refreshToken: string | null;
  accessToken: string | null;
  /** Milliseconds; null: unknown, so the access token is refreshed before use. */
  accessTokenExpiresAt: number | null;
  /** Scopes that Google granted. */
  scopes: string[];
  /** Milliseconds, when Google said that the grant itself is limited in time; else null. */
  grantExpiresAt: number | null;
  /** ISO 8601 */
  createdDate: string;
}
