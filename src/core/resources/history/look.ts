import type { HistoryRecord } from '../../../gmail/api.js';
import { CoreError } from '../../errors.js';
import type { HistoryId } from '../../types.js';
import { PageChain } from '../page-chain.js';
import { ask, type Reading } from './feed.js';
import { type PreparedPart, preparePart } from './part.js';
import { endOfPart, FETCHES_PER_PART } from './parts.js';
import { refusesCursor } from './read.js';
import type { GapWindow } from './window.js';

/** Polls that have reached a message that Gmail does not give: one more look, and it is told without its payload. */
const ALMOST_GIVEN_UP = 2;

/** A look at history: what a part of it holds, as a poll would tell it. Nothing is stored. */
export interface Look<Place> {
  /** Gmail's messages with their `changes`. */
  records: Record<string, unknown>[];
  /** Where the next look begins; null: there is no more. */
  next: Place | null;
}

/** Where a list of mail goes on: the page, and how many of its messages were told. */
export interface MailPlace {
  pageToken: string | null;
  skip: number;
}

/**
 * What history tells since a historyId, at most a page of it, and up to which record it was read. The page's end is a
 * record's id, so the next look begins there as a poll does at its cursor. `refused`: Gmail does not know the historyId.
 */
export async function lookAtHistory(
  reading: Reading,
  since: HistoryId,
): Promise<(Look<HistoryId> & { reached: HistoryId }) | 'refused'> {
  const page = await recordsSince(reading, since);
  if (page === 'refused') return 'refused';
  const { records, more } = page;
  const part = await prepared(reading, records.slice(0, endOfPart(records, 0, reading.resource)), null);
  const reached = records[part.taken - 1]?.id ?? since;
  const next = more || part.taken < records.length ? reached : null;
  return { records: part.events.map(({ record }) => record), next, reached };
}

/** Mail dated at or after `date` (milliseconds), newest first, at most 100 messages of it; they are told as recovered. */
export async function lookForMail(
  reading: Reading,
  date: number,
  { pageToken, skip }: MailPlace,
): Promise<Look<MailPlace>> {
  const { run, resource } = reading;
  const listed = await ask(run, () =>
    run.gmail.messagesList({
      // A second early, because Gmail does not say whether `after:` includes the second that it names.
      q: `after:${Math.max(Math.floor(date / 1000) - 1, 0)}`,
      maxResults: Math.min(resource.pageSize, FETCHES_PER_PART),
      ...(resource.labelIds.length > 0 && { labelIds: resource.labelIds }),
      ...(resource.includeSpamTrash && { includeSpamTrash: true }),
      ...(pageToken !== null && { pageToken }),
    }),
  );
  const window = { windowStart: date, windowEnd: Number.POSITIVE_INFINITY };
  const records = listed.messages.slice(skip).map((message) => ({ id: '0', messagesAdded: [{ message }] }));
  const part = await prepared(reading, records, window);
  const following = listed.nextPageToken === undefined ? null : { pageToken: listed.nextPageToken, skip: 0 };
  const next = part.taken < records.length ? { pageToken, skip: skip + part.taken } : following;
  return { records: part.events.map(({ record }) => record), next };
}

/** The first page that holds records: Gmail sends empty ones with a token at times. */
async function recordsSince(
  { run, resource }: Reading,
  since: HistoryId,
): Promise<{ records: HistoryRecord[]; more: boolean } | 'refused'> {
  const { historyTypes, pageSize } = resource;
  const query = { startHistoryId: since, maxResults: pageSize, ...(historyTypes.length > 0 && { historyTypes }) };
  const chain = new PageChain('history.list');
  for (let pageToken: string | undefined; ; ) {
    const token = pageToken === undefined ? {} : { pageToken };
    try {
      const page = await ask(run, () => run.gmail.historyList({ ...query, ...token }));
      const more = page.nextPageToken !== undefined;
      if (page.history.length > 0 || !more) return { records: page.history, more };
      pageToken = chain.next({ empty: true, nextPageToken: page.nextPageToken });
    } catch (error) {
      if (pageToken === undefined && refusesCursor(error)) return 'refused';
      throw error;
    }
  }
}

/** What came before a failure is told first; a message that Gmail does not give is told without its payload. */
async function prepared(
  reading: Reading,
  records: readonly HistoryRecord[],
  window: GapWindow | null,
): Promise<PreparedPart> {
  const part = await preparePart(reading, records, window);
  if (part.failure === null || part.taken > 0) return part;
  if (!(part.failure instanceof CoreError) || part.stuck === null) throw part.failure;
  reading.row = { stuck: { ...part.stuck, polls: ALMOST_GIVEN_UP } };
  return prepared(reading, records, window);
}
