import type { MailboxSettings } from '../types.js';

/** users.settings.filters */
export interface FilterRecord {
  id: string;
  criteria?: Record<string, unknown>;
  action?: Record<string, unknown>;
}

/** users.settings.forwardingAddresses */
export interface ForwardingRecord {
  forwardingEmail: string;
  verificationStatus: 'accepted' | 'pending';
}

/** users.settings.sendAs */
export interface SendAsRecord {
  sendAsEmail: string;
  displayName?: string;
  replyToAddress?: string;
  signature?: string;
  isPrimary?: boolean;
  isDefault?: boolean;
  treatAsAlias?: boolean;
  verificationStatus?: 'accepted' | 'pending';
}

/** users.settings.delegates */
export interface DelegateRecord {
  delegateEmail: string;
  verificationStatus: 'accepted' | 'pending' | 'rejected' | 'expired';
}

/** What a new mailbox has: its own address to send as, and nothing else. */
export function firstSettings(email: string): MailboxSettings {
  return {
    filters: [],
    forwardingAddresses: [],
    sendAs: [
      { sendAsEmail: email, displayName: '', replyToAddress: '', signature: '', isPrimary: true, isDefault: true },
    ],
    delegates: [],
  };
}
