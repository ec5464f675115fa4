import type { FieldTree } from './fields.js';

const leaves = (...names: string[]): FieldTree => Object.fromEntries(names.map((name) => [name, true]));

const PART: FieldTree = {
  ...leaves('partId', 'mimeType', 'filename'),
  headers: leaves('name', 'value'),
  body: leaves('attachmentId', 'size', 'data'),
};
PART['parts'] = PART;

export const MESSAGE: FieldTree = {
  ...leaves('id', 'threadId', 'labelIds', 'snippet', 'historyId', 'internalDate', 'sizeEstimate', 'raw'),
  payload: PART,
};

const PAGE = leaves('nextPageToken', 'resultSizeEstimate');
const MESSAGE_CHANGE: FieldTree = { message: MESSAGE };
const LABEL_CHANGE: FieldTree = { message: MESSAGE, ...leaves('labelIds') };

export const HISTORY_PAGE: FieldTree = {
  ...leaves('nextPageToken', 'historyId'),
  history: {
    ...leaves('id'),
    messages: MESSAGE,
    messagesAdded: MESSAGE_CHANGE,
    messagesDeleted: MESSAGE_CHANGE,
    labelsAdded: LABEL_CHANGE,
    labelsRemoved: LABEL_CHANGE,
  },
};

export const PROFILE = leaves('emailAddress', 'messagesTotal', 'threadsTotal', 'historyId');
export const MESSAGES_PAGE: FieldTree = { ...PAGE, messages: MESSAGE };
export const THREAD: FieldTree = { ...leaves('id', 'snippet', 'historyId'), messages: MESSAGE };
export const THREADS_PAGE: FieldTree = { ...PAGE, threads: THREAD };
export const DRAFT: FieldTree = { ...leaves('id'), message: MESSAGE };
export const DRAFTS_PAGE: FieldTree = { ...PAGE, drafts: DRAFT };
export const LABEL: FieldTree = {
  ...leaves('id', 'name', 'type', 'messageListVisibility', 'labelListVisibility'),
  ...leaves('messagesTotal', 'messagesUnread', 'threadsTotal', 'threadsUnread'),
  color: leaves('textColor', 'backgroundColor'),
};
export const LABELS: FieldTree = { labels: LABEL };

/** A settings list: its records are the tests' own, so any field of theirs may be named. */
export function settingsFields(key: string): FieldTree {
  const any: FieldTree = {};
  any['*'] = any;
  return { [key]: any };
}
