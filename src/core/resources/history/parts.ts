import type { HistoryRecord } from '../../../gmail/api.js';
import type { HistoryResource } from '../../types.js';
import { Fold, type FoldedMessage } from './fold.js';
import { verdict } from './labels.js';

/** Messages to fetch a part: what a throttle or a crash makes the next poll fetch again at most. */
export const FETCHES_PER_PART = 100;

/** Only new messages are worth a fetch, and only those that pass the filters or must be seen to know. */
export function deservesFetch(message: FoldedMessage, resource: HistoryResource): boolean {
  return message.eventType === 'CREATED' && verdict(message, resource) !== 'dropped';
}

/**
 * Where the part that begins at `start` ends (exclusive): at a record boundary, with at most 100 messages to fetch. The
 * whole rest of the page when nothing is fetched, and always at least one record, however many messages it holds.
 */
export function endOfPart(records: readonly HistoryRecord[], start: number, resource: HistoryResource): number {
  if (resource.format === 'ids') return records.length;
  const part = new Fold(resource.historyTypes);
  const toFetch = new Set<string>();
  for (const [offset, record] of records.slice(start).entries()) {
    for (const id of part.add(record)) {
      const message = part.message(id);
      if (message !== null && deservesFetch(message, resource)) toFetch.add(id);
      else toFetch.delete(id);
    }
    if (toFetch.size > FETCHES_PER_PART && offset > 0) return start + offset;
  }
  return records.length;
}
