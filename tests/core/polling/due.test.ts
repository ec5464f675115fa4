import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setEnabled } from '../../../src/core/instances/index.js';
import { withLease } from '../../../src/core/lease.js';
import { pollCandidates, pollDue, pollInstance } from '../../../src/core/polling/index.js';
import { MINUTE, startWorld, told, type World } from './world.js';

const RUN = { deliver: true };

describe('pollDue', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const nextPollAt = async (id: number) => (await world.ctx.store.instances.get(id))?.nextPollAt ?? 0;
  const ids = (results: { summary: { id: number } }[]) => results.map(({ summary }) => summary.id);

  async function waitUntil(time: number): Promise<void> {
    world.clock.offset = time - Date.now();
  }

  it('polls those whose time has come, with 10 s of grace, once', async () => {
    // A first time is a random one: of longer intervals it is seldom within the grace.
    const soon = await world.create({ configuration: { 'event.poller.refresh_interval': '300' } });
    const later = await world.create({ configuration: { 'event.poller.refresh_interval': '600' } });
    await pollInstance(world.ctx, later, { deliver: true, scheduled: false });
    const mail = world.sandbox.mailbox().receive();
    const time = await nextPollAt(soon);
    await waitUntil(time - 11_000);
    expect(await pollDue(world.ctx, null, RUN)).toEqual([]);
    await waitUntil(time - 9000);
    expect(ids(await pollDue(world.ctx, null, RUN))).toEqual([soon]);
    expect(await nextPollAt(soon)).toBe(time + 300 * MINUTE);
    expect(await pollDue(world.ctx, null, RUN)).toEqual([]);
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
  });

  it('delivers what is due of an instance that is not due itself, and nothing else', async () => {
    const id = await world.create({ configuration: { 'event.poller.refresh_interval': '600' } });
    const mail = world.sandbox.mailbox().receive();
    await pollInstance(world.ctx, id, { deliver: false, scheduled: false });
    world.sandbox.resetRequests();
    const [result] = await pollDue(world.ctx, null, RUN);
    expect(result?.summary).toMatchObject({ id, status: 'ok', events: 0, delivered: 1, requests: 0 });
    expect(world.sandbox.spent().requests).toBe(0);
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
    expect(await pollDue(world.ctx, null, RUN)).toEqual([]);
  });

  it('says nothing of a delivery that waits for its retry', async () => {
    const id = await world.create({ configuration: { 'event.poller.refresh_interval': '600' } });
    world.sandbox.mailbox().receive();
    world.receiver.respond({ status: 500 });
    expect(await pollInstance(world.ctx, id, { deliver: true, scheduled: false })).toMatchObject({ pending: 1 });
    expect(await pollDue(world.ctx, null, RUN)).toEqual([]);
    expect(world.receiver.requests).toHaveLength(1);
    world.clock.offset += 7000;
    const [result] = await pollDue(world.ctx, null, RUN);
    expect(result?.summary).toMatchObject({ id, delivered: 0, pending: 1 });
    expect(result?.delivery).toMatchObject({ attempted: 1, failed: 1 });
  });

  it('leaves out who is busy or disabled', async () => {
    const busy = await world.create();
    const disabled = await world.create();
    await setEnabled(world.ctx, disabled, false);
    world.clock.offset = MINUTE;
    const other = await world.open();
    const results = await withLease(other, `poll:${busy}`, () => pollDue(world.ctx, null, RUN));
    expect(results?.value).toEqual([]);
  });

  it('takes no lease of an instance that is not polled: a cron line comes by every minute', async () => {
    const disabled = await world.create();
    await setEnabled(world.ctx, disabled, false);
    await world.create({ configuration: { 'event.notification.enabled': false } });
    world.clock.offset = MINUTE;
    const taken: string[] = [];
    const { store } = world.ctx;
    const acquire: typeof store.leases.acquire = (name) => {
      taken.push(name);
      return store.leases.acquire(name);
    };
    const ctx = { ...world.ctx, store: { ...store, leases: { ...store.leases, acquire } } };
    expect(await pollCandidates(ctx, 0)).toHaveLength(2);
    expect(await pollDue(ctx, null, RUN)).toEqual([]);
    expect(taken).toEqual([]);
  });

  it('keeps to the named instances', async () => {
    const configuration = { 'event.poller.refresh_interval': '300' };
    const [one, other] = [await world.create({ configuration }), await world.create({ configuration })];
    world.clock.offset = 300 * MINUTE;
    expect(ids(await pollDue(world.ctx, new Set([other]), RUN))).toEqual([other]);
    expect(ids(await pollDue(world.ctx, null, RUN))).toEqual([one]);
  });

  it('finds an instance whose last poll lies in the future', async () => {
    const id = await world.create();
    world.clock.offset = 24 * 60 * MINUTE;
    await pollInstance(world.ctx, id, { deliver: true, scheduled: false });
    expect(await pollCandidates(world.ctx, 0)).toEqual([]);
    world.clock.offset = 0;
    expect(await pollCandidates(world.ctx, 0)).toEqual([id]);
    expect(ids(await pollDue(world.ctx, null, RUN))).toEqual([id]);
    expect(await pollCandidates(world.ctx, 0)).toEqual([]);
  });

  it('finds an instance whose next poll was set by a clock that was ahead, although nothing could be asked then', async () => {
    const id = await world.create();
    const mail = world.sandbox.mailbox().receive();
    world.clock.offset = 24 * 60 * MINUTE;
    world.clock.speed = 10_000;
    world.sandbox.addFault({ method: 'token', kind: 'backendError503' });
    const [failed] = await pollDue(world.ctx, null, RUN);
    expect(failed?.summary).toMatchObject({ id, status: 'failed', requests: 0 });
    expect(await pollCandidates(world.ctx, 0)).toEqual([]);
    world.clock.offset = 0;
    world.sandbox.clearFaults();
    expect(ids(await pollDue(world.ctx, null, RUN))).toEqual([id]);
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
    expect(await pollCandidates(world.ctx, 0)).toEqual([]);
  });

  it('asks nothing while a cooldown of Google lasts, and polls once it is over', async () => {
    const id = await world.create();
    const mail = world.sandbox.mailbox().receive();
    world.sandbox.addFault({ method: 'history.list', kind: 'retryAfter429', times: 1, retryAfterSeconds: 120 });
    world.clock.offset = MINUTE;
    const [struck] = await pollDue(world.ctx, null, RUN);
    expect(struck?.summary).toMatchObject({ status: 'failed', requests: 1, error: { code: 'retry_later' } });
    world.clock.offset = 2 * MINUTE;
    world.sandbox.resetRequests();
    expect(await pollDue(world.ctx, null, RUN)).toEqual([]);
    expect(world.sandbox.spent().requests).toBe(0);
    world.clock.offset = 3 * MINUTE + 2000;
    expect(ids(await pollDue(world.ctx, null, RUN))).toEqual([id]);
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
  });
});
