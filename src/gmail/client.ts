import type { GmailApi, ListPage } from './api.js';
import { readHistory, readMessage, readMessageIds, readProfile, readRecords } from './body.js';
import { Caller, type CallOptions } from './call.js';
import { GmailError } from './errors.js';
import type { GmailMethod } from './prices.js';

/** `messages[]` of a record repeats what the typed fields say, and is left out. */
const MESSAGE = 'message(id,threadId,labelIds)';
const HISTORY_FIELDS = `historyId,nextPageToken,history(id,messagesAdded/${MESSAGE},messagesDeleted/${MESSAGE},labelsAdded(labelIds,${MESSAGE}),labelsRemoved(labelIds,${MESSAGE}))`;

/** The lists by their path: the method that is paid for, and Gmail's own key of the records. */
const LISTS: Record<string, { method: GmailMethod; key: string }> = {
  messages: { method: 'messages.list', key: 'messages' },
  threads: { method: 'threads.list', key: 'threads' },
  drafts: { method: 'drafts.list', key: 'drafts' },
  labels: { method: 'labels.list', key: 'labels' },
  'settings/filters': { method: 'settings.filters.list', key: 'filter' },
  'settings/forwardingAddresses': { method: 'settings.forwardingAddresses.list', key: 'forwardingAddresses' },
  'settings/sendAs': { method: 'settings.sendAs.list', key: 'sendAs' },
  'settings/delegates': { method: 'settings.delegates.list', key: 'delegates' },
};

/** Gmail of one account. `usage` counts what this client sent, tries that failed included. */
export function createGmailClient(options: CallOptions): GmailApi {
  const caller = new Caller(options);
  return {
    usage: caller.usage,
    get clockAheadMs() {
      return caller.clockAheadMs;
    },
    getProfile: () =>
      caller.call({
        method: 'getProfile',
        path: 'profile',
        query: [['fields', 'emailAddress,historyId']],
        read: readProfile,
      }),
    historyList: ({ startHistoryId, pageToken, maxResults, historyTypes }) =>
      caller.call({
        method: 'history.list',
        path: 'history',
        query: parameters({ startHistoryId, pageToken, maxResults, historyTypes, fields: HISTORY_FIELDS }),
        read: readHistory,
      }),
    messagesList: (query) =>
      caller.call({
        method: 'messages.list',
        path: 'messages',
        query: parameters({ ...query, fields: 'nextPageToken,messages(id,threadId)' }),
        read: readMessageIds,
      }),
    messagesGet: (id, query) =>
      caller.call({
        method: 'messages.get',
        path: `messages/${encodeURIComponent(id)}`,
        query: parameters(query),
        read: readMessage,
      }),
    list: (path, query) => list(caller, path, query),
  };
}

async function list(caller: Caller, path: string, query: [string, string][]): Promise<ListPage> {
  const known = LISTS[path];
  if (known === undefined) {
    throw new GmailError(`Gmail has no list "${path}"`, { class: 'bug', code: 'failed', hint: null });
  }
  return caller.call({ method: known.method, path, query, read: (body) => readRecords(body, known.key) });
}

/** A list becomes a repeated key, as Gmail wants it; what is undefined is left out. */
function parameters(query: object): [string, string][] {
  return Object.entries(query).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    if (Array.isArray(value)) return value.map((item) => [name, String(item)]);
    return value === undefined ? [] : [[name, String(value)]];
  });
}
