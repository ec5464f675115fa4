import { describe, expect, it } from '@jest/globals';
import { fold } from '../../../../src/core/resources/history/fold.js';
import { type LabelRules, verdict } from '../../../../src/core/resources/history/labels.js';
import type { HistoryRecord } from '../../../../src/gmail/api.js';

const rules = (changes: Partial<LabelRules> = {}): LabelRules => ({
  labelIds: [],
  excludeLabelIds: [],
  includeSpamTrash: false,
  ...changes,
});
const told = (labelIds?: string[]) => ({ id: 'a', ...(labelIds && { labelIds }) });
const added = (labelIds?: string[]) => ({ messagesAdded: [{ message: told(labelIds) }] });
const deleted = (labelIds?: string[]) => ({ messagesDeleted: [{ message: told(labelIds) }] });
const plus = (own: string[], labelIds?: string[]) => ({ labelsAdded: [{ message: told(labelIds), labelIds: own }] });
const minus = (own: string[], labelIds?: string[]) => ({ labelsRemoved: [{ message: told(labelIds), labelIds: own }] });
const inbox = rules({ labelIds: ['INBOX'] });
const both = rules({ labelIds: ['INBOX', 'IMPORTANT'] });
const noPromotions = rules({ excludeLabelIds: ['CATEGORY_PROMOTIONS'] });
const notTrash = rules({ labelIds: ['INBOX'], excludeLabelIds: ['TRASH'] });

function judged(records: Omit<HistoryRecord, 'id'>[], by: LabelRules): string {
  const [message] = fold(
    records.map((record, at) => ({ id: String(at + 1), ...record })),
    [],
  );
  return message === undefined ? 'nothing' : `${message.eventType} ${verdict(message, by)}`;
}

describe('verdict', () => {
  it.each<[name: string, records: Omit<HistoryRecord, 'id'>[], by: LabelRules, expected: string]>([
    ['new mail, no filter', [added(['INBOX'])], rules(), 'CREATED passes'],
    ['new mail without any label told', [added()], inbox, 'CREATED unknown'],
    ['all of labelIds', [added(['INBOX', 'IMPORTANT'])], both, 'CREATED passes'],
    ['one of labelIds is not enough', [added(['INBOX'])], both, 'CREATED dropped'],
    ['none of excludeLabelIds', [added(['INBOX', 'CATEGORY_PROMOTIONS'])], noPromotions, 'CREATED dropped'],
    ['at arrival only: archived at once', [added(['INBOX']), minus(['INBOX'], [])], inbox, 'CREATED passes'],
    ['at the end only: put into the inbox', [added(['X']), plus(['INBOX'], ['X', 'INBOX'])], inbox, 'CREATED passes'],
    ['at arrival, told only by a later change', [added(), minus(['INBOX'], ['X'])], inbox, 'CREATED passes'],
    ['a draft', [added(['DRAFT'])], rules(), 'CREATED dropped'],
    ['a chat', [added(['CHAT'])], rules(), 'CREATED dropped'],
    ['a sent draft is a new message', [added(['SENT'])], rules(), 'CREATED passes'],
    ['a draft that becomes a sent message', [added(['DRAFT']), minus(['DRAFT'], ['SENT'])], rules(), 'CREATED passes'],
    ['new mail in SPAM', [added(['SPAM'])], rules(), 'CREATED dropped'],
    ['new mail in TRASH', [added(['TRASH'])], rules(), 'CREATED dropped'],
    ['new mail in SPAM, asked for', [added(['SPAM'])], rules({ includeSpamTrash: true }), 'CREATED passes'],
    [
      'new mail out of SPAM at the end',
      [added(['SPAM']), { ...plus(['INBOX'], ['INBOX']), ...minus(['SPAM'], ['INBOX']) }],
      rules(),
      'CREATED passes',
    ],
    [
      'new mail thrown away at once',
      [added(['INBOX']), { ...plus(['TRASH'], ['TRASH']), ...minus(['INBOX'], ['TRASH']) }],
      rules(),
      'CREATED passes',
    ],
    ['a label before the change', [minus(['INBOX'], ['X'])], inbox, 'UPDATED passes'],
    ['a label after the change', [plus(['INBOX'], ['INBOX'])], inbox, 'UPDATED passes'],
    ['neither before nor after', [plus(['X'], ['X'])], inbox, 'UPDATED dropped'],
    [
      'excluded after, not before',
      [plus(['CATEGORY_PROMOTIONS'], ['INBOX', 'CATEGORY_PROMOTIONS'])],
      noPromotions,
      'UPDATED passes',
    ],
    ['excluded before and after', [minus(['UNREAD'], ['CATEGORY_PROMOTIONS'])], noPromotions, 'UPDATED dropped'],
    ['between two changes', [plus(['INBOX'], ['INBOX']), minus(['INBOX'], [])], inbox, 'UPDATED passes'],
    [
      'to TRASH: in the inbox before',
      [{ ...plus(['TRASH'], ['TRASH']), ...minus(['INBOX'], ['TRASH']) }],
      notTrash,
      'UPDATED passes',
    ],
    [
      'to TRASH, no filter',
      [{ ...plus(['TRASH'], ['TRASH']), ...minus(['INBOX'], ['TRASH']) }],
      rules(),
      'UPDATED passes',
    ],
    [
      'out of SPAM, no filter',
      [{ ...plus(['INBOX'], ['INBOX']), ...minus(['SPAM'], ['INBOX']) }],
      rules(),
      'UPDATED passes',
    ],
    ['labels of a change that nobody knows', [plus(['X'])], inbox, 'UPDATED passes'],
    ['a change of a draft', [plus(['STARRED'], ['DRAFT', 'STARRED'])], rules(), 'UPDATED dropped'],
    ['a change of a chat', [plus(['STARRED'], ['CHAT', 'STARRED'])], rules(), 'UPDATED dropped'],
    ['a deletion with labels that match', [deleted(['INBOX'])], inbox, 'DELETED passes'],
    ['a deletion with labels that do not', [deleted(['X'])], inbox, 'DELETED dropped'],
    ['a deletion whose labels nobody knows', [deleted()], inbox, 'DELETED passes'],
    [
      'a deletion from TRASH, in the inbox earlier in the part',
      [plus(['TRASH'], ['INBOX', 'TRASH']), deleted(['TRASH'])],
      inbox,
      'DELETED passes',
    ],
    ['a deletion from SPAM', [deleted(['SPAM'])], rules(), 'DELETED passes'],
    ['a deleted draft', [deleted(['DRAFT'])], rules(), 'DELETED dropped'],
    [
      'a draft added and deleted, the deletion tells no labels',
      [added(['DRAFT']), deleted()],
      rules(),
      'DELETED dropped',
    ],
    ['mail added and deleted', [added(['INBOX']), deleted()], inbox, 'DELETED passes'],
  ])('%s', (_name, records, by, expected) => {
    expect(judged(records, by)).toBe(expected);
  });
});
