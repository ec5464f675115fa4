import type { FaultBox } from './faults/fault-box.js';
import type { SandboxMailbox } from './mail/mailbox.js';
import type { OAuthWorld } from './oauth/world.js';
import type { RequestLog } from './request-log.js';

/** Everything the sandbox holds, as its endpoints see it. */
export interface World extends OAuthWorld {
  /** By lower-case address, the first one first. */
  mailboxes: Map<string, SandboxMailbox>;
  faults: FaultBox;
  log: RequestLog;
}
