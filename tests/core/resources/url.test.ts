import { describe, expect, it } from '@jest/globals';
import { CoreError } from '../../../src/core/errors.js';
import { entryOf } from '../../../src/core/resources/default-entry.js';
import { grantFaults } from '../../../src/core/resources/grant-limits.js';
import { checkResources, parseResources } from '../../../src/core/resources/url.js';
import type { CollectionResource, HistoryResource, Resource } from '../../../src/core/types.js';

const HISTORY: HistoryResource = {
  kind: 'history',
  name: 'changed-messages',
  idField: 'id',
  historyTypes: [],
  labelIds: [],
  excludeLabelIds: [],
  format: 'metadata',
  metadataHeaders: [],
  includeSpamTrash: false,
  pageSize: 500,
  timezone: null,
};

function one(url: string, fields: Record<string, unknown> = {}, name = 'r'): Resource | undefined {
  const { resources, faults } = checkResources({ [name]: { url, idField: 'id', ...fields } }, 'c');
  expect(faults).toEqual([]);
  return resources[0];
}

function faultsOf(url: unknown, fields: Record<string, unknown> = {}): string[] {
  const { faults } = checkResources({ r: { url, idField: 'id', ...fields } }, 'c');
  return faults.map((fault) => `${fault.path} ${fault.message}`);
}

