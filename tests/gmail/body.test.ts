import { describe, expect, it } from '@jest/globals';
import {
  parseObject,
  readHistory,
  readMessage,
  readMessageIds,
  readProfile,
  readRecords,
} from '../../src/gmail/body.js';

const LONG_ID = '123456789012345678901';

describe('answers of Gmail', () => {
  it('loses no digit of a historyId that comes as a number', () => {
    const body = parseObject(`{"historyId": ${LONG_ID}, "history": [{"id" : ${LONG_ID}}]}`);
    expect(readHistory(body)).toEqual({ history: [{ id: LONG_ID }], historyId: LONG_ID });
  });

  it('touches no text of a mail that looks like a historyId', () => {
    const snippet = 'see {"historyId": 42, "id":7} and \\"historyId\\":5}';
    const body = parseObject(JSON.stringify({ id: 'a', historyId: '1', snippet, internalDate: 1764000000000 }));
    expect(readMessage(body)).toEqual({ id: 'a', historyId: '1', snippet, internalDate: '1764000000000' });
  });

  it('takes an absent list for an empty one', () => {
    expect(readHistory({ historyId: '5' })).toEqual({ history: [], historyId: '5' });
    expect(readMessageIds({})).toEqual({ messages: [] });
    expect(readRecords({}, 'labels')).toEqual({ records: [] });
  });

  it('keeps unknown fields of messages and records', () => {
    expect(readMessage({ id: 'a', news: { deep: true } })).toEqual({ id: 'a', news: { deep: true } });
    expect(readRecords({ filter: [{ id: 'f', x: 1 }], nextPageToken: 't' }, 'filter')).toEqual({
      records: [{ id: 'f', x: 1 }],
      nextPageToken: 't',
    });
  });

  it.each([
    ['', /empty/],
    ['  \n', /empty/],
    ['<!doctype html><p>Sign in', /HTML/],
    ['{"historyId":"1","history":[', /cut off/],
    ['[]', /no object/],
    ['null', /no object/],
    ['"text"', /no object/],
  ])('refuses %j', (text, message) => {
    expect(() => parseObject(text)).toThrow(message);
  });

  it.each([
    ['a profile without an address', () => readProfile({ historyId: '1' })],
    ['a profile without a historyId', () => readProfile({ emailAddress: 'a@x' })],
    ['a history without a historyId', () => readHistory({ history: [] })],
    ['a historyId that is no number', () => readHistory({ historyId: '12x' })],
    ['a history that is no list', () => readHistory({ historyId: '1', history: {} })],
    ['a record without an id', () => readHistory({ historyId: '1', history: [{}] })],
    [
      'an addition without a message',
      () => readHistory({ historyId: '1', history: [{ id: '1', messagesAdded: [{}] }] }),
    ],
    [
      'labels that are no list',
      () =>
        readHistory({ historyId: '1', history: [{ id: '1', labelsAdded: [{ message: { id: 'a' }, labelIds: 'X' }] }] }),
    ],
    ['a message without an id', () => readMessage({ threadId: 't' })],
    ['a list with a message without an id', () => readMessageIds({ messages: [{ threadId: 't' }] })],
    ['a page token that is no text', () => readMessageIds({ nextPageToken: 5 })],
    ['records that are no objects', () => readRecords({ labels: ['INBOX'] }, 'labels')],
  ])('refuses %s', (_, read) => {
    expect(read).toThrow();
  });
});
