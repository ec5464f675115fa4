import type { SandboxMailbox } from '../mail/mailbox.js';
import type { FieldTree } from './fields.js';
import type { Params } from './params.js';

/** Who asks, by the access token. */
export interface Access {
  email: string;
  scopes: readonly string[];
  /** By a service account with domain-wide delegation. */
  delegated: boolean;
}

export interface GmailCall {
  mailbox: SandboxMailbox;
  access: Access;
  params: Params;
  /** The id in the path; empty for lists. */
  id: string;
  /** Milliseconds. */
  now: number;
}

export interface GmailMethod {
  name: string;
  /** Behind /gmail/v1/users/{userId}/; its first group is the id. */
  path: RegExp;
  params: readonly string[];
  /** Any of them opens it. */
  scopes: readonly string[];
  /** Everything `fields` may name. */
  fields: FieldTree;
  /** The answer's body. @throws GmailRefusal */
  run(call: GmailCall): Record<string, unknown>;
}
