import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../support/cli.js';
import { told } from '../support/notifications.js';
import { elementsSignatureHolds } from '../support/receiver.js';
import { startWorld, type World } from '../support/setup.js';

const page = readFileSync(join(ROOT, 'docs/migrating.md'), 'utf8');

interface Exported {
  id: number;
  token: string;
  configuration: Record<string, string | null>;
}

/** The exported instance of the page, sent to a receiver that exists. */
function exported(url: string, changes: Partial<Exported> = {}): Exported {
  const [, text = ''] = /^```json\n(.*?)^```$/ms.exec(page) ?? [];
  const object = JSON.parse(text) as Exported;
  object.configuration['event.notification.callback.url'] = url;
  return { ...object, ...changes };
}

describe('docs/migrating.md', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await world.create();
    await world.cli(['instances', 'delete', '1', '--yes']);
  }, 30_000);
  afterAll(() => world.close());

  it('its exported instance goes in as it is, and its steps lead to the same notification as before', async () => {
    const lines = [exported(world.receiver.url), exported(world.receiver.url, { id: 102, token: 'another=' })];
    const bulk = ['create-instance', '--bulk', '-', '--keep-ids', '--account', 'ann@example.com'];
    const made = await world.cli(bulk, lines.map((line) => JSON.stringify(line)).join('\n'));
    expect([made.code, made.stderr]).toEqual([0, expect.stringMatching(/\n2 instances were made\.\n$/)]);
    expect(made.stderr).toContain('line 2: The body held only masks of event.notification.signature.key');
    const objects = made.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects).toMatchObject([
      {
        id: 101,
        token: lines[0]?.token,
        name: 'API Instance with Polling',
        tags: ['Docs'],
        elementId: 6409,
        disabled: false,
        eventsEnabled: true,
        configuration: {
          'event.poller.refresh_interval': '15',
          'event.notification.enabled': 'true',
          'event.vendor.type': 'polling',
          'filter.response.nulls': 'true',
        },
      },
      { id: 102, token: 'another=' },
    ]);
    for (const { configuration } of objects) {
      expect(configuration).not.toHaveProperty(['event.notification.instance.finder']);
      expect(configuration).not.toHaveProperty(['event.notification.signature.key']);
    }
    const key = join(dirname(world.home), 'key.txt');
    writeFileSync(key, 'MySecretEventSignatureKey\n');
    const update = ['instances', 'update', '101', '--config', `event.notification.signature.key=@${key}`];
    expect((await world.cli(update)).code).toBe(0);
    expect((await world.cli(['trigger', '101'])).code).toBe(0);
    const id = world.sandbox.mailbox().receive();
    expect((await world.cli(['poll', '101'])).code).toBe(0);
    expect(told(world.receiver.requests)).toEqual(['CREATED 0000000000000001', `CREATED ${id}`]);
    for (const request of world.receiver.requests)
      expect(elementsSignatureHolds(request, 'MySecretEventSignatureKey')).toBe(true);
  }, 40_000);

  it('has a row for every field of the exported instance', () => {
    const { configuration, ...fields } = exported('') as unknown as Record<string, unknown>;
    const rows = [...page.matchAll(/^\| (`.*?) \|/gm)].map(([, cell]) => cell).join(' ');
    const named = (field: string) =>
      rows.includes(`\`${field}\``) ||
      /^(cache|trace|provision|maxCache|caching)/.test(field) ||
      rows.includes(`\`${field}.`);
    expect(Object.keys(fields).filter((field) => !named(field))).toEqual([]);
    const kept = ['oauth.callback.url', 'oauth.user.refresh_interval', 'filter.response.nulls'];
    const others = Object.keys(configuration as object).filter(
      (key) => !rows.includes(`\`${key}\``) && !kept.includes(key) && key !== 'event.notification.instance.finder',
    );
    expect(others).toEqual([]);
  });
});
