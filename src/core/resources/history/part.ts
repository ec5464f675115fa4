import type { HistoryRecord } from '../../../gmail/api.js';
import { GmailError } from '../../../gmail/errors.js';
import type { StuckState } from '../../../store/ports/resources.js';
import { CoreError } from '../../errors.js';
import type { ChangeEvent } from '../../types.js';
import { eventOf, internalDate } from './event.js';
import { ask, type Reading, stopIfAsked } from './feed.js';
import { type Fetched, type FetchQuery, type FetchStop, fetchInOrder, fetchQuery } from './fetch.js';
import { type FoldedMessage, fold } from './fold.js';
import { newMailMatches, verdict } from './labels.js';
import { deservesFetch } from './parts.js';
import { isAboutAllMessages, othersCanBeFetched, payloadError, reachedAgain, stuckError } from './stuck.js';
import { type GapWindow, sideOf } from './window.js';

/** Gmail answers 404 up to 3 s too early for mail that one sends to oneself. */
const GONE_WAIT_MS = 3000;

export interface PreparedPart {
  /** Records that it holds in the end: fewer than given when a fetch failed, or the messages weigh too much. */
  taken: number;
  events: ChangeEvent[];
  /** Ids of the messages whose CREATED is among the events. */
  emitted: string[];
  /** Recovered messages from before the window, and those whose date nobody knows. */
  older: number;
  undated: number;
  stuck: StuckState | null;
  /** To be thrown once the part is committed. */
  failure: Error | null;
}

/**
 * Makes the events of a part: folds its records, fetches what has to be fetched, filters. When a message does not come,
 * the part ends before its record. `window` is given for messages recovered after a gap: they come as records that add
 * them without labels. Stores nothing.
 */
export async function preparePart(
  feed: Reading,
  records: readonly HistoryRecord[],
  window: GapWindow | null = null,
): Promise<PreparedPart> {
  const { run, resource } = feed;
  const query = fetchQuery(resource, window !== null);
  const emitted = await knownAsEmitted(feed, records);
  let outcome: Outcome = { taken: records.length, stuck: feed.row.stuck, failure: null };
  for (;;) {
    // A shorter part may see another end of a message's story, and then fetches what the longer one did not.
    const folded = fold(records.slice(0, outcome.taken), resource.historyTypes, emitted);
    const jobs = query === null ? [] : await toFetch(feed, folded);
    if (query === null || jobs.length === 0) {
      return { ...outcome, stuck: stuckAfter(outcome, folded, window), ...finish(feed, folded, window) };
    }
    const stop = await ask(run, () => fetchInOrder(run.gmail, jobs, query, feed.fetched));
    if (stop === null) continue;
    const beside = folded.filter(({ recordIndex }) => recordIndex === stop.job.recordIndex).map(({ id }) => id);
    outcome = await judge(feed, stop, query, beside, outcome);
  }
}

type Outcome = Pick<PreparedPart, 'taken' | 'stuck' | 'failure'>;

/** What a message that did not come means for its part, which ends before its record or goes on without its payload. */
async function judge(
  feed: Reading,
  stop: FetchStop,
  query: FetchQuery,
  recordMessages: readonly string[],
  outcome: Outcome,
): Promise<Outcome> {
  const { run } = feed;
  const { job, error } = stop;
  const so = { ...outcome, taken: job.recordIndex };
  if (error === null) return so;
  if (isAboutAllMessages(error)) return { ...so, failure: error };
  try {
    const others = stop.othersSucceed || (await ask(run, () => othersCanBeFetched(run.gmail, job.id, query)));
    if (!others) return { ...so, failure: error };
  } catch (probeError) {
    if (!(probeError instanceof GmailError)) throw probeError;
    return { ...so, failure: probeError };
  }
  const { stuck, givenUp } = reachedAgain(outcome.stuck, job.id, recordMessages);
  if (!givenUp) return { ...so, stuck, failure: stuckError(stuck, error) };
  feed.fetched.put(job.id, { kind: 'failed', sentence: payloadError(error) });
  return { ...outcome, stuck };
}

/** Ids that history adds once more are no new mail when their CREATED is out. */
async function knownAsEmitted(feed: Reading, records: readonly HistoryRecord[]): Promise<Set<string>> {
  const added = records.flatMap((record) => (record.messagesAdded ?? []).map(({ message }) => message.id));
  if (added.length === 0) return new Set();
  return feed.emittedAmong(added);
}

/** Messages still to be fetched, in order; once all others are here, those that were gone are asked for once more. */
async function toFetch(feed: Reading, folded: readonly FoldedMessage[]): Promise<FoldedMessage[]> {
  const { run, resource, fetched } = feed;
  const wanted = folded.filter((message) => deservesFetch(message, resource));
  const missing = wanted.filter(({ id }) => fetched.get(id) === undefined);
  if (missing.length > 0) return missing;
  const early = wanted.filter(({ id }) => {
    const known = fetched.get(id);
    return known?.kind === 'gone' && known.asked === 1;
  });
  if (early.length > 0) {
    await run.ctx.clock.sleep(GONE_WAIT_MS, run.signal);
    stopIfAsked(run);
  }
  return early;
}

/** A message that failed is forgotten once a part has passed it. */
function stuckAfter(
  { stuck, taken, failure }: Outcome,
  folded: readonly FoldedMessage[],
  window: GapWindow | null,
): StuckState | null {
  // The part ends before it.
  if (failure instanceof CoreError) return stuck;
  // In history its record is the first one behind the cursor; among recovered messages others may have come before it.
  const passed = window === null ? taken > 0 : folded.some(({ id }) => id === stuck?.messageId);
  return passed ? null : stuck;
}

function finish(
  feed: Reading,
  folded: readonly FoldedMessage[],
  window: GapWindow | null,
): Pick<PreparedPart, 'events' | 'emitted' | 'older' | 'undated'> {
  const { run, resource, fetched } = feed;
  const origin = {
    instanceUuid: run.instance.uuid,
    resource,
    pollStart: run.pollStart,
    recovered: window !== null,
  };
  const done = { events: [] as ChangeEvent[], emitted: [] as string[], older: 0, undated: 0 };
  for (const message of folded) {
    const payload = message.eventType === 'CREATED' ? fetched.get(message.id) : undefined;
    fetched.forget(message.id);
    const side = window === null ? 'inside' : sideOf(internalDate(payload), window);
    if (side === 'older') done.older += 1;
    if (side === 'unknown') done.undated += 1;
    if (side === 'older' || side === 'newer' || !passes(feed, message, payload)) continue;
    done.events.push(eventOf(message, payload, origin));
    if (message.eventType === 'CREATED') done.emitted.push(message.id);
  }
  return done;
}

function passes({ resource }: Reading, message: FoldedMessage, payload: Fetched | undefined): boolean {
  const known = verdict(message, resource);
  // Gmail leaves `labelIds` out of a message that has none.
  if (known === 'unknown' && payload?.kind === 'message')
    return newMailMatches(payload.message.labelIds ?? [], resource);
  return known !== 'dropped';
}
