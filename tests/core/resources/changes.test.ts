import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ChangesPage,
  type ChangesPlace,
  changesFilter,
  cursorOf,
  readChanges,
  UnknownHistoryError,
} from '../../../src/core/resources/changes.js';
import type { InstanceDocument } from '../../../src/core/types.js';
import { startWorld, type World } from '../polling/world.js';

describe('readChanges', () => {
  let world: World;
  let instance: InstanceDocument;
  let start: ChangesPlace;
  const used = { requests: 0, units: 0 };

  beforeEach(async () => {
    world = await startWorld();
    // So that waits between tries of Gmail take no time.
    world.clock.speed = 200;
    const id = await world.create();
    instance = (await world.ctx.store.instanceFiles.read(id)) as InstanceDocument;
    start = { historyId: (await cursorOf(world.ctx, instance)) as string };
    Object.assign(used, { requests: 0, units: 0 });
  });
  afterEach(() => world.close());

  function read(place: ChangesPlace, query: [string, string][] = [], pageSize = 100): Promise<ChangesPage> {
    const { signal } = new AbortController();
    const filter = changesFilter(query, pageSize);
    return readChanges(world.ctx, instance, { place, filter, signal }, ({ requests, units }) => {
      used.requests += requests;
      used.units += units;
    });
  }

  async function readAll(place: ChangesPlace, query: [string, string][] = [], pageSize = 100) {
    const pages = [await read(place, query, pageSize)];
    for (let next = pages[0]?.next ?? null; next !== null; ) {
      const page = await read(next, query, pageSize);
      pages.push(page);
      next = page.next;
    }
    return pages;
  }

  it('tells every change once, however it is paged', async () => {
    const mailbox = world.sandbox.mailbox();
    const mail = mailbox.receiveMany(7);
    mailbox.modifyLabels(mail[0] as string, { add: ['STARRED'] });
    mailbox.delete(mail[1] as string);
    const kinds = (pages: ChangesPage[]) =>
      pages
        .flatMap(({ records }) => records)
        .flatMap(({ id, changes }) => (changes as { type: string }[]).map(({ type }) => `${id} ${type}`))
        .sort();
    const one = await readAll(start);
    expect(one).toHaveLength(1);
    const many = await readAll(start, [], 2);
    expect(many.length).toBeGreaterThan(3);
    expect(kinds(many)).toEqual(kinds(one));
    expect(many.at(-1)?.reached).toBe(one[0]?.reached);
    expect(await world.ctx.store.outbox.list({})).toEqual([]);
  });

  it('follows empty pages to the first that holds something', async () => {
    const id = world.sandbox.mailbox().receive();
    world.sandbox.mailbox().emptyPages(3);
    expect((await read(start)).records).toMatchObject([{ id }]);
    expect(used.requests).toBe(5);
  });

  it('tells a message that Gmail does not give without its payload, and the others whole', async () => {
    const mail = world.sandbox.mailbox().receiveMany(3);
    world.sandbox.addFault({ method: 'messages.get', kind: 'html502', messageId: mail[1] as string, times: 1000 });
    const records = (await readAll(start)).flatMap((page) => page.records);
    expect(records.map((record) => [record['id'], 'payloadError' in record])).toEqual([
      [mail[0], false],
      [mail[1], true],
      [mail[2], false],
    ]);
  });

  it('counts what was spent also when it fails', async () => {
    world.sandbox.mailbox().receive();
    world.sandbox.addFault({ method: 'history.list', kind: 'insufficientScope403', times: 1 });
    await expect(read(start)).rejects.toMatchObject({ class: 'reauthorize' });
    expect(used.requests).toBe(1);
  });

  it('refuses a historyId that Gmail does not know, and filters that mean nothing', async () => {
    world.sandbox.mailbox().receive();
    world.sandbox.mailbox().expireHistory();
    await expect(read({ historyId: '1' })).rejects.toBeInstanceOf(UnknownHistoryError);
    expect(() => changesFilter([['q', 'x']], 10)).toThrow(/unknown parameter "q"/);
    const date: ChangesPlace = { date: 0, mail: { pageToken: null, skip: 0 } };
    await expect(read(date, [['historyTypes', 'labelAdded']])).rejects.toMatchObject({ code: 'usage' });
  });

  it('refuses a search by date, and bodies, to the metadata scope', async () => {
    const [email, scope] = ['bob@example.com', 'https://www.googleapis.com/auth/gmail.metadata'];
    const bob = world.sandbox.addMailbox(email);
    const refreshToken = world.sandbox.grantRefreshToken({ email, scope });
    const id = await world.create({ email, configuration: { 'oauth.user.refresh_token': refreshToken } });
    instance = (await world.ctx.store.instanceFiles.read(id)) as InstanceDocument;
    start = { historyId: (await cursorOf(world.ctx, instance)) as string };
    const mail = bob.receive();
    expect((await read(start)).records).toMatchObject([{ id: mail }]);
    await expect(read(start, [['format', 'full']])).rejects.toMatchObject({ code: 'usage' });
    await expect(read({ date: 0, mail: { pageToken: null, skip: 0 } })).rejects.toMatchObject({ code: 'usage' });
  });
});
