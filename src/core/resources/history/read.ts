import type { HistoryPage, HistoryRecord } from '../../../gmail/api.js';
import { GmailError } from '../../../gmail/errors.js';
import { PageChain } from '../page-chain.js';
import { inTurn } from './body-turns.js';
import { ask, commit, type Feed, type FeedPart, stopIfAsked } from './feed.js';
import { endOfHistory } from './head.js';
import { newer } from './history-id.js';
import { preparePart } from './part.js';
import { endOfPart } from './parts.js';
import { OVERLAP_MS } from './window.js';

/**
 * Reads history from the cursor to its end, committing part by part. `refused`: Gmail does not know the cursor any more,
 * and nothing was read. Throws what ended the poll early; what was committed until then stays.
 */
export async function readHistory(feed: Feed, cursor: string): Promise<'end' | 'refused'> {
  const { run } = feed;
  const askedAt = run.ctx.clock.now();
  const chain = new PageChain('history.list');
  const read = new Set<string>();
  let records = false;
  let pageToken: string | undefined;
  do {
    const page = await historyPage(feed, cursor, pageToken);
    if (page === 'refused') return 'refused';
    records ||= page.history.length > 0;
    const last = page.nextPageToken === undefined;
    const aheadMs = run.gmail.clockAheadMs;
    const end = { historyId: page.historyId, records, askedAt, answeredAt: run.ctx.clock.now(), aheadMs };
    // A chain of tokens that runs in a circle brings records once more, which were told already.
    const unread = page.history.filter(({ id }) => !read.has(id));
    for (const { id } of unread) read.add(id);
    await commitPage(feed, unread, () => (last ? endOf(feed, end) : null));
    pageToken = chain.next({ empty: page.history.length === 0, nextPageToken: page.nextPageToken });
  } while (pageToken !== undefined);
  return 'end';
}

/** startHistoryId and the filters stay the same while paging, or Gmail's tokens would mean nothing. */
async function historyPage(feed: Feed, cursor: string, pageToken?: string): Promise<HistoryPage | 'refused'> {
  const { run, resource } = feed;
  const query = {
    startHistoryId: cursor,
    maxResults: resource.pageSize,
    ...(pageToken !== undefined && { pageToken }),
    ...(resource.historyTypes.length > 0 && { historyTypes: resource.historyTypes }),
  };
  try {
    return await ask(run, () => run.gmail.historyList(query));
  } catch (error) {
    if (pageToken === undefined && refusesCursor(error)) return 'refused';
    throw error;
  }
}

/** 404: expired. 400: no historyId of this mailbox (0, for one). A mailbox that Gmail does not serve is 400 too, of another class. */
export function refusesCursor(error: unknown): boolean {
  if (!(error instanceof GmailError)) return false;
  return error.notFound || (error.status === 400 && error.class === 'bug');
}

/** `end` gives what the end of history adds to the last part; null: more pages follow. */
async function commitPage(feed: Feed, records: readonly HistoryRecord[], end: () => FeedPart | null): Promise<void> {
  if (records.length === 0) {
    const atEnd = end();
    if (atEnd !== null) await commit(feed, atEnd);
    return;
  }
  for (let start = 0; start < records.length; ) {
    stopIfAsked(feed.run);
    const part = records.slice(start, endOfPart(records, start, feed.resource));
    start += await inTurn(feed, () =>
      commitPart(feed, part, (taken) => (start + taken === records.length ? end() : null)),
    );
  }
}

/** Returns how many records were committed; throws what kept the others from it. */
async function commitPart(
  feed: Feed,
  records: readonly HistoryRecord[],
  end: (taken: number) => FeedPart | null,
): Promise<number> {
  const { taken, events, emitted, stuck, failure } = await preparePart(feed, records);
  const lastId = records[taken - 1]?.id;
  const { cursor } = feed.row;
  const atEnd = failure === null ? end(taken) : null;
  await commit(feed, {
    ...atEnd,
    events,
    emitted,
    patch: {
      ...(lastId !== undefined && { cursor: newer(cursor ?? lastId, lastId), cursorAt: feed.run.ctx.clock.now() }),
      ...(stuck !== feed.row.stuck && { stuck }),
      ...atEnd?.patch,
    },
  });
  if (failure !== null) throw failure;
  return taken;
}

function endOf(feed: Feed, end: Parameters<typeof endOfHistory>[1]): FeedPart {
  // In Google's time, which dates the mail that a gap looks for.
  const lastEndAt = feed.run.pollStart - end.aheadMs;
  return {
    patch: { ...endOfHistory(feed.row, end), lastEndAt },
    // Never by the clock alone: until the end of history is reached again, a gap would ask for these ids.
    forgetEmittedBefore: lastEndAt - OVERLAP_MS,
  };
}
