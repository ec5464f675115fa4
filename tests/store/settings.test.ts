import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { settingFault } from '../../src/store/documents/setting-rules.js';
import type { SettingsDocument } from '../../src/store/ports/documents.js';
import { Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

const DEFAULTS: SettingsDocument = {
  'oauth.clientId': null,
  'oauth.clientSecret': null,
  'oauth.callbackUrl': null,
  'quota.perAccountPerMinute': 6000,
  'quota.perProjectPerMinute': 1_200_000,
  'delivery.retryWaits': [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
  'delivery.timeoutSeconds': 15,
  'retention.deliveredDays': 7,
  'retention.deadDays': 30,
};

async function settings(config?: object | string) {
  const home = workplace.folder();
  const file = join(home, 'config.json');
  if (config !== undefined) writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
  const store = await workplace.store(home);
  return { store, settings: store.settings, text: () => readFileSync(file, 'utf8') };
}

describe('config.json', () => {
  it('has defaults for whatever is not in it', async () => {
    expect(await (await settings()).settings.read()).toEqual(DEFAULTS);
    const some = await settings({ 'retention.deadDays': 90, 'oauth.clientId': null, unknown: 1 });
    expect(await some.settings.read()).toEqual({ ...DEFAULTS, 'retention.deadDays': 90 });
  });

  it('is no reader’s to change', async () => {
    const { settings: first } = await settings();
    const read = await first.read();
    expect(() => read['delivery.retryWaits'].push(1)).toThrow('not extensible');
    expect(await first.read()).toEqual(DEFAULTS);
  });

  it('keeps the dots of its keys, what it does not know, and nothing that was set to null', async () => {
    const { settings: store, text } = await settings({ theirs: { deep: [1] }, 'quota.perAccountPerMinute': 500 });
    await store.set({ 'delivery.timeoutSeconds': 20, 'oauth.clientSecret': 's' });
    await store.set({ 'quota.perAccountPerMinute': null, 'oauth.clientId': 'c' });
    expect(JSON.parse(text())).toEqual({
      theirs: { deep: [1] },
      'delivery.timeoutSeconds': 20,
      'oauth.clientSecret': 's',
      'oauth.clientId': 'c',
    });
    expect(await store.read()).toMatchObject({ 'delivery.timeoutSeconds': 20, 'quota.perAccountPerMinute': 6000 });
  });

  it('loses no change when several write at once', async () => {
    const home = workplace.folder();
    const stores = [await workplace.store(home), await workplace.store(home), await workplace.store(home)];
    await Promise.all([
      stores[0]?.settings.set({ 'oauth.clientId': 'c' }),
      stores[1]?.settings.set({ 'oauth.clientSecret': 's' }),
      stores[2]?.settings.set({ 'retention.deadDays': 1 }),
    ]);
    expect(await stores[0]?.settings.read()).toMatchObject({
      'oauth.clientId': 'c',
      'oauth.clientSecret': 's',
      'retention.deadDays': 1,
    });
  });

  it('that another process keeps changing is "try later"', async () => {
    const { store, settings: mine } = await settings();
    const held = await store.leases.acquire('settings');
    workplace.clock.meanwhile = () => {
      if (held !== null && workplace.clock.slept % 5000 === 0) void store.leases.renew(held);
    };
    await expect(mine.set({ 'oauth.clientId': 'c' })).rejects.toMatchObject({ code: 'retry_later' });
    expect(workplace.clock.slept).toBeGreaterThanOrEqual(15_000);
  });

  it.each([
    ['{"quota.perAccountPerMinute": 6000', 'config.json cannot be understood: it is not valid JSON'],
    ['', 'config.json cannot be understood: it is empty'],
    ['[]', 'config.json cannot be understood: it holds no JSON object'],
  ])('that is %j is named and left alone', async (damaged, message) => {
    const { settings: store, text } = await settings(damaged);
    await expect(store.read()).rejects.toMatchObject({ code: 'store', message });
    await expect(store.set({ 'oauth.clientId': 'c' })).rejects.toMatchObject({ code: 'store', message });
    expect(text()).toBe(damaged);
  });

  it('with a wrong value names the key and what is accepted, and can be put right', async () => {
    const { settings: store } = await settings({ 'delivery.timeoutSeconds': 'soon' });
    await expect(store.read()).rejects.toMatchObject({
      code: 'store',
      message:
        'config.json has a wrong value for "delivery.timeoutSeconds": a number of seconds above 0, at most 600 is accepted',
      hint: expect.stringContaining('gmail-events config set delivery.timeoutSeconds'),
    });
    await store.set({ 'delivery.timeoutSeconds': 30 });
    expect(await store.read()).toMatchObject({ 'delivery.timeoutSeconds': 30 });
  });

  it('takes no wrong value, and none of those that came with it', async () => {
    const { settings: store } = await settings();
    const wrong = store.set({ 'oauth.clientId': 'c', 'delivery.timeoutSeconds': 0 });
    await expect(wrong).rejects.toMatchObject({ code: 'store' });
    expect(await store.read()).toEqual(DEFAULTS);
  });
});

describe('the value of a setting', () => {
  it.each<[keyof SettingsDocument, unknown[], unknown[]]>([
    ['oauth.clientId', ['c', null], ['', 1, {}]],
    ['oauth.clientSecret', ['s', null], ['', false]],
    ['oauth.callbackUrl', ['http://127.0.0.1:8080/x', 'https://x.com', null], ['ftp://x.com', 'x', '', 'javascript:1']],
    ['quota.perAccountPerMinute', [100, 15_000], [99, 0, -1, 100.5, '6000', Number.NaN, null]],
    ['quota.perProjectPerMinute', [100, 1_200_000], [Number.POSITIVE_INFINITY, '']],
    ['delivery.retryWaits', [[], [0.5, 1, 604_800]], [[-1], ['5'], [604_801], 5, null, new Array(101).fill(1)]],
    ['delivery.timeoutSeconds', [0.5, 600], [0, 601, '15', null]],
    ['retention.deliveredDays', [0, 0.5, 36_500], [-1, 36_501, '7']],
    ['retention.deadDays', [30], [null, [30]]],
  ])('%s', (key, accepted, refused) => {
    for (const value of accepted) expect(settingFault(key, value)).toBeNull();
    for (const value of refused) expect(settingFault(key, value)).toMatch(/ is accepted$/);
  });
});
