import { describe, expect, it } from '@jest/globals';
import { plannedStatus } from '../../../src/core/receiving/answer-plan.js';
import { attemptCounter } from '../../../src/core/receiving/attempt-counter.js';
import { readHeaders } from '../../../src/core/receiving/header-text.js';
import { readNotification } from '../../../src/core/receiving/read-notification.js';
import { shownHeaders } from '../../../src/core/receiving/shown-headers.js';
import { instanceWith, sample } from './samples.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('readNotification', () => {
  it('reads both formats alike', () => {
    const read = readNotification(sample('UPDATED').body);
    const cloud = readNotification(
      sample('UPDATED', instanceWith({ 'event.notification.format': 'cloudevents' })).body,
    );
    const event = {
      id: 'test-abc-event',
      eventType: 'UPDATED',
      objectType: 'changed-messages',
      objectId: '0000000000000001',
      date: '2026-11-24T03:00:00Z',
      record: expect.objectContaining({ labelIds: ['INBOX', 'STARRED'] }),
    };
    expect(read).toMatchObject({ id: 'test-abc', events: [event] });
    expect(cloud).toMatchObject({ id: null, events: [event] });
  });

  it('reads what the old service is known to have sent, and what is half there', () => {
    const old = {
      message: { instance_id: 1, eventId: 35149, events: [{ objectType: 'accounts', objectId: 7 }, null] },
    };
    expect(readNotification(bytes(JSON.stringify(old)))).toMatchObject({
      id: '35149',
      events: [
        { id: null, eventType: '?', objectType: 'accounts', objectId: '7', date: null, record: {} },
        { objectType: '?', objectId: '?' },
      ],
    });
    const named = { message: { events: [{ objectType: 'constructor' }], raw: { constructor: 5 } } };
    expect(readNotification(bytes(JSON.stringify(named)))).toMatchObject({ events: [{ record: {} }] });
  });

  it.each([
    ['', 'not JSON: it is empty'],
    ['{"secret', 'not JSON: it ends too early'],
    ['{}', 'neither message.events'],
    ['[1]', 'neither message.events'],
    ['{"message":{"events":{}}}', 'neither message.events'],
  ])('says what is wrong with %j', (text, fault) => {
    expect(readNotification(bytes(text))).toEqual({ fault: expect.stringContaining(fault) });
    expect(readNotification(bytes(text))).not.toEqual({ fault: expect.stringContaining('secret') });
  });

  it('refuses what is not UTF-8', () => {
    expect(readNotification(Uint8Array.of(0x22, 0xff, 0x22))).toEqual({ fault: 'it is not UTF-8 text' });
  });
});

describe('readHeaders', () => {
  it.each([
    ['lines', 'Webhook-Id: n1\nElements-Webhook-Signature:sha256=a=\n'],
    ['lines of DOS', 'Webhook-Id:  n1  \r\nElements-Webhook-Signature: sha256=a=\r\n\r\nbody: no'],
    ['a saved request', 'POST /x HTTP/1.1\r\nwebhook-id: n1\r\nelements-webhook-signature: sha256=a=\r\n\r\n{"a":1}'],
    ['a saved answer', 'HTTP/1.1 200 OK\nwebhook-id: n1\nelements-webhook-signature: sha256=a='],
    ['a byte order mark', '\uFEFFwebhook-id: n1\nelements-webhook-signature: sha256=a='],
    ['JSON', '{"Webhook-Id": "n1", "elements-webhook-signature": "sha256=a="}'],
  ])('reads %s', (_what, text) => {
    expect(readHeaders(text)).toEqual({ headers: { 'webhook-id': 'n1', 'elements-webhook-signature': 'sha256=a=' } });
  });

  it.each([
    ['a: 1\nno colon', 'line 2'],
    ['two words: 1', 'line 1'],
    ['{"a": 1}', '"a", which is no text'],
    ['{"a": ', 'is not JSON'],
  ])('refuses %j', (text, fault) => {
    expect(readHeaders(text)).toEqual({ fault: expect.stringContaining(fault) });
  });
});

describe('shownHeaders', () => {
  it('keeps the names and masks what may be a secret', () => {
    const headers = { host: 'a', 'webhook-id': 'n1', authorization: 'Basic x', 'x-key': 'y', 'set-cookie': ['a', 'b'] };
    expect(shownHeaders(headers)).toEqual({
      host: 'a',
      'webhook-id': 'n1',
      authorization: '********',
      'x-key': '********',
      'set-cookie': '********',
    });
  });
});

describe('plannedStatus', () => {
  it.each([
    ['nothing asked', {}, true, [200, 200]],
    ['not checked', {}, null, [200, 200]],
    ['a signature that does not hold', {}, false, [401, 401]],
    ['a status', { status: 503 }, true, [503, 503]],
    ['a status for a signature that does not hold', { status: 202 }, false, [202, 202]],
    ['hang', { hang: true }, true, [null, null]],
    ['the first fails', { failFirst: 1 }, true, [500, 200]],
    ['the first fails by a status', { failFirst: 1, status: 410 }, true, [410, 200]],
    ['the first fails, then a status', { failFirst: 1, status: 204 }, true, [500, 204]],
    ['the first hangs', { failFirst: 1, hang: true }, true, [null, 200]],
    ['the first fails, and no signature holds', { failFirst: 1 }, false, [500, 401]],
  ])('%s', (_what, rules, verified, expected) => {
    expect([1, 2].map((number) => plannedStatus(rules, number, verified))).toEqual(expected);
  });
});

describe('attemptCounter', () => {
  it('counts an id, and never the missing one', () => {
    const count = attemptCounter();
    expect(['a', 'b', 'a', 'a', '', ''].map(count)).toEqual([1, 1, 2, 3, 1, 1]);
  });

  it('forgets the id that has not come for the longest time', () => {
    const count = attemptCounter(2);
    expect(['a', 'b', 'a', 'c', 'a', 'b'].map(count)).toEqual([1, 1, 2, 1, 3, 1]);
  });
});
