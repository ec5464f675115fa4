import type { GmailApi, Message } from '../../../gmail/api.js';
import { GmailError } from '../../../gmail/errors.js';
import type { HistoryResource } from '../../types.js';

/** At most so many requests of one account may be in flight; more would only fill memory with messages that wait. */
const IN_FLIGHT = 4;
/** A part is cut short at a record boundary once its messages weigh so much: `full` and `raw` may be 50 MB each. */
const HEAVY_BYTES = 16_000_000;

export type FetchQuery = Parameters<GmailApi['messagesGet']>[1];

/** How new messages are fetched; null: not at all. Recovered ones always are: only the message tells drafts and its date. */
export function fetchQuery(resource: HistoryResource, recovering: boolean): FetchQuery | null {
  if (resource.format === 'ids') return recovering ? { format: 'minimal' } : null;
  if (resource.format !== 'metadata' || resource.metadataHeaders.length === 0) return { format: resource.format };
  return { format: 'metadata', metadataHeaders: resource.metadataHeaders };
}

/** What became of one fetch: Gmail's message, no such message (after so many times of asking), or given up for good. */
export type Fetched =
  | { kind: 'message'; message: Message }
  | { kind: 'gone'; asked: number }
  | { kind: 'failed'; sentence: string };

/** What was fetched for parts not yet committed. */
export class FetchedMessages {
  private readonly byId = new Map<string, Fetched>();
  private bytes = 0;

  get heavy(): boolean {
    return this.bytes >= HEAVY_BYTES;
  }

  get(id: string): Fetched | undefined {
    return this.byId.get(id);
  }

  put(id: string, fetched: Fetched): void {
    this.forget(id);
    this.byId.set(id, fetched);
    this.bytes += weight(fetched);
  }

  forget(id: string): void {
    const known = this.byId.get(id);
    if (known === undefined) return;
    this.bytes -= weight(known);
    this.byId.delete(id);
  }
}

/** A message to fetch, and the record of the part that asks for it. */
export interface FetchJob {
  id: string;
  recordIndex: number;
}

/** Why fetching ended early: an error, or a part that is heavy enough (error null). */
export interface FetchStop {
  job: FetchJob;
  error: GmailError | null;
  /** A fetch that began after the failing one succeeded. */
  othersSucceed: boolean;
}

/**
 * Fetches in order, up to 4 at a time. null when all came (or are gone, 404); else the first that did not: all before it
 * have come. The messages of the part's first record are fetched however heavy they are, so that every part has one.
 */
export async function fetchInOrder(
  gmail: GmailApi,
  jobs: readonly FetchJob[],
  query: FetchQuery,
  into: FetchedMessages,
): Promise<FetchStop | null> {
  let next = 0;
  let lastSuccess = -1;
  let failure: { index: number; job: FetchJob; error: GmailError } | null = null;
  let broken: { error: unknown } | null = null;

  const one = async (index: number, job: FetchJob) => {
    try {
      into.put(job.id, { kind: 'message', message: await gmail.messagesGet(job.id, query) });
      lastSuccess = Math.max(lastSuccess, index);
    } catch (error) {
      if (!(error instanceof GmailError)) {
        broken ??= { error };
        return;
      }
      const before = into.get(job.id);
      if (error.notFound) into.put(job.id, { kind: 'gone', asked: before?.kind === 'gone' ? before.asked + 1 : 1 });
      else if (failure === null || index < failure.index) failure = { index, job, error };
    }
  };
  const worker = async () => {
    for (let job = jobs[next]; job !== undefined && failure === null && broken === null; job = jobs[next]) {
      if (into.heavy && job.recordIndex > 0) return;
      next += 1;
      await one(next - 1, job);
    }
  };
  // Also when one is cut short: nothing of a poll is still under way once it has ended.
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));

  const cut = broken as { error: unknown } | null;
  if (cut !== null) throw cut.error;
  const failed = failure as { index: number; job: FetchJob; error: GmailError } | null;
  if (failed !== null) return { job: failed.job, error: failed.error, othersSucceed: lastSuccess > failed.index };
  const left = jobs[next];
  return left === undefined ? null : { job: left, error: null, othersSucceed: false };
}

/** Bytes in memory, about: a raw message is its text, of a full one Gmail tells the size. */
function weight(fetched: Fetched): number {
  if (fetched.kind !== 'message') return 0;
  const { raw, sizeEstimate, payload } = fetched.message;
  if (typeof raw === 'string') return raw.length;
  const parts = typeof payload === 'object' && payload !== null && ('parts' in payload || 'body' in payload);
  return parts && typeof sizeEstimate === 'number' ? sizeEstimate : 0;
}
