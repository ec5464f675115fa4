import type { HistoryEntry, HistoryStub, LabelChange } from '../mail/history-log.js';
import { HISTORY_PAGE } from './answer-fields.js';
import type { GmailMethod } from './call.js';
import { invalidArgument, notFound } from './errors.js';
import { pageToken, readPageToken } from './page-token.js';
import { unreadable } from './params.js';
import { READS_MAIL } from './scopes.js';

/** The request says `messageAdded`, the answer `messagesAdded`. */
const TYPES = {
  messageAdded: 'messagesAdded',
  messageDeleted: 'messagesDeleted',
  labelAdded: 'labelsAdded',
  labelRemoved: 'labelsRemoved',
} as const;
type HistoryType = keyof typeof TYPES;
const ALL_TYPES = Object.keys(TYPES) as HistoryType[];

export const historyList: GmailMethod = {
  name: 'history.list',
  path: /^history$/,
  params: ['startHistoryId', 'maxResults', 'pageToken', 'labelId', 'historyTypes'],
  scopes: READS_MAIL,
  fields: HISTORY_PAGE,
  run({ mailbox, params }) {
    const start = startOf(params.text('startHistoryId'));
    if (!mailbox.history.knows(start)) throw notFound();
    const size = params.pageSize(100, 500);
    const token = params.text('pageToken');
    const place = token === null ? null : readPageToken('history.list', token);
    const empty = place === null ? mailbox.takeEmptyPages() : Number(place['empty']);
    const after = place === null ? start : BigInt(place['after'] ?? 0);
    const historyId = mailbox.historyId;
    // Gmail does this since 2017: a page with a token and no history.
    if (empty > 0) {
      return { nextPageToken: pageToken('history.list', { after: after.toString(), empty: empty - 1 }), historyId };
    }

    const types = params.choices('historyTypes', ALL_TYPES) as HistoryType[];
    const filter = { types: types.length === 0 ? null : new Set(types), labelId: params.text('labelId') };
    const records: Record<string, unknown>[] = [];
    let last = after;
    for (const entry of mailbox.history.after(after)) {
      const record = recordOf(entry, filter);
      if (record === null) continue;
      if (records.length === size) {
        const nextPageToken = pageToken('history.list', { after: last.toString(), empty: 0 });
        return { history: records, nextPageToken, historyId };
      }
      records.push(record);
      last = entry.id;
    }
    return { ...(records.length > 0 && { history: records }), historyId };
  },
};

function startOf(text: string | null): bigint {
  if (text === null) throw invalidArgument('Missing/invalid startHistoryId', 'badRequest');
  if (!/^\d+$/.test(text)) throw unreadable('startHistoryId', 'TYPE_UINT64', text);
  if (/^0+$/.test(text)) throw invalidArgument('Bad Request', 'badRequest');
  return BigInt(text);
}

/** The record as the filters leave it; null when nothing of it is left. */
function recordOf(
  entry: HistoryEntry,
  filter: { types: Set<HistoryType> | null; labelId: string | null },
): Record<string, unknown> | null {
  const shown = (stub: HistoryStub): boolean =>
    filter.labelId === null || (stub.labelIds ?? []).includes(filter.labelId);
  const messages = new Map<string, unknown>();
  const record: Record<string, unknown> = { id: entry.id.toString() };
  const note = (stub: HistoryStub): { message: Record<string, unknown> } => {
    // The duplicate that Google tells clients not to read.
    messages.set(stub.id, { id: stub.id, threadId: stub.threadId });
    return { message: messageOf(stub) };
  };
  for (const type of ALL_TYPES) {
    if (filter.types !== null && !filter.types.has(type)) continue;
    const key = TYPES[type];
    const all = entry[key];
    if (all === undefined) continue;
    const changes = all.map(asChange).filter((change) => shown(change.message));
    if (changes.length === 0) continue;
    record[key] = changes.map(({ message, labelIds }) => ({
      ...note(message),
      ...(labelIds !== null && { labelIds }),
    }));
  }
  if (filter.types === null) for (const stub of entry.untyped ?? []) if (shown(stub)) note(stub);
  if (messages.size === 0) return null;
  return { id: record['id'], messages: [...messages.values()], ...record };
}

function asChange(change: HistoryStub | LabelChange): { message: HistoryStub; labelIds: readonly string[] | null } {
  return 'message' in change ? change : { message: change, labelIds: null };
}

/** A message without labels has no `labelIds` at all. */
function messageOf(stub: HistoryStub): Record<string, unknown> {
  const { id, threadId, labelIds } = stub;
  return { id, threadId, ...(labelIds !== null && labelIds.length > 0 && { labelIds }) };
}
