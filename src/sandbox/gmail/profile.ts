import { PROFILE } from './answer-fields.js';
import type { GmailMethod } from './call.js';
import { READS_PROFILE } from './scopes.js';

export const getProfile: GmailMethod = {
  name: 'getProfile',
  path: /^profile$/,
  params: [],
  scopes: READS_PROFILE,
  fields: PROFILE,
  run: ({ mailbox }) => ({
    emailAddress: mailbox.email,
    messagesTotal: mailbox.messages.size,
    threadsTotal: mailbox.messages.threadCount,
    historyId: mailbox.historyId,
  }),
};
