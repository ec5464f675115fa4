import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { updateInstance } from '../../../src/core/instances/index.js';
import { pollInstance } from '../../../src/core/polling/index.js';
import { MINUTE, startWorld, told, type World } from '../polling/world.js';

const BY_HAND = { deliver: true, scheduled: false };

describe('a collection', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const poll = (id: number) => pollInstance(world.ctx, id, BY_HAND);

  function records(at: number, resource: string): unknown {
    const body = world.receiver.requests[at]?.json() as { message: { raw: Record<string, unknown> } };
    return body.message.raw[resource];
  }

  it('stores its first snapshot without a word, then tells what came and what went', async () => {
    const id = await world.create({ resources: { labels: { url: '/hubs/general/labels', idField: 'id' } } });
    world.sandbox.mailbox().createLabel('there before');
    expect(await poll(id)).toMatchObject({ status: 'ok', events: 0, requests: 1, units: 1 });
    const travel = world.sandbox.mailbox().createLabel('Travel');
    expect(await poll(id)).toMatchObject({ events: 1, notifications: 1, delivered: 1 });
    expect(records(0, 'labels')).toEqual([expect.objectContaining({ id: travel, name: 'Travel' })]);
    world.sandbox.mailbox().deleteLabel(travel);
    await poll(id);
    expect(records(1, 'labels')).toEqual([{ id: travel }]);
    expect(await poll(id)).toMatchObject({ events: 0, requests: 1 });
    expect(told(world.receiver)).toEqual([`CREATED ${travel}`, `DELETED ${travel}`]);
  });

  describe('with a window, on a machine whose clock is not Google’s', () => {
    let machine: World;
    beforeEach(async () => {
      machine = await startWorld({ now: () => Date.now() });
    });
    afterEach(() => machine.close());

    const ask = (id: number) => pollInstance(machine.ctx, id, BY_HAND);
    const window = { recent: { url: 'messages?q=after:${epoch:s}', idField: 'id' } };

    it('loses no mail after a clock that was ahead, and tells none twice', async () => {
      const id = await machine.create({ resources: window });
      await ask(id);
      const first = machine.sandbox.mailbox().receive();
      machine.clock.offset = 24 * 60 * MINUTE;
      await ask(id);
      machine.clock.offset = 0;
      const second = machine.sandbox.mailbox().receive();
      machine.clock.offset = MINUTE;
      await ask(id);
      await ask(id);
      expect(told(machine.receiver)).toEqual([`CREATED ${first}`, `CREATED ${second}`]);
    });

    it.each([
      ['an hour ahead of it', 60 * MINUTE],
      ['an hour behind it', -60 * MINUTE],
    ])('loses none while its clock is %s, and lists no more than the window', async (_name, offset) => {
      machine.clock.offset = offset;
      const id = await machine.create({ resources: window });
      await ask(id);
      await ask(id);
      const mail = machine.sandbox.mailbox().receive();
      machine.sandbox.resetRequests();
      expect(await ask(id)).toMatchObject({ status: 'ok', events: 1 });
      expect(told(machine.receiver)).toEqual([`CREATED ${mail}`]);
      const asked = machine.sandbox.requests.find(({ method }) => method === 'messages.list')?.query['q']?.[0] ?? '';
      expect(Math.abs(Number(asked.replace('after:', '')) - Date.now() / 1000)).toBeLessThan(30);
    });
  });

  it('gives the same object another id each time it comes', async () => {
    const id = await world.create({ resources: { messages: { url: 'messages', idField: 'id' } } });
    await poll(id);
    const mail = world.sandbox.mailbox().receive();
    await poll(id);
    world.sandbox.mailbox().trash(mail);
    await poll(id);
    world.sandbox.mailbox().untrash(mail);
    await poll(id);
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`, `DELETED ${mail}`, `CREATED ${mail}`]);
    const ids = world.receiver.requests.map(
      (request) => (request.json() as { message: { events: { id: string }[] } }).message.events[0]?.id,
    );
    expect(new Set(ids).size).toBe(3);
  });

  it('tells a change of a record as UPDATED, under an idField with dots too', async () => {
    const drafts = { drafts: { url: 'drafts', idField: 'id' }, 'draft mail': { url: 'drafts', idField: 'message.id' } };
    const id = await world.create({ resources: drafts });
    const draft = world.sandbox.mailbox().saveDraft({ subject: 'one' });
    await poll(id);
    const saved = world.sandbox.mailbox().saveDraft({ draftId: draft.draftId, subject: 'two' });
    expect(await poll(id)).toMatchObject({ events: 3 });
    expect(told(world.receiver)).toEqual([
      `UPDATED ${draft.draftId}`,
      `CREATED ${saved.messageId}`,
      `DELETED ${draft.messageId}`,
    ]);
    expect(records(1, 'draft mail')).toEqual([
      { id: draft.draftId, message: expect.objectContaining({ id: saved.messageId }) },
      { message: { id: draft.messageId } },
    ]);
  });

  it('reads all pages and tells mail in the order it came, in one transaction', async () => {
    const id = await world.create({ resources: { messages: { url: 'messages', idField: 'id', pageSize: 10 } } });
    world.sandbox.mailbox().receiveMany(15);
    await poll(id);
    const mail = world.sandbox.mailbox().receiveMany(25);
    world.sandbox.addFault({ method: 'messages.list', kind: 'badRequest400', after: 2, times: 1 });
    expect(await poll(id)).toMatchObject({ status: 'failed', events: 0, pending: 0 });
    world.sandbox.resetRequests();
    expect(await poll(id)).toMatchObject({ status: 'ok', events: 25, notifications: 3, requests: 4 });
    expect(world.sandbox.requests.map(({ query }) => query['maxResults'])).toEqual([['10'], ['10'], ['10'], ['10']]);
    expect(told(world.receiver)).toEqual(mail.map((each) => `CREATED ${each}`));
  });

  it('ends as failed when a record has no idField, and keeps the snapshot it had', async () => {
    const id = await world.create({ resources: { labels: { url: 'labels', idField: 'color.textColor' } } });
    const summary = await poll(id);
    expect(summary).toMatchObject({ status: 'failed', events: 0, error: { code: 'failed' } });
    expect(summary.error?.message).toContain('"color.textColor"');
    expect((await world.ctx.store.resources.get(id, 'labels'))?.hasSnapshot).toBe(false);
  });

  it('takes a new baseline when its query changes', async () => {
    const id = await world.create({ resources: { messages: { url: 'messages?q=subject:one', idField: 'id' } } });
    await poll(id);
    world.sandbox.mailbox().receive({ subject: 'one' });
    world.sandbox.mailbox().receive({ subject: 'two' });
    const entry = { messages: { url: 'messages?q=subject:two', idField: 'id' } };
    await updateInstance(
      world.ctx,
      id,
      { configuration: { 'event.poller.configuration': entry } },
      { allowPrivate: true },
    );
    expect(await poll(id)).toMatchObject({ status: 'ok', events: 0 });
    const mail = world.sandbox.mailbox().receive({ subject: 'two' });
    expect(await poll(id)).toMatchObject({ events: 1 });
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
  });

  it("dates its events by the poll, in the resource's zone", async () => {
    const entry = { url: 'labels', idField: 'id', datesConfiguration: { updatedDateTimezone: '+05:30' } };
    const id = await world.create({ resources: { labels: entry } });
    await poll(id);
    world.sandbox.mailbox().createLabel('Travel');
    await poll(id);
    const body = world.receiver.requests[0]?.json() as { message: { events: { date: string; pollDate: string }[] } };
    const { date, pollDate } = body.message.events[0] ?? {};
    expect(date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30$/);
    expect(date).toBe(pollDate);
  });

  describe('with a window', () => {
    const since = '${epoch:s}';
    const resources = { messages: { url: `messages?q=after:${since}`, idField: 'id', pollDelay: 60 } };
    const keys = async (id: number) => [...(await world.ctx.store.resources.snapshot(id, 'messages')).keys()];

    it('asks from the last poll on, minus pollDelay; what leaves the window is not deleted, and known for 30 days', async () => {
      const id = await world.create({ resources });
      await poll(id);
      const first = world.clock.now();
      const mail = world.sandbox.mailbox().receive();
      world.sandbox.resetRequests();
      await poll(id);
      const asked = world.sandbox.requests.find(({ method }) => method === 'messages.list')?.query['q']?.[0] ?? '';
      const from = Number(asked.replace('after:', ''));
      expect(Math.abs(from - (first / 1000 - 60))).toBeLessThan(5);
      expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);

      world.clock.offset = 60 * MINUTE;
      expect(await poll(id)).toMatchObject({ events: 0 });
      world.clock.offset = 120 * MINUTE;
      expect(await poll(id)).toMatchObject({ events: 0 });
      expect(await keys(id)).toEqual([mail]);
      world.clock.offset = 32 * 24 * 60 * MINUTE;
      expect(await poll(id)).toMatchObject({ events: 0 });
      expect(await keys(id)).toEqual([]);
      expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
    });

    it('a failed poll does not move the window', async () => {
      const id = await world.create({ resources });
      await poll(id);
      world.clock.offset = 30 * MINUTE;
      const mail = world.sandbox.mailbox().receive();
      world.sandbox.addFault({ method: 'messages.list', kind: 'badRequest400', times: 1 });
      world.clock.offset = 60 * MINUTE;
      expect(await poll(id)).toMatchObject({ status: 'failed' });
      world.clock.offset = 90 * MINUTE;
      expect(await poll(id)).toMatchObject({ status: 'ok', events: 1 });
      expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
    });
  });
});
