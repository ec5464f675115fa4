import type { StoredMessage } from '../mail/message-store.js';
import { snippetOf } from '../mail/mime.js';
import { THREAD, THREADS_PAGE } from './answer-fields.js';
import type { GmailMethod } from './call.js';
import { notFound } from './errors.js';
import { listedMessages, nextAfter } from './mail-list.js';
import { messageResource, viewOf } from './message-view.js';
import { LIST_PARAMS } from './messages.js';
import { isMetadataToken, READS_MAIL } from './scopes.js';

/** A thread's historyId is that of its last change. */
function historyIdOf(messages: StoredMessage[]): string {
  let last = 0n;
  for (const { historyId } of messages) if (historyId > last) last = historyId;
  return last.toString();
}

export const threadsList: GmailMethod = {
  name: 'threads.list',
  path: /^threads$/,
  params: LIST_PARAMS,
  scopes: READS_MAIL,
  fields: THREADS_PAGE,
  run(call) {
    const { mailbox, params, access } = call;
    // The newest message that matches stands for its thread.
    const heads = new Map<string, StoredMessage>();
    for (const message of listedMessages(call)) {
      if (!heads.has(message.threadId)) heads.set(message.threadId, message);
    }
    const found = [...heads.values()];
    const page = nextAfter('threads.list', params, found, (message) => message);
    const threads = page.items.map((message) => ({
      id: message.threadId,
      ...(!isMetadataToken(access.scopes) && { snippet: snippetOf(message) }),
      historyId: historyIdOf(mailbox.messages.thread(message.threadId)),
    }));
    return { ...(threads.length > 0 && { threads }), ...page.next, resultSizeEstimate: found.length };
  },
};

export const threadsGet: GmailMethod = {
  name: 'threads.get',
  path: /^threads\/([^/]+)$/,
  params: ['format', 'metadataHeaders'],
  scopes: READS_MAIL,
  fields: THREAD,
  run({ mailbox, params, access, id }) {
    const view = viewOf(params, access);
    const messages = mailbox.messages.thread(id);
    if (messages.length === 0) throw notFound();
    return {
      id,
      historyId: historyIdOf(messages),
      messages: messages.map((message) => messageResource(message, view)),
    };
  },
};
