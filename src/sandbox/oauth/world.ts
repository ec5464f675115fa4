import type { SandboxClient, SandboxServiceAccount } from '../types.js';
import type { Consent } from './consent.js';
import type { Grants } from './grants.js';

/** What the OAuth endpoints share. */
export interface OAuthWorld {
  clients: readonly SandboxClient[];
  serviceAccounts: readonly SandboxServiceAccount[] | null;
  grants: Grants;
  consent: Consent;
  /** Addresses a person can choose from, the first one first. */
  emails(): string[];
  hasMailbox(email: string): boolean;
  /** Milliseconds. */
  now(): number;
  /** The token endpoint's own address: the `aud` of an assertion. */
  tokenUrl(): string;
}
