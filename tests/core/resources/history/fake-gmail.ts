import type { GmailApi, HistoryRecord, Message } from '../../../../src/gmail/api.js';
import { GmailError } from '../../../../src/gmail/errors.js';

/** 21 digits: more than a JavaScript number holds. */
const START = 100_000_000_000_000_000_000n;

export function gmailError(
  status: number,
  options: Partial<ConstructorParameters<typeof GmailError>[1]> = {},
): GmailError {
  return new GmailError(`Gmail answered ${status}`, { class: 'retry', code: 'failed', hint: null, status, ...options });
}

export const gone = (): GmailError => gmailError(404, { class: 'permanent' });
export const throttled = (): GmailError => gmailError(429, { class: 'throttle', code: 'retry_later', retryAt: 1 });

export interface Call {
  method: 'getProfile' | 'historyList' | 'messagesList' | 'messagesGet';
  query: Record<string, unknown>;
}

/** A mailbox in memory behind the client's face, for what takes thousands of cases; HTTP is tested against the sandbox. */
export class FakeGmail implements GmailApi {
  readonly usage = { requests: 0, units: 0 };
  clockAheadMs = 0;
  readonly calls: Call[] = [];
  readonly records: HistoryRecord[] = [];
  readonly messages = new Map<string, Message>();
  /** Throws what a call has to fail with. */
  fault: (call: Call) => void = () => {};
  /** Pages without records before the next listing's first real one. */
  emptyPages = 0;
  /** Every nextPageToken that would be given, replaced. */
  forgeToken: ((token: string) => string) | null = null;
  inFlight = 0;
  mostInFlight = 0;
  historyId = START;
  private floor = 0n;

  /** Appends a record with random-looking gaps between ids. */
  record(record: Omit<HistoryRecord, 'id'>): string {
    this.historyId += 1n + ((this.historyId * 7n) % 13n);
    const id = this.historyId.toString();
    this.records.push({ id, ...record });
    return id;
  }

  receive(id: string, labelIds: string[] = ['INBOX'], options: { at?: number; told?: boolean } = {}): string {
    const message = { id, threadId: `t-${id}`, labelIds };
    this.messages.set(id, { ...message, internalDate: String(options.at ?? 1_000_000), snippet: `text of ${id}` });
    const { labelIds: _, ...untold } = message;
    return this.record({ messagesAdded: [{ message: options.told === false ? untold : message }] });
  }

  delete(id: string, labelIds?: string[]): string {
    this.messages.delete(id);
    return this.record({ messagesDeleted: [{ message: { id, ...(labelIds !== undefined && { labelIds }) } }] });
  }

  relabel(id: string, change: { add?: string[]; remove?: string[] }): string {
    const message = this.messages.get(id) ?? { id, labelIds: [] };
    const labelIds = [
      ...(message.labelIds ?? []).filter((label) => !change.remove?.includes(label)),
      ...(change.add ?? []),
    ];
    this.messages.set(id, { ...message, labelIds });
    const stub = { id, threadId: `t-${id}`, labelIds };
    return this.record({
      ...(change.add !== undefined && { labelsAdded: [{ message: stub, labelIds: change.add }] }),
      ...(change.remove !== undefined && { labelsRemoved: [{ message: stub, labelIds: change.remove }] }),
    });
  }

  /** The mailbox changed in a way that history does not tell (or not to us). */
  tick(): string {
    this.historyId += 3n;
    return this.historyId.toString();
  }

  expire(): void {
    this.floor = this.historyId;
  }

  callsOf(method: Call['method']): Record<string, unknown>[] {
    return this.calls.filter((call) => call.method === method).map((call) => call.query);
  }

  async getProfile() {
    await this.called({ method: 'getProfile', query: {} });
    return { emailAddress: 'ann@example.com', historyId: this.historyId.toString() };
  }

  async historyList(query: Parameters<GmailApi['historyList']>[0]) {
    await this.called({ method: 'historyList', query });
    const { startHistoryId, pageToken, maxResults } = query;
    if (BigInt(startHistoryId) < this.floor) throw gone();
    const historyId = this.historyId.toString();
    if (pageToken === undefined && this.emptyPages > 0)
      return { history: [], nextPageToken: this.token('e1'), historyId };
    const [kind, number] = [pageToken?.[0], Number(pageToken?.slice(1))];
    if (kind === 'e' && number < this.emptyPages) {
      return { history: [], nextPageToken: this.token(`e${number + 1}`), historyId };
    }
    const offset = kind === 'p' ? number : 0;
    const all = this.records.filter((record) => BigInt(record.id) > BigInt(startHistoryId));
    const history = all.slice(offset, offset + maxResults);
    const more = offset + maxResults < all.length;
    return { history, historyId, ...(more && { nextPageToken: this.token(`p${offset + maxResults}`) }) };
  }

  async messagesList(query: Parameters<GmailApi['messagesList']>[0]) {
    await this.called({ method: 'messagesList', query });
    const after = Number(/after:(\d+)/.exec(query.q ?? '')?.[1] ?? 0) * 1000;
    const size = query.maxResults ?? 100;
    const offset = Number(query.pageToken?.slice(1) ?? 0);
    const found = [...this.messages.values()]
      .filter((message) => Number(message.internalDate) >= after)
      .filter((message) => (query.labelIds ?? []).every((label) => message.labelIds?.includes(label)))
      .sort((one, other) => Number(other.internalDate) - Number(one.internalDate));
    const messages = found.slice(offset, offset + size).map(({ id }) => ({ id, threadId: `t-${id}` }));
    return { messages, ...(offset + size < found.length && { nextPageToken: this.token(`m${offset + size}`) }) };
  }

  async messagesGet(id: string, query: Parameters<GmailApi['messagesGet']>[1]) {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      await this.called({ method: 'messagesGet', query: { id, ...query } });
    } finally {
      this.inFlight -= 1;
    }
    const message = this.messages.get(id);
    if (message === undefined) throw gone();
    return { ...message };
  }

  list(): never {
    throw new Error('changed-messages lists no collection');
  }

  private async called(call: Call): Promise<void> {
    this.calls.push(call);
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.fault(call);
  }

  private token(token: string): string {
    return this.forgeToken?.(token) ?? token;
  }
}
