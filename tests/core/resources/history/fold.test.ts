import { describe, expect, it } from '@jest/globals';
import { fold } from '../../../../src/core/resources/history/fold.js';
import type { HistoryType } from '../../../../src/core/types.js';
import type { HistoryRecord } from '../../../../src/gmail/api.js';

const message = (id: string, labelIds?: string[]) => ({ id, threadId: `t-${id}`, ...(labelIds && { labelIds }) });
const added = (id: string, labelIds?: string[]) => ({ messagesAdded: [{ message: message(id, labelIds) }] });
const deleted = (id: string, labelIds?: string[]) => ({ messagesDeleted: [{ message: message(id, labelIds) }] });
const plus = (id: string, own: string[], labelIds?: string[]) => ({
  labelsAdded: [{ message: message(id, labelIds), labelIds: own }],
});
const minus = (id: string, own: string[], labelIds?: string[]) => ({
  labelsRemoved: [{ message: message(id, labelIds), labelIds: own }],
});

function numbered(records: Omit<HistoryRecord, 'id'>[]): HistoryRecord[] {
  return records.map((record, at) => ({ id: String(101 + at), ...record }));
}

/** `CREATED a +messageAdded,labelsAdded:X @102`: event, changes and the last record folded in. */
function told(records: Omit<HistoryRecord, 'id'>[], types: HistoryType[] = [], emitted: string[] = []): string[] {
  return fold(numbered(records), types, new Set(emitted)).map(({ eventType, id, changes, lastRecordId }) => {
    const list = changes.map(({ type, labelIds }) => (labelIds === undefined ? type : `${type}:${labelIds}`));
    return `${eventType} ${id} ${list.join(' ')} @${lastRecordId}`;
  });
}

describe('fold: one message gives one event', () => {
  const cases: [name: string, records: Omit<HistoryRecord, 'id'>[], expected: string[], emitted?: string[]][] = [
    ['new mail', [added('a')], ['CREATED a messageAdded @101']],
    ['a label put on', [plus('a', ['STARRED'])], ['UPDATED a labelsAdded:STARRED @101']],
    ['a permanent deletion', [deleted('a')], ['DELETED a messageDeleted @101']],
    [
      'added, then labelled and read',
      [added('a'), plus('a', ['X']), minus('a', ['UNREAD'])],
      ['CREATED a messageAdded labelsAdded:X labelsRemoved:UNREAD @103'],
    ],
    ['added and deleted', [added('a'), deleted('a')], ['DELETED a messageAdded messageDeleted @102']],
    ['labelled and deleted', [plus('a', ['X']), deleted('a')], ['DELETED a labelsAdded:X messageDeleted @102']],
    [
      'a label put on and taken off',
      [plus('a', ['X']), minus('a', ['X'])],
      ['UPDATED a labelsAdded:X labelsRemoved:X @102'],
    ],
    [
      'the same label on, off and on',
      [plus('a', ['X']), minus('a', ['X']), plus('a', ['X'])],
      ['UPDATED a labelsAdded:X labelsRemoved:X labelsAdded:X @103'],
    ],
    ['a record without typed fields', [{}], []],
    [
      'several messages in a record',
      [{ messagesAdded: [{ message: message('a') }, { message: message('b') }] }],
      ['CREATED a messageAdded @101', 'CREATED b messageAdded @101'],
    ],
    [
      'several kinds in a record',
      [{ ...added('a'), ...plus('b', ['X']), ...deleted('c') }],
      ['CREATED a messageAdded @101', 'UPDATED b labelsAdded:X @101', 'DELETED c messageDeleted @101'],
    ],
    [
      'a move to TRASH, one record',
      [{ ...plus('a', ['TRASH']), ...minus('a', ['INBOX']) }],
      ['UPDATED a labelsAdded:TRASH labelsRemoved:INBOX @101'],
    ],
    ['a repeated added record', [added('a'), added('a')], ['CREATED a messageAdded @101']],
    ['a repeated label record', [plus('a', ['X']), plus('a', ['X'])], ['UPDATED a labelsAdded:X @101']],
    [
      'a repeated move to TRASH',
      [
        { ...plus('a', ['TRASH']), ...minus('a', ['INBOX']) },
        { ...plus('a', ['TRASH']), ...minus('a', ['INBOX']) },
      ],
      ['UPDATED a labelsAdded:TRASH labelsRemoved:INBOX @101'],
    ],
    ['a repeated deletion', [deleted('a'), deleted('a')], ['DELETED a messageDeleted @101']],
    [
      'an added record repeated after the deletion',
      [added('a'), deleted('a'), added('a')],
      ['DELETED a messageAdded messageDeleted @102'],
    ],
    ['an added record of an emitted message', [added('a')], [], ['a']],
    [
      'an emitted message added again, then labelled',
      [added('a'), plus('a', ['X'])],
      ['UPDATED a labelsAdded:X @102'],
      ['a'],
    ],
    [
      'an emitted message added again, then deleted',
      [added('a'), deleted('a')],
      ['DELETED a messageDeleted @102'],
      ['a'],
    ],
    [
      'a draft saved: deleted and added under another id',
      [deleted('d1'), added('d2')],
      ['DELETED d1 messageDeleted @101', 'CREATED d2 messageAdded @102'],
    ],
  ];
  it.each(cases)('%s', (_name, records, expected, emitted = []) => {
    expect(told(records, [], emitted)).toEqual(expected);
  });

  it('keeps ids of 21 digits as they are', () => {
    const id = '184467440737095516159';
    expect(fold([{ id, ...plus('a', ['X']) }], [])[0]?.lastRecordId).toBe(id);
  });

  it('keeps what only label additions tell: the removals between two of them are not seen', () => {
    expect(told([plus('a', ['X']), plus('a', ['X'])], ['labelAdded'])).toEqual([
      'UPDATED a labelsAdded:X labelsAdded:X @102',
    ]);
  });

  it.each<[HistoryType, string[]]>([
    ['messageAdded', ['CREATED a messageAdded @101']],
    ['labelAdded', ['UPDATED b labelsAdded:X @102']],
    ['labelRemoved', ['UPDATED b labelsRemoved:Y @103']],
    ['messageDeleted', ['DELETED a messageDeleted @104']],
  ])('tells only of %s when only that is asked for', (type, expected) => {
    expect(told([added('a'), plus('b', ['X']), minus('b', ['Y']), deleted('a')], [type])).toEqual(expected);
  });
});

