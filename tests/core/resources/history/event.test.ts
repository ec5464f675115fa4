import { describe, expect, it } from '@jest/globals';
import { eventId } from '../../../../src/core/notification/index.js';
import { type EventOrigin, eventOf } from '../../../../src/core/resources/history/event.js';
import type { Fetched } from '../../../../src/core/resources/history/fetch.js';
import { type FoldedMessage, fold } from '../../../../src/core/resources/history/fold.js';
import type { HistoryRecord } from '../../../../src/gmail/api.js';
import { historyResource } from './bench.js';

const told = { id: 'a', threadId: 't', labelIds: ['INBOX'] };
const payload: Fetched = {
  kind: 'message',
  message: { ...told, historyId: '77', internalDate: '1700000000000', snippet: 'Hello', payload: { headers: [] } },
};

function only(...records: HistoryRecord[]): FoldedMessage {
  const [message] = fold(records, []);
  if (message === undefined) throw new Error('one message is expected');
  return message;
}

const created = only({ id: '101', messagesAdded: [{ message: told }] });
const updated = only(
  { id: '101', labelsAdded: [{ message: told, labelIds: ['X'] }] },
  { id: '105', labelsRemoved: [{ message: told, labelIds: ['X'] }] },
);
const origin = (changes: Partial<EventOrigin> = {}): EventOrigin => ({
  instanceUuid: 'uuid',
  resource: historyResource(),
  pollStart: 1_800_000_000_000,
  recovered: false,
  ...changes,
});
const ids = historyResource({ format: 'ids' });

describe('eventOf', () => {
  it("is Gmail's own message plus its changes, dated as the message", () => {
    expect(eventOf(created, payload, origin())).toMatchObject({
      objectId: 'a',
      eventType: 'CREATED',
      date: 1_700_000_000_000,
      record: {
        id: 'a',
        threadId: 't',
        labelIds: ['INBOX'],
        historyId: '77',
        snippet: 'Hello',
        changes: [{ type: 'messageAdded' }],
      },
    });
  });

  it('without payload: what history told, dated as the poll', () => {
    expect(eventOf(updated, undefined, origin())).toMatchObject({
      date: 1_800_000_000_000,
      record: {
        id: 'a',
        threadId: 't',
        labelIds: ['INBOX'],
        historyId: '105',
        changes: [
          { type: 'labelsAdded', labelIds: ['X'] },
          { type: 'labelsRemoved', labelIds: ['X'] },
        ],
      },
    });
  });

  it('leaves out what nobody knows', () => {
    const bare = only({ id: '9', messagesDeleted: [{ message: { id: 'a' } }] });
    expect(eventOf(bare, undefined, origin()).record).toEqual({
      id: 'a',
      historyId: '9',
      changes: [{ type: 'messageDeleted' }],
    });
  });

  it.each<[string, Fetched, object]>([
    ['gone', { kind: 'gone', asked: 2 }, { gone: true }],
    ['failed', { kind: 'failed', sentence: 'Gmail did not.' }, { payloadError: 'Gmail did not.' }],
  ])('says when the message is %s', (_name, fetched, mark) => {
    const event = eventOf(created, fetched, origin());
    expect(event.record).toEqual({ ...told, historyId: '101', changes: [{ type: 'messageAdded' }], ...mark });
    expect(event.date).toBe(1_800_000_000_000);
  });

  it('derives the id of a CREATED from the message alone, of others from the last record too', () => {
    expect(eventOf(created, payload, origin()).id).toBe(eventId(['uuid', 'changed-messages', 'CREATED', 'a']));
    expect(eventOf(created, undefined, origin({ recovered: true })).id).toBe(eventOf(created, payload, origin()).id);
    expect(eventOf(updated, undefined, origin()).id).toBe(eventId(['uuid', 'changed-messages', 'UPDATED', 'a', '105']));
  });

  it("names the thread where idField says so; the message's id stays the key", () => {
    const byThread = origin({ resource: historyResource({ idField: 'threadId' }) });
    expect(eventOf(created, payload, byThread).objectId).toBe('t');
    expect(eventOf(created, payload, byThread).id).toBe(eventOf(created, payload, origin()).id);
    const bare = only({ id: '9', messagesDeleted: [{ message: { id: 'a' } }] });
    expect(eventOf(bare, undefined, byThread).objectId).toBe('a');
  });

  it('with `ids` a recovered message tells its ids and labels, no more', () => {
    const event = eventOf(
      only({ id: '101', messagesAdded: [{ message: { id: 'a' } }] }),
      payload,
      origin({ resource: ids, recovered: true }),
    );
    expect(event.date).toBe(1_700_000_000_000);
    expect(event.record).toEqual({ ...told, historyId: '77', changes: [{ type: 'messageAdded' }], recovered: true });
  });

  it('a recovered message that is gone has no historyId: no record told of it', () => {
    const event = eventOf(created, { kind: 'gone', asked: 2 }, origin({ recovered: true }));
    expect(event.record).toEqual({ ...told, changes: [{ type: 'messageAdded' }], gone: true, recovered: true });
  });

  it.each(['', 'soon', undefined, '99999999999999999', '-99999999999999999'])(
    'an internalDate of %p is none',
    (internalDate) => {
      const message = { id: 'a', ...(internalDate !== undefined && { internalDate }) };
      expect(eventOf(created, { kind: 'message', message }, origin()).date).toBe(1_800_000_000_000);
    },
  );
});
