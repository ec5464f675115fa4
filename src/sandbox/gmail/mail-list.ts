import type { StoredMessage } from '../mail/message-store.js';
import type { GmailCall } from './call.js';
import { forbidden } from './errors.js';
import { pageToken, readPageToken } from './page-token.js';
import type { Params } from './params.js';
import { isMetadataToken } from './scopes.js';
import { parseSearch } from './search.js';

/**
 * What messages.list (and, grouped, threads.list) finds, newest first. Spam and trash stay out unless they are asked for.
 * @throws GmailRefusal 403 for a `q` with the metadata scope.
 */
export function listedMessages({ mailbox, params, access, now }: GmailCall): StoredMessage[] {
  const q = params.text('q');
  if (q !== null && isMetadataToken(access.scopes)) throw forbidden("Metadata scope does not support 'q' parameter");
  const search = parseSearch(q ?? '', { now, labelName: (id) => mailbox.labels.find(id)?.name ?? id });
  const wanted = params.list('labelIds');
  const asked = params.flag('includeSpamTrash') || search.anywhere;
  const hidden = ['SPAM', 'TRASH'].filter((label) => !asked && !wanted.includes(label));
  return mailbox.messages
    .newestFirst()
    .filter(
      (message) =>
        wanted.every((label) => message.labelIds.includes(label)) &&
        !hidden.some((label) => message.labelIds.includes(label)) &&
        search.matches(message),
    );
}

/** One page of a list that is sorted newest first, and the token of the next. New mail meanwhile shifts nothing. */
export function nextAfter<T>(
  method: string,
  params: Params,
  items: T[],
  messageOf: (item: T) => StoredMessage,
): { items: T[]; next: { nextPageToken?: string } } {
  const size = params.pageSize(100, 500);
  const token = params.text('pageToken');
  let rest = items;
  if (token !== null) {
    const place = readPageToken(method, token);
    const [date, sequence] = [Number(place['date']), Number(place['sequence'])];
    rest = items.filter((item) => {
      const { internalDate, sequence: own } = messageOf(item);
      return internalDate < date || (internalDate === date && own < sequence);
    });
  }
  const page = rest.slice(0, size);
  const last = page.at(-1);
  if (rest.length <= size || last === undefined) return { items: page, next: {} };
  const { internalDate, sequence } = messageOf(last);
  return { items: page, next: { nextPageToken: pageToken(method, { date: internalDate, sequence }) } };
}
