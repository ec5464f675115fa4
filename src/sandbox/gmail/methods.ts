import type { GmailMethod } from './call.js';
import { draftsGet, draftsList } from './drafts.js';
import { historyList } from './history-list.js';
import { labelsGet, labelsList } from './labels.js';
import { messagesGet, messagesList } from './messages.js';
import { getProfile } from './profile.js';
import { settingsLists } from './settings.js';
import { threadsGet, threadsList } from './threads.js';

/** All reading methods: the sandbox's mailboxes are changed from outside, as mail is. */
export const GMAIL_METHODS: readonly GmailMethod[] = [
  getProfile,
  historyList,
  messagesList,
  messagesGet,
  threadsList,
  threadsGet,
  labelsList,
  labelsGet,
  draftsList,
  draftsGet,
  ...settingsLists,
];
