/** What each resource tells, in a few words. */
export const RESOURCE_WORDS: Readonly<Record<string, string>> = {
  'changed-messages': 'New mail, changed labels and deletions, from Gmail’s history',
  messages: 'The list of messages, compared with the last poll',
  threads: 'The list of conversations',
  drafts: 'Drafts written, changed and discarded',
  labels: 'Labels made, renamed and removed',
  'settings/filters': 'Filters of the mailbox',
  'settings/forwardingAddresses': 'Where mail may be forwarded to',
  'settings/sendAs': 'Addresses that mail is sent from',
  'settings/delegates': 'Who may act for the mailbox (service accounts only)',
};
