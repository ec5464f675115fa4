import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setEnabled } from '../../../src/core/instances/index.js';
import { withLease } from '../../../src/core/lease.js';
import { type NewNotification, pollInstance, pollMany } from '../../../src/core/polling/index.js';
import { MINUTE, startWorld, told, type World } from './world.js';

const BY_HAND = { deliver: true, scheduled: false };
const SCHEDULED = { deliver: true, scheduled: true };

describe('pollInstance', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  it('delivers what came since the instance was made, and says what it did', async () => {
    const id = await world.create();
    const mail = world.sandbox.mailbox().receiveMany(12);
    const made: NewNotification[] = [];
    const summary = await pollInstance(world.ctx, id, { ...BY_HAND, onNotification: (each) => made.push(each) });
    expect(summary).toEqual({
      id,
      status: 'ok',
      events: 12,
      notifications: 2,
      delivered: 2,
      pending: 0,
      dead: 0,
      requests: 13,
      units: 242,
      error: null,
    });
    expect(told(world.receiver)).toEqual(mail.map((each) => `CREATED ${each}`));
    expect(made.map((each) => each.eventCount)).toEqual([10, 2]);
    expect(made.map((each) => each.id)).toEqual(world.receiver.requests.map((each) => each.id));
  });

  it('asks Gmail once when there is nothing new', async () => {
    const id = await world.create();
    await pollInstance(world.ctx, id, BY_HAND);
    world.sandbox.resetRequests();
    expect(await pollInstance(world.ctx, id, BY_HAND)).toMatchObject({
      status: 'ok',
      events: 0,
      requests: 1,
      units: 2,
    });
    expect(world.sandbox.spent()).toEqual({ requests: 1, units: 2 });
    expect(world.receiver.requests).toHaveLength(0);
  });

  it('leaves the notifications pending with deliver: false, and a later poll delivers them', async () => {
    const id = await world.create();
    const [mail] = world.sandbox.mailbox().receiveMany(1);
    expect(await pollInstance(world.ctx, id, { ...BY_HAND, deliver: false })).toMatchObject({
      notifications: 1,
      delivered: 0,
      pending: 1,
    });
    expect(world.receiver.requests).toHaveLength(0);
    expect(await pollInstance(world.ctx, id, BY_HAND)).toMatchObject({ notifications: 0, delivered: 1, pending: 0 });
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
  });

  it('changes nothing in a dry run, and the next poll emits the same', async () => {
    const id = await world.create();
    world.sandbox.mailbox().receiveMany(3);
    const shown: NewNotification[] = [];
    const dry = await pollInstance(world.ctx, id, {
      ...BY_HAND,
      dryRun: true,
      onNotification: (each) => shown.push(each),
    });
    expect(dry).toMatchObject({ status: 'ok', events: 3, notifications: 1, delivered: 0, pending: 0 });
    expect((await world.ctx.store.instances.get(id))?.lastPollAt).toBeNull();
    expect(world.receiver.requests).toHaveLength(0);
    await pollInstance(world.ctx, id, BY_HAND);
    const bodies = world.receiver.requests.map((each) => each.json() as { message: { raw: Record<string, unknown> } });
    const shownBody = JSON.parse(new TextDecoder().decode(shown[0]?.body)) as (typeof bodies)[0];
    expect(bodies.map((body) => body.message.raw['changed-messages'])).toEqual([
      shownBody.message.raw['changed-messages'],
    ]);
  });

  it('polls and delivers no instance that is disabled or has its events off', async () => {
    const off = await world.create({ configuration: { 'event.notification.enabled': false } });
    const disabled = await world.create();
    world.sandbox.mailbox().receive();
    await pollInstance(world.ctx, disabled, { ...BY_HAND, deliver: false });
    await setEnabled(world.ctx, disabled, false);
    world.sandbox.resetRequests();
    const summaries = await pollMany(world.ctx, [disabled, off, 99], BY_HAND);
    expect(summaries.map(({ id, status }) => [id, status])).toEqual([
      [disabled, 'disabled'],
      [off, 'disabled'],
      [99, 'disabled'],
    ]);
    expect(summaries[0]).toMatchObject({ pending: 1, delivered: 0 });
    expect(world.sandbox.spent().requests).toBe(0);
    expect(world.receiver.requests).toHaveLength(0);
    await setEnabled(world.ctx, disabled, true);
    expect(await pollInstance(world.ctx, disabled, BY_HAND)).toMatchObject({ delivered: 1, pending: 0 });
  });

  it('is busy while another process polls, and delivers all the same', async () => {
    const id = await world.create();
    world.sandbox.mailbox().receive();
    await pollInstance(world.ctx, id, { ...BY_HAND, deliver: false });
    const other = await world.open();
    const summary = await withLease(other, `poll:${id}`, () => pollInstance(world.ctx, id, BY_HAND));
    expect(summary?.value).toMatchObject({ status: 'busy', requests: 0, delivered: 1, error: null });
  });

  it('counts a failure, keeps what came before, and the next poll goes on', async () => {
    const id = await world.create({
      resources: {
        'changed-messages': { url: '/hubs/general/changed-messages?format=ids', idField: 'id' },
        labels: { url: 'labels', idField: 'id' },
      },
    });
    await pollInstance(world.ctx, id, BY_HAND);
    const mail = world.sandbox.mailbox().receive();
    world.sandbox.addFault({ method: 'labels.list', kind: 'badRequest400', times: 1 });
    const summary = await pollInstance(world.ctx, id, BY_HAND);
    expect(summary).toMatchObject({ status: 'failed', events: 1, delivered: 1, error: { code: 'failed' } });
    expect(summary.error?.message).toMatch(/^labels: /);
    const row = await world.ctx.store.instances.get(id);
    expect(JSON.parse(row?.lastError ?? '')).toEqual(summary.error);
    const label = world.sandbox.mailbox().createLabel('Travel');
    expect(await pollInstance(world.ctx, id, BY_HAND)).toMatchObject({ status: 'ok', events: 1 });
    expect((await world.ctx.store.instances.get(id))?.lastError).toBeNull();
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`, `CREATED ${label}`]);
  });

  it('polls the resources behind one that fails', async () => {
    const id = await world.create({
      resources: {
        labels: { url: 'labels', idField: 'id' },
        'changed-messages': { url: '/hubs/general/changed-messages?format=ids', idField: 'id' },
      },
    });
    const mail = world.sandbox.mailbox().receive();
    world.sandbox.addFault({ method: 'labels.list', kind: 'badRequest400' });
    expect(await pollInstance(world.ctx, id, BY_HAND)).toMatchObject({ status: 'failed', events: 1, delivered: 1 });
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
  });

  describe('its schedule', () => {
    const nextPollAt = async (id: number) => (await world.ctx.store.instances.get(id))?.nextPollAt ?? 0;

    it('is the scheduled time plus the interval, and is kept by a poll before its time', async () => {
      const id = await world.create();
      const first = await nextPollAt(id);
      expect(first - Date.now()).toBeLessThanOrEqual(MINUTE);
      world.clock.offset = first - Date.now() - 30_000;
      expect(await pollInstance(world.ctx, id, SCHEDULED)).toMatchObject({ status: 'ok', requests: 0 });
      expect(await nextPollAt(id)).toBe(first);
      world.clock.offset = first - Date.now() + 500;
      expect(await pollInstance(world.ctx, id, SCHEDULED)).toMatchObject({ status: 'ok', requests: 1 });
      expect(await nextPollAt(id)).toBe(first + MINUTE);
      expect(await pollInstance(world.ctx, id, SCHEDULED)).toMatchObject({ status: 'ok', requests: 0 });
    });

    it('skips past times, and counts from now after a poll by hand', async () => {
      const id = await world.create();
      const first = await nextPollAt(id);
      world.clock.offset = first - Date.now() + 10.5 * MINUTE;
      await pollInstance(world.ctx, id, SCHEDULED);
      expect(await nextPollAt(id)).toBe(first + 11 * MINUTE);
      const before = world.clock.now();
      await pollInstance(world.ctx, id, BY_HAND);
      const next = await nextPollAt(id);
      expect(next).toBeGreaterThanOrEqual(before + MINUTE);
      expect(next).toBeLessThanOrEqual(world.clock.now() + MINUTE);
    });

    it('counts a time as come that the clock has left too far ahead', async () => {
      const id = await world.create();
      world.clock.offset = 24 * 60 * MINUTE;
      await pollInstance(world.ctx, id, BY_HAND);
      world.clock.offset = 0;
      expect(await pollInstance(world.ctx, id, SCHEDULED)).toMatchObject({ requests: 1 });
      expect(await nextPollAt(id)).toBeLessThanOrEqual(world.clock.now() + MINUTE);
    });
  });

  describe('a command that wants the instance', () => {
    it('gets it at the next commit; what is committed stays and is not told again', async () => {
      const id = await world.create({
        resources: { 'changed-messages': { url: 'changed-messages?format=metadata', idField: 'id' } },
      });
      const mail = world.sandbox.mailbox().receiveMany(250);
      const other = await world.open();
      const summary = await pollInstance(world.ctx, id, {
        ...BY_HAND,
        deliver: false,
        onNotification: () => void other.store.leases.want(`poll:${id}`),
      });
      expect(summary).toMatchObject({ status: 'busy', error: null });
      expect(summary.events).toBeGreaterThan(0);
      expect(summary.events).toBeLessThan(250);
      const rest = await pollInstance(world.ctx, id, BY_HAND);
      expect(summary.events + rest.events).toBe(250);
      expect(told(world.receiver)).toEqual(mail.map((each) => `CREATED ${each}`));
    });

    it('a signal ends the poll in the same way', async () => {
      const id = await world.create();
      world.sandbox.mailbox().receiveMany(250);
      const stop = new AbortController();
      const summary = await pollInstance(world.ctx, id, {
        ...BY_HAND,
        signal: stop.signal,
        onNotification: () => stop.abort(),
      });
      expect(summary).toMatchObject({ status: 'busy', error: null });
      expect(summary.events).toBe(100);
      const due = await world.ctx.store.instances.get(id);
      expect(due?.lastPollAt).toBeNull();
    });
  });

  it('polls many at a time and answers in the order asked', async () => {
    const ids: number[] = [];
    for (let at = 0; at < 12; at++) ids.push(await world.create({ name: `n${at}` }));
    world.sandbox.mailbox().receive();
    const asked = [...ids].reverse();
    const summaries = await pollMany(world.ctx, asked, BY_HAND);
    expect(summaries.map(({ id }) => id)).toEqual(asked);
    expect(summaries.every(({ status, delivered }) => status === 'ok' && delivered === 1)).toBe(true);
    expect(world.receiver.requests).toHaveLength(12);
  });
});
