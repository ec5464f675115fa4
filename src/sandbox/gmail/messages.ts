import { MESSAGE, MESSAGES_PAGE } from './answer-fields.js';
import type { GmailCall, GmailMethod } from './call.js';
import { invalidArgument, notFound } from './errors.js';
import { listedMessages, nextAfter } from './mail-list.js';
import { messageResource, viewOf } from './message-view.js';
import { READS_MAIL } from './scopes.js';

export const LIST_PARAMS = ['q', 'labelIds', 'maxResults', 'pageToken', 'includeSpamTrash'];

export const messagesList: GmailMethod = {
  name: 'messages.list',
  path: /^messages$/,
  params: LIST_PARAMS,
  scopes: READS_MAIL,
  fields: MESSAGES_PAGE,
  run(call: GmailCall) {
    const found = listedMessages(call);
    const page = nextAfter('messages.list', call.params, found, (message) => message);
    const messages = page.items.map(({ id, threadId }) => ({ id, threadId }));
    return { ...(messages.length > 0 && { messages }), ...page.next, resultSizeEstimate: found.length };
  },
};

export const messagesGet: GmailMethod = {
  name: 'messages.get',
  path: /^messages\/([^/]+)$/,
  params: ['format', 'metadataHeaders'],
  scopes: READS_MAIL,
  fields: MESSAGE,
  run({ mailbox, params, access, id }) {
    const view = viewOf(params, access);
    if (!/^[\da-f]{1,16}$/.test(id)) throw invalidArgument('Invalid id value');
    const message = mailbox.messages.find(id);
    if (message === null) throw notFound();
    return messageResource(message, view);
  },
};