describe('fold: order', () => {
  it('a CREATED stands where the message was added, another event at the last record folded in', () => {
    const records = [plus('u', ['X']), added('a'), deleted('d'), added('b'), minus('a', ['UNREAD']), minus('u', ['X'])];
    expect(told(records).map((line) => line.split(' ', 2).join(' '))).toEqual([
      'CREATED a',
      'DELETED d',
      'CREATED b',
      'UPDATED u',
    ]);
  });

  it('names the record to cut before: where it was added, or the last one', () => {
    const folded = fold(numbered([plus('u', ['X']), added('a'), plus('a', ['Y']), minus('u', ['X'])]), []);
    expect(folded.map(({ id, recordIndex }) => [id, recordIndex])).toEqual([
      ['a', 1],
      ['u', 3],
    ]);
  });
});

describe('fold: labels', () => {
  const sorted = (states: string[][]) => [...new Set(states.map((state) => state.toSorted().join(',')))].toSorted();

  it.each<[name: string, records: Omit<HistoryRecord, 'id'>[], labels: string[] | null, states: string[]]>([
    ['not told', [plus('a', ['X'])], null, []],
    ['told as those after the change', [plus('a', ['X'], ['INBOX', 'X'])], ['INBOX', 'X'], ['INBOX', 'INBOX,X']],
    ['told as those of the moment of asking', [plus('a', ['X'], ['INBOX'])], ['INBOX', 'X'], ['INBOX', 'INBOX,X']],
    ['of a removal', [minus('a', ['INBOX'], ['X'])], ['X'], ['INBOX,X', 'X']],
    [
      'one record that takes and gives',
      [{ ...plus('a', ['TRASH'], ['TRASH']), ...minus('a', ['INBOX'], ['TRASH']) }],
      ['TRASH'],
      ['INBOX', 'TRASH'],
    ],
    ['carried from record to record', [added('a', ['INBOX']), plus('a', ['X'])], ['INBOX', 'X'], ['INBOX', 'INBOX,X']],
    ['at the deletion', [deleted('a', ['TRASH'])], ['TRASH'], ['TRASH']],
    [
      'of a deletion that tells none, after a change that does',
      [plus('a', ['X'], ['X']), deleted('a')],
      ['X'],
      ['', 'X'],
    ],
  ])('%s', (_name, records, labels, states) => {
    const [message] = fold(numbered(records), []);
    expect(message?.labels ?? null).toEqual(labels);
    expect(sorted(message?.states ?? [])).toEqual(states);
  });

  it('knows the labels at arrival from the added record, and reckons them back when it tells none', () => {
    const [known] = fold(numbered([added('a', ['INBOX']), minus('a', ['INBOX'], ['X']), plus('a', ['X'], ['X'])]), []);
    expect(known?.arrivals).toEqual([['INBOX'], ['INBOX']]);
    const [unknown] = fold(numbered([added('a'), minus('a', ['INBOX'], ['X'])]), []);
    expect(unknown?.arrivals.map((state) => state.toSorted())).toEqual([['INBOX', 'X']]);
  });

  it('takes the thread from whichever record tells it', () => {
    const [message] = fold(
      [
        { id: '1', labelsAdded: [{ message: { id: 'a' }, labelIds: ['X'] }] },
        { id: '2', ...minus('a', ['X']) },
      ],
      [],
    );
    expect(message?.threadId).toBe('t-a');
  });
});
