import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkBody } from '../../../src/core/instances/body.js';
import { parseBody } from '../../../src/core/instances/body-text.js';
import { refused, told } from './world.js';

const GOOD = {
  element: { key: 'gmail' },
  providerData: { code: '4/0Aabc' },
  configuration: {
    'oauth.api.key': 'id',
    'oauth.api.secret': 'secret',
    'oauth.callback.url': 'https://auth.mycoolapp.com/oauth',
    'event.notification.enabled': true,
    'event.notification.callback.url': 'http://mycoolapp.com',
    'event.poller.refresh_interval': '15',
    'event.poller.configuration': { '/changed-messages': { url: '/hubs/general/changed-message', idField: 'id' } },
  },
  tags: ['Docs'],
  name: 'API Instance with Polling',
};
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

function check(
  changes: object = {},
  configuration: object = {},
  options: { allowPrivate?: boolean; keepIds?: boolean } = {},
) {
  const body = { ...GOOD, ...changes, configuration: { ...GOOD.configuration, ...configuration } };
  return checkBody(body, { allowPrivate: true, keepIds: false, ...options });
}

const faults = (...given: Parameters<typeof check>) => told(check(...given).faults);

describe('the body of POST /instances', () => {
  it('is read as the documentation shows it', () => {
    const checked = check();
    expect(checked.faults).toEqual([]);
    expect(checked).toMatchObject({
      name: 'API Instance with Polling',
      tags: ['Docs'],
      disabled: false,
      externalAuthentication: 'none',
      oauth: { code: '4/0Aabc', clientId: 'id', clientSecret: 'secret', refreshToken: null },
      configuration: { eventsEnabled: true, intervalMinutes: 15, warnings: [] },
    });
    expect(checked.configuration.values).toEqual({
      ...GOOD.configuration,
      'event.notification.enabled': 'true',
      'event.poller.configuration': JSON.stringify(GOOD.configuration['event.poller.configuration']),
    });
  });

  it.each<[object, string]>([
    [{ element: undefined }, 'element.key is missing; accepted: gmail'],
    [{ element: null }, 'element.key is missing; accepted: gmail'],
    [{ element: 'gmail' }, 'element is the text "gmail"; accepted: {"key": "gmail"}'],
    [{ element: { id: 6409 } }, 'element.key is missing'],
    [{ element: { key: 'outlook' } }, 'element.key is the text "outlook"; accepted: gmail'],
    [{ element: { key: 'Gmail' } }, 'element.key is the text "Gmail"'],
    [{ name: undefined }, 'name is missing; accepted: 1 to 255 characters'],
    [{ name: null }, 'name is missing'],
    [{ name: '' }, 'name is an empty text'],
    [{ name: '<INSTANCE_NAME>' }, 'name is the text "<INSTANCE_NAME>"; accepted: 1 to 255 characters that are left'],
    [{ name: 7 }, 'name is the number 7'],
    [{ name: 'n'.repeat(256) }, 'name is a text of 256 characters'],
    [{ tags: 7 }, 'tags is the number 7; accepted: an array of texts, or one text'],
    [{ tags: ['a', 7, { name: 'b' }] }, 'tags[1] is the number 7; accepted: a text'],
    [{ tags: ['t'.repeat(256)] }, 'tags[0] is longer than 255 characters'],
    [{ providerData: 'code' }, 'providerData is the text "code"; accepted: {"code": "..."}'],
    [{ providerData: { code: 7 } }, 'providerData.code is a number; accepted: a text that is not empty'],
    [{ providerData: { code: '' } }, 'providerData.code is an empty text'],
    [{ providerData: { code: '<AUTHORIZATION_GRANT_CODE>' } }, 'providerData.code still has the placeholder'],
    [{ externalAuthentication: 'full' }, 'externalAuthentication is the text "full"; accepted: none, initial'],
  ])('refuses %j', (changes, fault) => {
    expect(faults(changes)[0]).toContain(fault);
  });

  it.each<[string, unknown, string]>([
    ['oauth.api.key', '<Google app Client ID>', 'still has the placeholder'],
    ['oauth.api.key', 7, 'is the number 7; accepted: a text'],
    ['oauth.api.secret', '', 'is an empty text; accepted: a text that is not empty'],
    ['oauth.api.secret', { a: 1 }, 'is an object'],
    ['oauth.callback.url', '<Google app Authorized redirect URI>', 'accepted: the URL that is registered'],
    ['oauth.user.refresh_token', [], 'is an array'],
    ['event.notification.enabled', 'yes', 'is the text "yes"; accepted: true, false'],
    ['event.notification.enabled', 1, 'is the number 1'],
    ['event.notification.callback.url', '', 'is an empty text that is no URL; accepted: an http or https URL'],
    ['event.notification.callback.url', 'mycoolapp.com', 'is a text of 13 characters that is no URL'],
    ['event.notification.callback.url', 'ftp://mycoolapp.com', 'begins with ftp:; accepted: an http or https URL'],
    ['event.notification.callback.url', 'https://u:p@mycoolapp.com', 'holds a user name or password'],
    ['event.notification.callback.url', 'http://169.254.169.254/x', 'is refused: '],
    ['event.notification.callback.url', 7, 'is a number that is no URL'],
    ['event.vendor.type', 'webhook', 'is webhooks, but Gmail POSTs no webhooks of its own'],
    ['event.vendor.type', 'webhooks', 'is webhooks'],
    ['event.vendor.type', 'push', 'is the text "push"; accepted: polling, or nothing'],
    ['event.poller.refresh_interval', '<minutes>', 'is the text "<minutes>"; accepted: minutes, a number of 1 or more'],
    ['event.poller.refresh_interval', '', 'is an empty text'],
    ['event.poller.refresh_interval', 0, 'is the number 0'],
    ['event.poller.refresh_interval', -5, 'is the number -5'],
    ['event.poller.refresh_interval', '0.5', 'is the text "0.5"'],
    ['event.poller.refresh_interval', '1e2', 'is the text "1e2"'],
    ['event.poller.refresh_interval', true, 'is true'],
    ['event.poller.refresh_interval', Number.POSITIVE_INFINITY, 'is the number Infinity'],
    ['event.poller.configuration', 'nothing', 'is not JSON: line 1, column 1'],
    ['event.notification.signature.key', '', 'is an empty text'],
    ['event.notification.basic.username', 'a:b', 'has a colon'],
    ['event.notification.basic.username', 7, 'is the number 7'],
    ['event.notification.signing.secret', 'S3CRET', 'is a text of 6 characters; accepted: whsec_'],
    ['event.notification.signing.secret', 'whsec_c2hvcnQ=', 'is a text of 14 characters'],
    ['event.notification.signing.secret', `${SECRET} ${SECRET} ${SECRET}`, 'is 3 secrets'],
    ['event.notification.signing.secret', `whsec_${Buffer.alloc(65).toString('base64')}`, 'a text of 94 characters'],
    ['event.notification.callback.headers', '{"X-A": ', 'is not JSON: it ends too early'],
    ['event.notification.callback.headers', 'S3CRET', 'is not JSON: line 1'],
    ['event.notification.callback.headers', ['S3CRET'], 'is an array; accepted: an object of header names'],
    ['event.notification.callback.headers', { 'X A': 'S3CRET' }, 'has "X A", which is no name of a header'],
    [
      'event.notification.callback.headers',
      { 'X-A': 'S3CRET\r\nX-B: 1' },
      'has "X-A" with a character that a header may',
    ],
    ['event.notification.callback.headers', { 'X-A': ['S3CRET'] }, 'has "X-A" as an array; accepted: a text'],
    ['event.notification.callback.headers', { 'X-A': '1', 'x-a': '2' }, 'has "x-a" twice'],
    ['event.notification.callback.headers', { Host: 'S3CRET' }, 'has "Host", which gmail-events sets itself'],
    ['event.notification.callback.headers', { 'Webhook-ID': 'S3CRET' }, 'has "Webhook-ID", which gmail-events sets'],
    ['event.notification.order', 'random', 'is the text "random"; accepted: ordered, parallel'],
    ['event.notification.format', 'xml', 'is the text "xml"; accepted: cloud-elements, cloudevents'],
    ['event.notification.system.enabled', 'maybe', 'is the text "maybe"; accepted: true, false'],
  ])('refuses %s as %j', (key, value, fault) => {
    const found = faults({}, { [key]: value });
    expect(found).toEqual([expect.stringContaining(fault)]);
    expect(found[0]).toMatch(new RegExp(`^configuration\\["${key.replaceAll('.', '\\.')}"\\]`));
    expect(found[0]).not.toContain('S3CRET');
  });

  it.each<[object, object]>([
    [{}, { 'event.notification.basic.password': 'S3CRET' }],
    [
      {},
      {
        'event.notification.basic.username': 'ann',
        'event.notification.callback.headers': { authorization: 'Bearer S3CRET' },
      },
    ],
  ])('refuses what does not go together: %#', (changes, configuration) => {
    expect(faults(changes, configuration)).toHaveLength(1);
    expect(faults(changes, configuration)[0]).not.toContain('S3CRET');
  });

  it.each<[string, unknown, string]>([
    ['event.notification.enabled', 'true', 'true'],
    ['event.notification.enabled', false, 'false'],
    ['event.poller.refresh_interval', 1, '1'],
    ['event.poller.refresh_interval', ' 5 ', ' 5 '],
    ['event.poller.refresh_interval', 999999999, '999999999'],
    ['event.vendor.type', 'polling', 'polling'],
    ['event.notification.callback.url', 'http://127.0.0.1:8080/a?b=c', 'http://127.0.0.1:8080/a?b=c'],
    [
      'event.notification.callback.headers',
      { 'X-Tenant': 'blue', 'X-N': 7, gone: null },
      '{"X-Tenant":"blue","X-N":7,"gone":null}',
    ],
    ['event.notification.signing.secret', `${SECRET} ${SECRET}`, `${SECRET} ${SECRET}`],
    ['event.notification.instance.finder', '', ''],
    ['bulk.relations', { a: [1, null] }, '{"a":[1,null]}'],
    ['pagination.max', 200, '200'],
    ['constructor', 'x', 'x'],
  ])('stores %s as %j', (key, value, stored) => {
    const checked = check({}, { [key]: value });
    expect(checked.faults).toEqual([]);
    expect(checked.configuration.values[key]).toBe(stored);
  });

  it('takes null and masks as absent, and tells which were masks', () => {
    const checked = check(
      { externalAuthentication: null, tags: null, providerData: { code: '********' } },
      {
        'event.notification.signature.key': '********',
        'oauth.api.secret': '********',
        'event.notification.order': null,
        'bulk.x': null,
      },
    );
    expect(checked.faults).toEqual([]);
    expect(checked.oauth).toMatchObject({ code: null, clientSecret: null });
    expect(checked.tags).toEqual(['API Instance with Polling']);
    expect(checked.maskedKeys).toEqual(['oauth.api.secret', 'event.notification.signature.key']);
    expect(Object.keys(checked.configuration.values)).not.toContain('bulk.x');
  });

  it('ignores top-level keys it does not know, except that a disabled export stays disabled', () => {
    const noise = { id: 5, token: 't', valid: true, maxCacheSize: 0, user: { id: 1 }, provisionInteractions: [] };
    expect(check({ ...noise, disabled: true })).toMatchObject({
      faults: [],
      disabled: true,
      kept: { id: null, token: null },
    });
    expect(check(noise, {}, { keepIds: true }).kept).toEqual({ id: 5, token: 't' });
    expect(faults({ id: 'S3CRET', token: ['S3CRET'] }, {}, { keepIds: true })).toEqual([
      'id is the text "S3CRET"; accepted: a whole number from 1 to 1000000000000',
      'token is no text; accepted: the token of an export',
    ]);
    expect(check({ id: null, token: '********' }, {}, { keepIds: true })).toMatchObject({
      faults: [],
      kept: { id: null, token: null },
    });
  });

  it.each<[unknown, string[]]>([
    ['one', ['one']],
    [
      ['<b>one</b>', ' two ', '', '<br>', null],
      ['one', 'two'],
    ],
    [[], ['API Instance with Polling']],
    [['<i></i>'], ['API Instance with Polling']],
    [undefined, ['API Instance with Polling']],
  ])('tags %j are %j', (tags, stored) => {
    expect(check({ tags })).toMatchObject({ faults: [], tags: stored });
  });

  it.each<[string, string]>([
    ['<a href="x">Ann</a>', 'Ann'],
    ['<<b>script>alert(1)</script>', 'alert(1)'],
    ['1 < 2 > 1', '1 < 2 > 1'],
    ['a <!-- b --> c', 'a  c'],
    [' \u001b[31mred\u0007 \n', '[31mred'],
    ['n'.repeat(255), 'n'.repeat(255)],
    ['😀'.repeat(255), '😀'.repeat(255)],
    ['Ärger & Söhne', 'Ärger & Söhne'],
  ])('name %j is %j', (name, stored) => {
    expect(check({ name })).toMatchObject({ faults: [], name: stored });
  });

  it('undoes the escapes of a code from the address bar', () => {
    expect(check({ providerData: { code: ' 4%2F0Aabc ' } }).oauth.code).toBe('4/0Aabc');
    expect(check({ providerData: { code: '4/0A%zz' } }).oauth.code).toBe('4/0A%zz');
  });

  it('polls changed-messages when events are on and nothing is named', () => {
    const checked = check({}, { 'event.poller.configuration': null });
    expect(checked.configuration.resources).toMatchObject([{ name: 'changed-messages', kind: 'history' }]);
    expect(checked.configuration.values['event.poller.configuration']).toContain('/hubs/general/changed-messages');
    const off = check({}, { 'event.poller.configuration': null, 'event.notification.enabled': null });
    expect(off.configuration).toMatchObject({ eventsEnabled: false, resources: [] });
  });

  it('checks what is polled also while events are off', () => {
    const off = { 'event.notification.enabled': false, 'event.poller.configuration': {} };
    expect(faults({}, off)).toEqual([
      'configuration["event.poller.configuration"] names no resource; accepted: one or more, each with url and idField',
    ]);
  });

  it('warns of an interval over a day', () => {
    expect(check({}, { 'event.poller.refresh_interval': 1440 }).configuration.warnings).toEqual([]);
    expect(check({}, { 'event.poller.refresh_interval': 1441 }).configuration.warnings).toEqual([
      expect.stringContaining('1441 minutes is over a day'),
    ]);
  });

  it('keeps a private callback to instances of the command line', () => {
    const url = { 'event.notification.callback.url': 'http://127.0.0.1:8080/' };
    expect(faults({}, url)).toEqual([]);
    expect(faults({}, url, { allowPrivate: false })).toEqual([expect.stringContaining('is refused: ')]);
  });

  it('tells all faults at once', () => {
    const all = faults(
      { element: { key: 'x' }, name: '', tags: 1, providerData: [], externalAuthentication: 1 },
      {
        'event.poller.refresh_interval': 'x',
        'event.notification.enabled': 'x',
        'event.poller.configuration': { a: {} },
      },
    );
    expect(all).toHaveLength(9);
  });

  it.each<[unknown, string]>([
    [[], 'body is an array; accepted: one JSON object'],
    ['x', 'body is the text "x"'],
    [null, 'body is null'],
    [7, 'body is the number 7'],
  ])('refuses %j', (body, fault) => {
    expect(told(checkBody(body, { allowPrivate: true, keepIds: false }).faults)).toEqual([
      expect.stringContaining(fault),
    ]);
  });

  it.each<[object, string]>([
    [{ configuration: 'x' }, 'configuration is the text "x"; accepted: an object'],
    [{ configuration: [] }, 'configuration is an array'],
  ])('refuses %j', (changes, fault) => {
    const { faults: found } = checkBody({ ...GOOD, ...changes }, { allowPrivate: true, keepIds: false });
    expect(told(found)).toEqual([expect.stringContaining(fault)]);
  });

  it('is not led astray by keys of prototypes', () => {
    const text = JSON.stringify({ ...GOOD, x: 1 }).replace('"x":1', '"__proto__":{"name":"evil","tags":["evil"]}');
    const body = JSON.parse(
      text.replace('"configuration":{', '"configuration":{"__proto__":{"event.vendor.type":"webhooks"},'),
    );
    const checked = checkBody(body, { allowPrivate: true, keepIds: false });
    expect(checked).toMatchObject({ faults: [], name: GOOD.name, tags: ['Docs'] });
    expect(Object.keys(checked.configuration.values)).not.toContain('__proto__');
    expect(({} as { name?: string }).name).toBeUndefined();
  });

  it('refuses a value that is nested beyond all measure instead of falling over', () => {
    const depth = 100_000;
    const deep = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(faults({}, { 'bulk.deep': deep })).toEqual(['configuration["bulk.deep"] is nested too deeply']);
  });

  it('answers any JSON at all with faults, never with an exception', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (body, configuration) => {
        expect(checkBody(body, { allowPrivate: true, keepIds: true }).faults.length).toBeGreaterThan(0);
        const nested = checkBody({ ...GOOD, configuration }, { allowPrivate: false, keepIds: true });
        for (const { path, message } of nested.faults) expect(`${path} ${message}`).toMatch(/\S \S/);
      }),
    );
  });
});

