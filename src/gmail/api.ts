/** Gmail over HTTP, as the core calls it. Shapes are Gmail's own; unknown fields are kept on messages and ignored elsewhere. */

export type LabelIds = string[];

export interface HistoryMessage {
  id: string;
  threadId?: string;
  /** Absent at times: the reference says "typically only id and threadId". */
  labelIds?: LabelIds;
}

export interface HistoryRecord {
  /** Decimal text. */
  id: string;
  messagesAdded?: { message: HistoryMessage }[];
  messagesDeleted?: { message: HistoryMessage }[];
  labelsAdded?: { message: HistoryMessage; labelIds?: LabelIds }[];
  labelsRemoved?: { message: HistoryMessage; labelIds?: LabelIds }[];
}

export interface HistoryPage {
  /** Absent in the answer when empty; always an array here. */
  history: HistoryRecord[];
  nextPageToken?: string;
  /** The mailbox's current historyId, on every page. */
  historyId: string;
}

export interface Message {
  id: string;
  threadId?: string;
  labelIds?: LabelIds;
  historyId?: string;
  /** Milliseconds as text. */
  internalDate?: string;
  [field: string]: unknown;
}

export interface Profile {
  emailAddress: string;
  historyId: string;
}

export interface ListPage {
  records: Record<string, unknown>[];
  nextPageToken?: string;
}

export interface Usage {
  requests: number;
  units: number;
}

/**
 * One account's Gmail. Every call waits for quota, refreshes the access token when it has to (a 401 once), retries what is
 * worth retrying, and throws GmailError. Counted in `usage`: Gmail calls only, not token calls.
 */
export interface GmailApi {
  readonly usage: Readonly<Usage>;
  /** Milliseconds that this machine's clock is ahead of Google's (behind: negative), by the last answer; 0 when about right. */
  readonly clockAheadMs: number;
  getProfile(): Promise<Profile>;
  /** 2 units. `fields` is restricted to what HistoryPage holds. */
  historyList(query: {
    startHistoryId: string;
    pageToken?: string;
    maxResults: number;
    /** Empty or absent: all four. */
    historyTypes?: string[];
  }): Promise<HistoryPage>;
  /** 5 units. */
  messagesList(query: {
    q?: string;
    labelIds?: string[];
    pageToken?: string;
    maxResults?: number;
    includeSpamTrash?: boolean;
  }): Promise<{ messages: { id: string; threadId?: string }[]; nextPageToken?: string }>;
  /** 20 units. A GmailError with `notFound` when the message is gone. */
  messagesGet(
    id: string,
    query: { format: 'minimal' | 'metadata' | 'full' | 'raw'; metadataHeaders?: string[] },
  ): Promise<Message>;
  /** Any of the collections by its path, with Gmail's own parameters; `records` is the list under Gmail's own key. */
  list(path: string, query: [name: string, value: string][]): Promise<ListPage>;
}
