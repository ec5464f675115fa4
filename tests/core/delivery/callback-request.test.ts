import { describe, expect, it } from '@jest/globals';
import { callbackRequest } from '../../../src/core/delivery/callback-request.js';
import type { InstanceSettings } from '../../../src/core/types.js';
import { VERSION } from '../../../src/version.js';

const NOW = Date.parse('2026-11-24T03:00:00.700Z');
const settings: InstanceSettings = {
  eventsEnabled: true,
  callbackUrl: 'https://a.example/hook?x=1#part',
  intervalMinutes: 15,
  resources: [],
  order: 'ordered',
  format: 'cloud-elements',
  systemEnabled: true,
  signatureKey: null,
  signingSecrets: [],
  basic: null,
  headers: {},
};
const notification = { id: 'n1', contentType: 'application/json', body: new TextEncoder().encode('{}') };

function request(changes: Partial<InstanceSettings>) {
  return callbackRequest({ ...settings, ...changes }, notification, NOW);
}

describe('callbackRequest', () => {
  it('holds the bare headers and the bytes without any secret set', () => {
    expect(request({})).toEqual({
      url: 'https://a.example/hook?x=1',
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': `gmail-events/${VERSION}`,
        'Elements-Webhook-Id': 'n1',
      },
      body: notification.body,
      confidential: [],
    });
  });

  it('signs by what is set', () => {
    const signingSecrets = [`whsec_${Buffer.alloc(24, 1).toString('base64')}`];
    const { headers } = request({ signatureKey: 'key', signingSecrets });
    expect(headers).toMatchObject({
      'Elements-Webhook-Signature': expect.stringMatching(/^sha256=/),
      'webhook-id': 'n1',
      'webhook-timestamp': String(Math.floor(NOW / 1000)),
      'webhook-signature': expect.stringMatching(/^v1,/),
    });
  });

  it("takes the row's content type", () => {
    const contentType = 'application/cloudevents-batch+json';
    const { headers } = callbackRequest(settings, { ...notification, contentType }, NOW);
    expect(headers['Content-Type']).toBe(contentType);
  });

  const basicOf = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  it.each([
    { name: 'basic.*', changes: { basic: { username: 'ann', password: 'pä:ss' } }, expected: basicOf('ann:pä:ss') },
    { name: 'a header', changes: { headers: { authorization: 'Bearer t' } }, expected: 'Bearer t' },
    { name: 'the URL', changes: { callbackUrl: 'http://u%40x:p%2Fw@a.example/' }, expected: basicOf('u@x:p/w') },
    {
      name: 'a URL that is no percent code',
      changes: { callbackUrl: 'http://u:%zz@a.example/' },
      expected: basicOf('u:%zz'),
    },
    {
      name: 'a header rather than the URL',
      changes: { callbackUrl: 'http://u:p@a.example/', headers: { Authorization: 'Bearer t' } },
      expected: 'Bearer t',
    },
    {
      name: 'basic.* rather than either',
      changes: {
        callbackUrl: 'http://u:p@a.example/',
        headers: { authorization: 'Bearer t' },
        basic: { username: 'a', password: 'b' },
      },
      expected: basicOf('a:b'),
    },
  ])('authorizes by $name', ({ changes, expected }) => {
    const { url, headers } = request(changes);
    const found = Object.entries(headers).filter(([name]) => name.toLowerCase() === 'authorization');
    expect(found.map(([, value]) => value)).toEqual([expected]);
    expect(url).not.toContain('@');
  });

  it('adds the headers of the instance, but ours replace theirs', () => {
    const headers = { 'X-Team': 'mail', 'content-type': 'text/plain', 'elements-webhook-id': 'x' };
    expect(request({ headers }).headers).toEqual({
      'Content-Type': 'application/json',
      'Elements-Webhook-Id': 'n1',
      'User-Agent': `gmail-events/${VERSION}`,
      'X-Team': 'mail',
    });
  });

  it.each([
    ['not a url', 'not a URL'],
    ['ftp://a.example/', 'neither http nor https'],
  ])('refuses the URL %s', (callbackUrl, sentence) => {
    expect(() => request({ callbackUrl })).toThrow(sentence);
  });

  it('says what was sent in confidence, as it stands and as JSON quotes it', () => {
    const { confidential } = request({ basic: { username: 'a', password: 'b' }, headers: { 'X-Key': 'one "two"' } });
    expect(confidential).toEqual(expect.arrayContaining(['Basic YTpi', 'YTpi', 'b', 'one "two"', 'one \\"two\\"']));
    expect(confidential).not.toContain('application/json');
  });
});
