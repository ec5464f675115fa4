import type { GmailApi } from '../../../gmail/api.js';
import { GmailError } from '../../../gmail/errors.js';
import type { GapState } from '../../../store/ports/resources.js';
import { PageChain } from '../page-chain.js';
import { inTurn } from './body-turns.js';
import { ask, commit, type Feed, type FeedPart, stopIfAsked } from './feed.js';
import { preparePart } from './part.js';
import { FETCHES_PER_PART } from './parts.js';
import { baselineReadAt, gapWindow } from './window.js';

/** messages.list's own maximum. */
const PAGE_SIZE = 500;
/** Without `q` it takes a whole page of fetches to see that the window has ended, so that page should not be long. */
const METADATA_PAGE_SIZE = 100;

type ListedPage = Awaited<ReturnType<GmailApi['messagesList']>>;

/** Google refuses the cursor, or it was lost: one transaction stores the new baseline and the window to be searched. */
export async function openGap(feed: Feed): Promise<GapState> {
  const { run, row } = feed;
  const { historyId: baseline } = await ask(run, () => run.gmail.getProfile());
  const window = gapWindow(row, Date.parse(run.instance.createdDate), run.ctx.clock.now(), run.gmail.clockAheadMs);
  const gap = { from: row.cursor, baseline, ...window, pageToken: null, recovered: 0 };
  await commit(feed, { patch: { gap } });
  return gap;
}

/**
 * Finds the new mail of a gap's window with messages.list, page by page, going on where an earlier poll ended. With the
 * last page the cursor becomes the baseline, and one GAP tells the receiver that what else happened inside is unknown.
 */
export async function recover(feed: Feed, gap: GapState): Promise<void> {
  const { historyTypes } = feed.resource;
  if (historyTypes.length > 0 && !historyTypes.includes('messageAdded')) {
    await commit(feed, closing(feed, gap));
    return;
  }
  const search: Search = { restarted: false, labelIds: feed.resource.labelIds };
  let chain = new PageChain('messages.list');
  for (let open: GapState | null = gap; open !== null; ) {
    const query = listQuery(feed, open, search);
    const list = JSON.stringify(query);
    // A token goes on with its own list alone, and since then the url or the grant's scope may have changed.
    open = { ...open, list, pageToken: open.list === list ? open.pageToken : null };
    const page = await listPage(feed, open, query, search);
    if (page === 'refused') {
      // A token that is too old, or else a label that is no more: what is listed is filtered here in any case.
      if (open.pageToken === null) search.labelIds = [];
      else search.restarted = true;
      chain = new PageChain('messages.list');
      open = { ...open, pageToken: null };
      continue;
    }
    open = await commitPage(feed, open, page);
    if (open !== null) chain.next({ empty: page.messages.length === 0, nextPageToken: page.nextPageToken });
  }
}

/** How a poll has come to list the window. */
interface Search {
  /** From the first page, after a token was refused. */
  restarted: boolean;
  labelIds: string[];
}

type ListQuery = Parameters<GmailApi['messagesList']>[0];

function listQuery({ run, resource }: Feed, gap: GapState, { labelIds }: Search): ListQuery {
  return {
    maxResults: run.metadataOnly ? METADATA_PAGE_SIZE : PAGE_SIZE,
    // A second early, because Gmail does not say whether `after:` includes the second that it names.
    ...(!run.metadataOnly && { q: `after:${Math.max(Math.floor(gap.windowStart / 1000) - 1, 0)}` }),
    ...(labelIds.length > 0 && { labelIds }),
    ...(resource.includeSpamTrash && { includeSpamTrash: true }),
  };
}

async function listPage(
  { run }: Feed,
  { pageToken }: GapState,
  query: ListQuery,
  { restarted, labelIds }: Search,
): Promise<ListedPage | 'refused'> {
  try {
    return await ask(run, () => run.gmail.messagesList({ ...query, ...(pageToken !== null && { pageToken }) }));
  } catch (error) {
    const refused = error instanceof GmailError && (error.status === 400 || error.status === 404);
    if (refused && (pageToken === null ? labelIds.length > 0 : !restarted)) return 'refused';
    throw error;
  }
}

/** Returns the gap as it stands behind the page; null when it is closed. Throws what kept a message from being fetched. */
async function commitPage(feed: Feed, gap: GapState, page: ListedPage): Promise<GapState | null> {
  // Newest first as Gmail lists them: turned round, a window of one page comes out in the order of arrival.
  const records = page.messages.toReversed().map((message) => ({ id: gap.baseline, messagesAdded: [{ message }] }));
  const next = page.nextPageToken ?? null;
  let open = gap;
  let start = 0;
  let older = 0;
  let undated = 0;
  const storePart = async (): Promise<'ended' | 'more'> => {
    const part = await preparePart(feed, records.slice(start, start + FETCHES_PER_PART), gap);
    start += part.taken;
    older += part.older;
    undated += part.undated;
    const whole = start === records.length && part.failure === null;
    open = { ...open, recovered: open.recovered + part.events.length, ...(whole && { pageToken: next }) };
    const passedWindow = feed.run.metadataOnly && older > 0 && older + undated === records.length;
    const ended = whole && (next === null || passedWindow);
    const { events, emitted, stuck } = part;
    const patch = {
      ...((whole || events.length > 0) && { gap: open }),
      ...(stuck !== feed.row.stuck && { stuck }),
    };
    await commit(feed, { events, emitted, patch, ...(ended && closing(feed, open)) });
    feed.run.ctx.progress?.({ kind: 'recovered', instanceId: feed.run.instance.id, messages: open.recovered });
    if (part.failure !== null) throw part.failure;
    return ended ? 'ended' : 'more';
  };
  do {
    stopIfAsked(feed.run);
    if ((await inTurn(feed, storePart)) === 'ended') return null;
  } while (start < records.length);
  return open;
}

function closing(feed: Feed, gap: GapState): FeedPart {
  const { run, resource } = feed;
  const { from, baseline, recovered } = gap;
  const readAt = baselineReadAt(gap);
  // The end of history was never reached before. Now all before the baseline is told, and should it be lost as well, the next
  // window begins by this time.
  const lastEndAt = feed.row.lastEndAt ?? readAt;
  return {
    patch: { cursor: baseline, cursorAt: readAt, head: null, headAt: null, lastEndAt, gap: null, stuck: null },
    mailbox: run.mailboxNotification('GAP', { id: run.email, resource: resource.name, from, to: baseline, recovered }),
  };
}