describe('the text of a body', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('is JSON in UTF-8, with or without a byte order mark', () => {
    expect(parseBody(bytes('{"a": "ä"}'), 'the body')).toEqual({ a: 'ä' });
    expect(parseBody(bytes('\uFEFF{"a": 1}'), 'the body')).toEqual({ a: 1 });
    expect(parseBody(bytes('[]'), 'the body')).toEqual([]);
  });

  it.each<[string, Uint8Array, string]>([
    [
      'malformed',
      bytes('{"oauth.api.secret": "S3CRET",}'),
      'the body is not JSON: line 1, column 31: a name in double',
    ],
    ['truncated', bytes('{"oauth.api.secret": "S3CRE'), 'the body is not JSON: it ends too early'],
    ['empty', bytes(''), 'the body is not JSON: it is empty'],
    ['latin-1', new Uint8Array([0x22, 0xe4, 0x22]), 'the body is not UTF-8 text'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00]), 'the body is not UTF-8 text'],
    ['of 10 MB', bytes(`{"a":"${'x'.repeat(10_000_000)}"}`), 'the body is larger than 1 MB, the most that is read'],
  ])('that is %s is refused', async (_name, given, message) => {
    const error = await refused((async () => parseBody(given, 'the body'))());
    expect(error).toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message),
      faults: [{ path: 'body' }],
    });
    expect(JSON.stringify([error.message, error.hint, error.faults])).not.toContain('S3CRE');
  });
});
