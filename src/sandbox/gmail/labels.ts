import { LABEL, LABELS } from './answer-fields.js';
import type { GmailMethod } from './call.js';
import { notFound } from './errors.js';
import { READS_LABELS } from './scopes.js';

export const labelsList: GmailMethod = {
  name: 'labels.list',
  path: /^labels$/,
  params: [],
  scopes: READS_LABELS,
  fields: LABELS,
  run: ({ mailbox }) => ({ labels: mailbox.labels.list() }),
};

export const labelsGet: GmailMethod = {
  name: 'labels.get',
  path: /^labels\/([^/]+)$/,
  params: [],
  scopes: READS_LABELS,
  fields: LABEL,
  run({ mailbox, id }) {
    const label = mailbox.labels.find(id);
    if (label === null) throw notFound();
    const labelled = [...mailbox.messages.all()].filter((message) => message.labelIds.includes(id));
    const unread = labelled.filter((message) => message.labelIds.includes('UNREAD'));
    const threads = (messages: typeof labelled): number => new Set(messages.map((message) => message.threadId)).size;
    return {
      ...label,
      messagesTotal: labelled.length,
      messagesUnread: unread.length,
      threadsTotal: threads(labelled),
      threadsUnread: threads(unread),
    };
  },
};
