import { DRAFT, DRAFTS_PAGE } from './answer-fields.js';
import type { GmailMethod } from './call.js';
import { notFound } from './errors.js';
import { listedMessages, nextAfter } from './mail-list.js';
import { messageResource, viewOf } from './message-view.js';
import { READS_DRAFTS } from './scopes.js';

export const draftsList: GmailMethod = {
  name: 'drafts.list',
  path: /^drafts$/,
  params: ['q', 'maxResults', 'pageToken', 'includeSpamTrash'],
  scopes: READS_DRAFTS,
  fields: DRAFTS_PAGE,
  run(call) {
    const draftIds = new Map([...call.mailbox.drafts].map(([draftId, messageId]) => [messageId, draftId]));
    const found = listedMessages(call).filter((message) => draftIds.has(message.id));
    const page = nextAfter('drafts.list', call.params, found, (message) => message);
    const drafts = page.items.map(({ id, threadId }) => ({ id: draftIds.get(id), message: { id, threadId } }));
    return { ...(drafts.length > 0 && { drafts }), ...page.next, resultSizeEstimate: found.length };
  },
};

export const draftsGet: GmailMethod = {
  name: 'drafts.get',
  path: /^drafts\/([^/]+)$/,
  params: ['format'],
  scopes: READS_DRAFTS,
  fields: DRAFT,
  run({ mailbox, params, access, id }) {
    const view = viewOf(params, access);
    const messageId = mailbox.drafts.get(id);
    if (messageId === undefined) throw notFound();
    return { id, message: messageResource(mailbox.messages.get(messageId), view) };
  },
};
