import { CoreError } from '../errors.js';
import type { ResourceOutcome, ResourceRun } from '../polling/resource-run.js';
import type { HistoryResource } from '../types.js';
import { type Feed, openFeed, Stopped } from './history/feed.js';
import { readHistory } from './history/read.js';
import { openGap, recover } from './history/recover.js';

/**
 * One poll of changed-messages: what happened in Gmail's history since the cursor, committed part by part. A cursor that
 * Google refuses, or that was lost with the store, is recovered from first. Ends without error when the run's signal is
 * aborted; throws what ended it early otherwise (GmailError, CoreError `failed`, what `commit` throws). What was committed
 * until then stays.
 */
export async function pollHistory(run: ResourceRun, resource: HistoryResource): Promise<ResourceOutcome> {
  const feed = openFeed(run, resource);
  try {
    await readToTheEnd(feed);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  return { events: feed.events };
}

async function readToTheEnd(feed: Feed): Promise<void> {
  const { gap } = feed.row;
  if (gap !== null) await recover(feed, gap);
  if (await reachesTheEnd(feed)) return;
  // One gap a poll: a GAP's id is made of the poll's start, so a second one would pass for a repeat and never be told.
  if (gap === null) {
    await recover(feed, await openGap(feed));
    if (await reachesTheEnd(feed)) return;
  }
  // Other tools go on for ever: a refused historyId is replaced by one that is refused as well.
  throw baselineRefused(feed);
}

async function reachesTheEnd(feed: Feed): Promise<boolean> {
  const { cursor } = feed.row;
  return cursor !== null && (await readHistory(feed, cursor)) === 'end';
}

function baselineRefused({ run, resource }: Feed): CoreError {
  return new CoreError('failed', `Gmail refuses the historyId that it had given for ${run.email}`, {
    hint: `The next poll of "${resource.name}" tries again from there.`,
  });
}
