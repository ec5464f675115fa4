import type { HistoryResource } from '../../types.js';
import type { FoldedMessage } from './fold.js';

export type LabelRules = Pick<HistoryResource, 'labelIds' | 'excludeLabelIds' | 'includeSpamTrash'>;

/** `unknown`: history told no labels, so only the message itself can say. */
export type Verdict = 'passes' | 'dropped' | 'unknown';

/** A change of a message that has these labels is of interest: no draft, no chat, all of `labelIds`, none of `excludeLabelIds`. */
export function labelsMatch(labels: readonly string[], rules: LabelRules): boolean {
  // Each save of a draft destroys its message and makes a new one: a flood. A sent draft is a new message with SENT.
  if (labels.includes('DRAFT') || labels.includes('CHAT')) return false;
  return (
    rules.labelIds.every((label) => labels.includes(label)) &&
    !rules.excludeLabelIds.some((label) => labels.includes(label))
  );
}

/** The same for new mail, which is also dropped in SPAM and TRASH unless `includeSpamTrash`. */
export function newMailMatches(labels: readonly string[], rules: LabelRules): boolean {
  if (!rules.includeSpamTrash && (labels.includes('SPAM') || labels.includes('TRASH'))) return false;
  return labelsMatch(labels, rules);
}

/**
 * Whether the event of a message passes the filters of its resource: CREATED by the labels at arrival or at the end of the
 * part, the others by those before or after any of the changes. Only a CREATED is ever `unknown`: another event whose
 * labels nobody knows passes, because one event too many can be ignored and a lost one cannot be found.
 */
export function verdict(message: FoldedMessage, rules: LabelRules): Verdict {
  const { eventType, labels, arrivals, states } = message;
  if (labels === null) return eventType === 'CREATED' ? 'unknown' : 'passes';
  const matches =
    eventType === 'CREATED'
      ? [...arrivals, labels].some((state) => newMailMatches(state, rules))
      : states.some((state) => labelsMatch(state, rules));
  return matches ? 'passes' : 'dropped';
}
