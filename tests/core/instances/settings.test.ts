import { describe, expect, it } from '@jest/globals';
import { CoreError } from '../../../src/core/errors.js';
import { readSettings } from '../../../src/core/instances/settings.js';
import type { InstanceDocument } from '../../../src/core/types.js';

function document(configuration: Record<string, string>): InstanceDocument {
  return {
    id: 1,
    uuid: 'u',
    token: 't',
    name: 'n',
    tags: ['n'],
    elementKey: 'gmail',
    createdDate: '2026-11-24T03:00:00Z',
    account: 'a',
    disabled: false,
    externalAuthentication: 'none',
    allowPrivate: true,
    configuration,
  };
}

describe('settings', () => {
  it('have defaults', () => {
    expect(readSettings(document({}))).toEqual({
      eventsEnabled: false,
      callbackUrl: null,
      intervalMinutes: 15,
      resources: [expect.objectContaining({ kind: 'history', name: 'changed-messages' })],
      order: 'ordered',
      format: 'cloud-elements',
      systemEnabled: true,
      signatureKey: null,
      signingSecrets: [],
      basic: null,
      headers: {},
    });
  });

  it('are what the configuration says', () => {
    const configuration = {
      'event.notification.enabled': 'true',
      'event.notification.callback.url': 'https://example.com/e',
      'event.poller.refresh_interval': '1.5',
      'event.poller.configuration': '{"/labels":{"url":"/hubs/general/labels","idField":"id"}}',
      'event.notification.order': 'parallel',
      'event.notification.format': 'cloudevents',
      'event.notification.system.enabled': 'false',
      'event.notification.signature.key': 'key',
      'event.notification.signing.secret': 'whsec_new  whsec_old',
      'event.notification.basic.username': 'ann',
      'event.notification.basic.password': 'secret',
      'event.notification.callback.headers': '{"X-A":"1","X-B":2,"X-C":null}',
    };
    expect(readSettings(document(configuration))).toEqual({
      eventsEnabled: true,
      callbackUrl: 'https://example.com/e',
      intervalMinutes: 1.5,
      resources: [expect.objectContaining({ kind: 'collection', name: 'labels' })],
      order: 'parallel',
      format: 'cloudevents',
      systemEnabled: false,
      signatureKey: 'key',
      signingSecrets: ['whsec_new', 'whsec_old'],
      basic: { username: 'ann', password: 'secret' },
      headers: { 'X-A': '1', 'X-B': '2' },
    });
  });

  it('know a user name without a password', () => {
    expect(readSettings(document({ 'event.notification.basic.username': 'ann' })).basic).toEqual({
      username: 'ann',
      password: '',
    });
  });

  it.each<[string, number]>([
    ['999999999', 999999999],
    ['9'.repeat(300), 1e9],
    ['soon', 15],
    ['0', 15],
    [' 5 ', 5],
  ])('an interval of %s is %d minutes', (text, minutes) => {
    const { intervalMinutes } = readSettings(document({ 'event.poller.refresh_interval': text }));
    expect(intervalMinutes).toBe(minutes);
    expect(new Date(Date.now() + intervalMinutes * 60_000).getTime()).not.toBeNaN();
  });

  it('cannot be read from a file changed by hand beyond sense', () => {
    expect(() => readSettings(document({ 'event.poller.configuration': '{' }))).toThrow(CoreError);
  });
});