describe('event.poller.configuration', () => {
  it('without any value is the entry of the old documentation', () => {
    expect(parseResources(undefined)).toEqual([HISTORY]);
  });

  it.each<[string, unknown]>([
    ["the seed's first sample", { '/changed-messages': { url: '/hubs/general/changed-message', idField: 'id' } }],
    ["the seed's second sample", { 'changed-messages': { url: '/hubs/general/changed-messages', idField: 'id' } }],
    ['JSON text', '{"changed-messages": {"url": "/hubs/general/changed-messages", "idField": "id"}}'],
    ['JSON text with a byte order mark', '\uFEFF{"changed-messages": {"url": "changed-messages", "idField": "id"}}'],
    ['another hub', { 'changed-messages': { url: '/hubs/crm/changed-messages', idField: 'id' } }],
    ['no hub', { 'changed-messages': { url: 'changed-messages', idField: 'id' } }],
    ['slashes', { 'changed-messages': { url: '//hubs/general/changed-messages/', idField: 'id' } }],
    ['an empty query', { 'changed-messages': { url: '/changed-messages?', idField: 'id' } }],
    ['an entry that is null', { gone: null, 'changed-messages': { url: '/changed-messages', idField: 'id' } }],
    [
      'fields that mean nothing to Gmail',
      {
        'changed-messages': {
          url: '/changed-messages',
          idField: 'id',
          filterByUpdatedDate: true,
          filterByCurrentDate: 'yes',
          createdCheckTolerance: 60,
          datesConfiguration: { updatedDateField: 'x', createdDateTimezone: 'nowhere' },
          mine: { a: 1 },
        },
      },
    ],
  ])('%s', (_name, value) => {
    expect(checkResources(value, 'c')).toEqual({ resources: [HISTORY], faults: [] });
  });

  it.each(['changed-messages', 'messages'])('cuts an export’s larger pages of %s to Gmail’s limit', (url) => {
    const [resource] = parseResources(JSON.stringify({ a: { url, idField: 'id', pageSize: '2000' } }));
    expect(resource?.pageSize).toBe(500);
  });

  it('polls entries under their own names', () => {
    const value = {
      inbox: { url: 'changed-messages?labelIds=INBOX', idField: 'id' },
      'All mail': { url: '/hubs/general/changed-messages', idField: 'threadId' },
    };
    expect(parseResources(JSON.stringify(value))).toEqual([
      { ...HISTORY, name: 'inbox', labelIds: ['INBOX'] },
      { ...HISTORY, name: 'All mail', idField: 'threadId' },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['an array', [], 'c is an array; accepted: an object of resources'],
    ['a number', 3, 'c is the number 3'],
    ['an empty object', {}, 'c names no resource'],
    ['empty text', '', 'c is not JSON: it is empty'],
    ['a trailing comma', '{"a": {"url": "labels", "idField": "id"},}', 'c is not JSON: line 1, column 42: a name'],
    ['cut text', '{"a": {"url": "lab', 'c is not JSON: it ends too early'],
    ['text of an array', '[]', 'c is an array'],
    ['an entry that is text', { a: 'labels' }, 'c["a"] is the text "labels"; accepted: an object with url and idField'],
    [
      'no url',
      { a: { idField: 'id' } },
      'c["a"].url is missing; accepted: /hubs/general/PATH, where PATH is one of changed-',
    ],
    ['no idField', { a: { url: 'labels' } }, 'c["a"].idField is missing'],
    ['an empty idField', { a: { url: 'labels', idField: '' } }, 'c["a"].idField is an empty text'],
    ['a wild idField', { a: { url: 'labels', idField: '__proto__.x' } }, 'c["a"].idField is the text'],
    [
      'an idField that history has not',
      { a: { url: 'changed-messages', idField: 'historyId' } },
      'c["a"].idField is the text "historyId"; accepted for changed-messages: id, threadId',
    ],
    ['no name', { '/': { url: 'labels', idField: 'id' } }, 'c["/"] has no name'],
    ['a name of ours', { mailbox: { url: 'labels', idField: 'id' } }, 'c["mailbox"] is a name that notifications use'],
    ['another one', { '/events': { url: 'labels', idField: 'id' } }, 'c["/events"] is a name that notifications use'],
    ['a line break', { 'a\nb': { url: 'labels', idField: 'id' } }, 'characters that cannot be printed'],
    [
      'the same name twice',
      { labels: { url: 'labels', idField: 'id' }, '/labels': { url: 'labels', idField: 'id' } },
      'c["/labels"] is the same resource as "labels"; accepted: one of the two',
    ],
    [
      'a key that would change a prototype',
      '{"__proto__": {"url": "labels", "idField": "id"}}',
      'c["__proto__"] is a name that notifications use',
    ],
  ])('refuses %s', (_name, value, fault) => {
    const told = checkResources(value, 'c').faults.map(({ path, message }) => `${path} ${message}`);
    expect(told).toEqual([expect.stringContaining(fault)]);
  });

  it('tells all faults of all entries, and throws them as one', () => {
    const value = { a: { url: 'contacts', idField: 'id' }, b: { url: 'labels?q=x' }, c: 1 };
    expect(checkResources(value, 'c').faults).toHaveLength(4);
    const thrown = (() => {
      try {
        return parseResources(JSON.stringify(value));
      } catch (error) {
        return error;
      }
    })() as CoreError;
    expect(thrown).toBeInstanceOf(CoreError);
    expect(thrown.code).toBe('usage');
    expect(thrown.faults).toHaveLength(4);
    for (const { path } of thrown.faults) {
      expect(path).toMatch(/^configuration\["event\.poller\.configuration"\]/);
      expect(thrown.message).toContain(path);
    }
  });
});

describe('changed-messages', () => {
  it.each<[string, Partial<HistoryResource>]>([
    [
      'changed-messages?historyTypes=messageAdded&labelIds=INBOX&excludeLabelIds=CATEGORY_PROMOTIONS&format=metadata&metadataHeaders=Subject&includeSpamTrash=true',
      {
        historyTypes: ['messageAdded'],
        labelIds: ['INBOX'],
        excludeLabelIds: ['CATEGORY_PROMOTIONS'],
        metadataHeaders: ['Subject'],
        includeSpamTrash: true,
      },
    ],
    ['changed-message?labelIds=INBOX&labelIds=UNREAD', { labelIds: ['INBOX', 'UNREAD'] }],
    ['changed-message?labelIds=INBOX,Label_12, STARRED', { labelIds: ['INBOX', 'Label_12', 'STARRED'] }],
    ['changed-message?labelIds=INBOX&labelIds=INBOX', { labelIds: ['INBOX'] }],
    [
      'changed-messages?historyTypes=labelAdded&historyTypes=labelRemoved',
      { historyTypes: ['labelAdded', 'labelRemoved'] },
    ],
    ['changed-messages?format=ids', { format: 'ids' }],
    ['changed-messages?format=raw&includeSpamTrash=false', { format: 'raw' }],
    ['changed-messages?metadataHeaders=From&metadataHeaders=Message%2DID', { metadataHeaders: ['From', 'Message-ID'] }],
    ['changed-messages?maxResults=50', { pageSize: 50 }],
    ['changed%2Dmessages?label%49ds=INBOX', { labelIds: ['INBOX'] }],
  ])('%s', (url, changes) => {
    expect(one(url)).toEqual({ ...HISTORY, name: 'r', ...changes });
  });

  it.each<[Record<string, unknown>, Partial<HistoryResource>]>([
    [{ pageSize: 20 }, { pageSize: 20 }],
    [{ pageSize: '20' }, { pageSize: 20 }],
    [{ pageSize: null, pollDelay: null, updatedDateTimezone: null }, {}],
    [{ updatedDateTimezone: 'Europe/Berlin' }, { timezone: 'Europe/Berlin' }],
    [{ datesConfiguration: { updatedDateTimezone: '+01:00' } }, { timezone: '+01:00' }],
    [{ datesConfiguration: { updatedDateTimezone: 'PST' }, updatedDateTimezone: 'UTC' }, { timezone: 'PST' }],
    [{ pollDelay: 60 }, {}],
  ])('with %j', (fields, changes) => {
    expect(one('changed-messages', fields)).toEqual({ ...HISTORY, name: 'r', ...changes });
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'changed-messages?historyType=messageAdded',
      {},
      'url has the unknown parameter "historyType"; accepted for changed-',
    ],
    ['changed-messages?labelId=INBOX', {}, 'url has the unknown parameter "labelId"'],
    ['changed-messages?startHistoryId=1', {}, 'url has the unknown parameter "startHistoryId"'],
    ['changed-messages?q=x', {}, 'url has the unknown parameter "q"'],
    ['changed-messages?where=q=x', {}, 'url has the unknown parameter "where"'],
    [
      'changed-messages?historyTypes=messagesAdded',
      {},
      'url has historyTypes as the text "messagesAdded"; accepted: messageAdded,',
    ],
    ['changed-messages?format=minimal', {}, 'url has format as the text "minimal"; accepted: ids, metadata, full, raw'],
    ['changed-messages?format=full&format=raw', {}, 'url has format more than once'],
    ['changed-messages?format=', {}, 'url has format without a value'],
    ['changed-messages?labelIds', {}, 'url has labelIds without a value'],
    ['changed-messages?labelIds=inbox', {}, "url has labelIds=inbox; Gmail's own label is INBOX"],
    ['changed-messages?includeSpamTrash=yes', {}, 'url has includeSpamTrash as the text "yes"; accepted: true, false'],
    ['changed-messages?labelIds=INBOX&excludeLabelIds=INBOX', {}, 'url has INBOX in labelIds and in excludeLabelIds'],
    ['changed-messages?labelIds=${epoch}', {}, 'url has a template'],
    [
      'changed-messages?maxResults=501',
      {},
      'url has maxResults that is the text "501"; accepted: a whole number from 1 to 500',
    ],
    ['changed-messages', { pageSize: 0 }, 'pageSize is the number 0; accepted: a whole number of 1 or more'],
    ['changed-messages', { pageSize: '1.5' }, 'pageSize is the text "1.5"'],
    ['changed-messages', { pollDelay: -1 }, 'pollDelay is the number -1; accepted: seconds, 0 or more'],
    [
      'changed-messages',
      { updatedDateTimezone: 'Mars/Olympus' },
      'updatedDateTimezone is the text "Mars/Olympus"; accepted',
    ],
    [
      'changed-messages',
      { datesConfiguration: { updatedDateTimezone: 1 } },
      'datesConfiguration.updatedDateTimezone is the number 1',
    ],
    ['changed-messages', { datesConfiguration: [] }, 'datesConfiguration is an array; accepted: an object'],
    [
      '/hubs/general/contacts',
      {},
      'url asks for the path "contacts"; supported: changed-messages, messages, threads, drafts',
    ],
    ['/hubs/general', {}, 'url asks for no path'],
    ['messages/${epoch}', {}, 'url asks for a path with a template'],
    ['messages/18c2', {}, 'url asks for the path "messages/18c2"'],
    ['Changed-Messages', {}, 'url asks for the path "Changed-Messages"'],
  ])('refuses %s with %j', (url, fields, fault) => {
    expect(faultsOf(url, fields)).toEqual([expect.stringContaining(`c["r"].${fault}`)]);
  });
});

describe('collections', () => {
  const collection = (url: string, fields?: Record<string, unknown>) => one(url, fields) as CollectionResource;

  it.each([
    'messages',
    'threads',
    'drafts',
    'labels',
    'settings/filters',
    'settings/forwardingAddresses',
    'settings/sendAs',
    'settings/delegates',
  ] as const)('%s', (path) => {
    expect(one(`/hubs/general/${path}`, {}, 'x')).toEqual({
      kind: 'collection',
      name: 'x',
      path,
      idField: 'id',
      query: [],
      window: false,
      pageSize: null,
      pollDelaySeconds: 0,
      timezone: null,
      fingerprint: expect.stringContaining(path),
    });
  });

  it.each<[string, [string, string][]]>([
    ['messages?q=is:starred', [['q', 'is:starred']]],
    [
      'messages?q=from:boss is:unread&labelIds=INBOX&labelIds=Label_1',
      [
        ['q', 'from:boss is:unread'],
        ['labelIds', 'INBOX'],
        ['labelIds', 'Label_1'],
      ],
    ],
    ['messages?q=from%3Aboss%20is%3Aunread', [['q', 'from:boss is:unread']]],
    ['messages?q=from%3Aboss+is%3Aunread', [['q', 'from:boss is:unread']]],
    ['messages?q=to:me+lists@example.com', [['q', 'to:me+lists@example.com']]],
    ['messages?q=subject:100%', [['q', 'subject:100%']]],
    ['messages?q=subject:AT%26T %ff', [['q', 'subject:AT&T %ff']]],
    ['messages?q=a=b', [['q', 'a=b']]],
    ["threads?where=q='subject:report'", [['q', 'subject:report']]],
    ["messages?where=q='subject:it''s'", [['q', "subject:it''s"]]],
    ['messages?where=q="from:boss"', [['q', 'from:boss']]],
    ['messages?where=q=from:boss', [['q', 'from:boss']]],
    ["messages?where= q = 'from:boss' ", [['q', 'from:boss']]],
    ['messages?where=q%3D%27from%3Aboss%27', [['q', 'from:boss']]],
    [
      "messages?where=q='x'&includeSpamTrash=true",
      [
        ['q', 'x'],
        ['includeSpamTrash', 'true'],
      ],
    ],
    [
      "messages?where=q='after:${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'",
      [['q', "after:${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}"]],
    ],
    ['messages?q=after:%24%7Bepoch%3As%7D', [['q', 'after:${epoch:s}']]],
  ])('%s', (url, query) => {
    expect(collection(url).query).toEqual(query);
  });

  it.each<[string, boolean]>([
    ['messages', false],
    ['messages?q=is:unread', false],
    ['messages?q=from:boss after:${epoch:s}', true],
    ['messages?q=after:2026/01/01', true],
    ['messages?q=before:2026/01/01', true],
    ['messages?q=is:unread newer_than:2d', true],
    ['messages?q=(older_than:1y)', true],
    ['messages?q=-newer:2026/01/01', true],
    ['messages?q={from:a AFTER:2026/01/01}', true],
    ['messages?q=subject:hereafter:x', false],
    ["threads?where=q='after:${epoch:s}'", true],
  ])('%s is a window of time: %j', (url, window) => {
    expect(collection(url).window).toBe(window);
  });

  it('takes page size, delay and zone', () => {
    const fields = { pageSize: '100', pollDelay: '30', updatedDateTimezone: 'UTC', idField: 'message.id' };
    expect(collection('drafts?maxResults=20', fields)).toMatchObject({
      pageSize: 100,
      pollDelaySeconds: 30,
      timezone: 'UTC',
      idField: 'message.id',
      query: [],
    });
    expect(collection('drafts?maxResults=20')).toMatchObject({ pageSize: 20 });
    expect(collection('labels', { pageSize: 20 })).toMatchObject({ pageSize: null });
  });

  it('has a fingerprint that changes with path, query and idField, and with nothing else', () => {
    const print = (url: string, fields?: Record<string, unknown>) => collection(url, fields).fingerprint;
    const base = print('messages?q=x&labelIds=INBOX');
    expect(print('/hubs/any/messages/?labelIds=INBOX&q=x', { pageSize: 7, pollDelay: 9 })).toBe(base);
    expect(print("messages?where=q='x'&labelIds=INBOX")).toBe(base);
    const others = [
      print('threads?q=x&labelIds=INBOX'),
      print('messages?q=y&labelIds=INBOX'),
      print('messages?q=x'),
      print('messages?q=x&labelIds=INBOX', { idField: 'threadId' }),
    ];
    expect(new Set([base, ...others]).size).toBe(5);
  });

  it.each<[string, string]>([
    ['labels?q=x', 'url has the unknown parameter "q"; labels takes none'],
    [
      'drafts?labelIds=INBOX',
      'url has the unknown parameter "labelIds"; accepted for drafts: q, includeSpamTrash, maxResults',
    ],
    ['messages?format=full', 'url has the unknown parameter "format"; accepted for messages: q, labelIds'],
    ['messages?pageToken=1', 'url has the unknown parameter "pageToken"'],
    ['messages?access_token=S3CRET', 'url has the unknown parameter "access_token"'],
    ['messages?q=AT&T', 'url has the unknown parameter "T"'],
    ['messages?q=x&q=y', 'url has q more than once'],
    ["messages?q=x&where=q='y'", 'url has q more than once'],
    ['messages?q=', 'url has q without a value'],
    ["drafts?where=q='x'", 'url has the unknown parameter "where"'],
    ["messages?where=from='boss'", "url has a where that is not q='...'; in Gmail's own words: q=from:ADDRESS"],
    ["messages?where=subject like '%25x%25'", "in Gmail's own words: q=subject:TEXT"],
    ["messages?where=labelIds='INBOX'", "in Gmail's own words: labelIds=LABEL_ID"],
    ["messages?where=internalDate>='${gmtDate:yyyy}'", "in Gmail's own words: q=after:${epoch:s}"],
    ["messages?where=constructor='x'", "in Gmail's own words: Gmail's search"],
    ['messages?where=everything', "in Gmail's own words: Gmail's search"],
    ["messages?where=q='a' and labelIds='INBOX'", 'url has a where of several conditions'],
    ['messages?q=after:${now}', 'url has a template that cannot be filled in: ${now}: no such template'],
    ['messages?q=after:${epoch:s', 'url has a template that cannot be filled in: a template ${ has no closing brace'],
    ['messages?labelIds=Inbox', "url has labelIds=Inbox; Gmail's own label is INBOX"],
  ])('refuses %s', (url, fault) => {
    expect(faultsOf(url)).toEqual([expect.stringContaining(fault)]);
    expect(faultsOf(url).join()).not.toContain('S3CRET');
  });
});

describe('what a grant cannot read', () => {
  const faults = (url: string, limits: { metadataOnly?: boolean; delegated?: boolean }) => {
    const { resources } = checkResources({ r: { url, idField: 'id' } }, 'c');
    return grantFaults(resources, { metadataOnly: false, delegated: false, ...limits }, 'c');
  };

  it.each([
    'changed-messages?format=full',
    'changed-messages?format=raw',
    'messages?q=x',
    "threads?where=q='x'",
    'drafts',
    'settings/filters',
    'settings/sendAs',
    'settings/forwardingAddresses',
  ])('%s needs more than the metadata scope', (url) => {
    expect(faults(url, { metadataOnly: true })).toEqual([
      { path: 'c["r"].url', message: expect.stringContaining('metadata scope') },
    ]);
    expect(faults(url, {})).toEqual([]);
  });

  it.each(['changed-messages', 'changed-messages?format=ids', 'messages?labelIds=INBOX', 'threads', 'labels'])(
    '%s can be read with the metadata scope',
    (url) => {
      expect(faults(url, { metadataOnly: true })).toEqual([]);
    },
  );

  it('settings/delegates needs domain-wide delegation', () => {
    expect(faults('settings/delegates', {})[0]?.message).toContain('domain-wide delegation');
    expect(faults('settings/delegates', { delegated: true })).toEqual([]);
  });
});

describe('entries from a flag', () => {
  it.each<[string, string, string, string]>([
    ['changed-messages', 'changed-messages', '/hubs/general/changed-messages', 'id'],
    ['inbox=changed-messages?labelIds=INBOX', 'inbox', 'changed-messages?labelIds=INBOX', 'id'],
    ['inbox=/hubs/general/labels', 'inbox', '/hubs/general/labels', 'id'],
    ['messages?q=is:starred', 'messages', 'messages?q=is:starred', 'id'],
    ['/hubs/general/threads', 'threads', '/hubs/general/threads', 'id'],
    ['settings/sendAs', 'settings/sendAs', '/hubs/general/settings/sendAs', 'sendAsEmail'],
    ['mine=settings/delegates', 'mine', '/hubs/general/settings/delegates', 'delegateEmail'],
    [
      'settings/forwardingAddresses',
      'settings/forwardingAddresses',
      '/hubs/general/settings/forwardingAddresses',
      'forwardingEmail',
    ],
  ])('%s', (text, name, url, idField) => {
    expect(entryOf(text)).toEqual([name, { url, idField }]);
  });
});
