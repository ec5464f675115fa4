import type { GmailApi } from '../../../gmail/api.js';
import { GmailError } from '../../../gmail/errors.js';
import type { StuckState } from '../../../store/ports/resources.js';
import { CoreError } from '../../errors.js';
import type { FetchQuery } from './fetch.js';

/** The poll that reaches a failing message for so many times emits it without payload and goes on. */
const POLLS = 3;
/** Newest messages among which another one is looked for. */
const OTHERS = 25;

/** Errors that are about Gmail, the grant or the quota: they end a poll and say nothing about a message. */
export function isAboutAllMessages(error: GmailError): boolean {
  return error.class === 'throttle' || error.class === 'reauthorize' || error.class === 'operator';
}

/**
 * Counts one more poll that has reached a message that fails. `recordMessages` are those of its record: what was given up
 * among them stays so, or two that fail in one record would take turns for ever and hold up the mailbox.
 */
export function reachedAgain(
  stuck: StuckState | null,
  messageId: string,
  recordMessages: readonly string[],
): { stuck: StuckState; givenUp: boolean } {
  const before = (stuck?.givenUp ?? []).filter((id) => recordMessages.includes(id));
  if (stuck !== null && before.includes(messageId)) return { stuck, givenUp: true };
  const polls = (stuck?.messageId === messageId ? stuck.polls : 0) + 1;
  const givenUp = polls >= POLLS ? [...before, messageId] : before;
  return { stuck: { messageId, polls, ...(givenUp.length > 0 && { givenUp }) }, givenUp: polls >= POLLS };
}

export function payloadError(error: GmailError): string {
  return `Gmail did not give this message in ${POLLS} polls: ${error.message}`;
}

export function stuckError(stuck: StuckState, error: GmailError): CoreError {
  return new CoreError('failed', `Gmail does not give the message ${stuck.messageId}: ${error.message}`, {
    hint: `What lies before it is stored. The next polls try again; the one that reaches it for the ${POLLS}rd time sends its event without payload.`,
    cause: error,
  });
}

/**
 * Whether Gmail gives another message than this one just now, asked when no other fetch can tell: while none comes, it
 * is Gmail that is down and not the message that is broken. In a mailbox with no other message, that Gmail lists is enough.
 */
export async function othersCanBeFetched(gmail: GmailApi, messageId: string, query: FetchQuery): Promise<boolean> {
  const { messages } = await gmail.messagesList({ maxResults: OTHERS });
  // The oldest of them: the newest may well be in the same part and fail for the same reason.
  const other = messages.findLast((message) => message.id !== messageId);
  if (other === undefined) return true;
  try {
    await gmail.messagesGet(other.id, query);
    return true;
  } catch (error) {
    if (!(error instanceof GmailError) || isAboutAllMessages(error)) throw error;
    return error.notFound;
  }
}
