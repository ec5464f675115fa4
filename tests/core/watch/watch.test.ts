import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Context } from '../../../src/core/context.js';
import { deleteInstance, setEnabled, updateInstance } from '../../../src/core/instances/index.js';
import { pollInstance } from '../../../src/core/polling/index.js';
import { type WatchAction, type WatchOptions, watch } from '../../../src/core/watch/index.js';
import { until } from '../../support/cli.js';
import { type Receiver, startReceiver } from '../../support/receiver.js';
import { MINUTE, startWorld, told, type World } from '../polling/world.js';

describe('watch', () => {
  let world: World;
  const running: { stop: AbortController; force: AbortController; done: Promise<void> }[] = [];
  const extra: Receiver[] = [];

  beforeEach(async () => {
    world = await startWorld();
    world.clock.speed = 50;
  });
  afterEach(async () => {
    for (const { stop } of running) stop.abort();
    await Promise.allSettled(running.map(({ done }) => done));
    running.length = 0;
    for (const receiver of extra.splice(0)) await receiver.close();
    await world.close();
  });

  function start(options: Partial<WatchOptions> = {}, ctx: Context = world.ctx) {
    const [stop, force] = [new AbortController(), new AbortController()];
    const actions: WatchAction[] = [];
    const done = watch(ctx, {
      names: [],
      signal: stop.signal,
      force: force.signal,
      onAction: (action) => actions.push(action),
      ...options,
    });
    const watching = { stop, force, done, actions };
    running.push(watching);
    return watching;
  }

  const polls = (actions: WatchAction[], id?: number) =>
    actions.filter((action) => action.kind === 'poll' && (id === undefined || action.summary.id === id)).length;

  const lastPollAt = async (id: number) => (await world.ctx.store.instances.get(id))?.lastPollAt ?? null;

  it('polls each instance once an interval and delivers what it finds', async () => {
    const id = await world.create();
    const first = world.sandbox.mailbox().receive();
    world.clock.offset = MINUTE;
    const { actions } = start();
    await world.receiver.waitFor((requests) => requests.length === 1);
    await until('the first poll to be told', () => polls(actions, id) === 1);
    const second = world.sandbox.mailbox().receive();
    world.clock.offset += 30_000;
    expect(polls(actions)).toBe(1);
    world.clock.offset += 31_000;
    await world.receiver.waitFor((requests) => requests.length === 2);
    expect(told(world.receiver)).toEqual([`CREATED ${first}`, `CREATED ${second}`]);
    await until('both deliveries to be told', () => actions.filter(({ kind }) => kind === 'delivery').length === 2);
    expect(polls(actions)).toBe(2);
  });

  it('two of them poll an instance once an interval, and deliver each notification once', async () => {
    const ids = [await world.create(), await world.create(), await world.create()];
    const other = await world.open();
    const [one, two] = [start(), start({}, other)];
    const mail: string[] = [];
    for (let round = 1; round <= 3; round++) {
      mail.push(world.sandbox.mailbox().receive());
      world.clock.offset += MINUTE;
      await world.receiver.waitFor((requests) => requests.length >= 3 * round);
      // A clock that jumps ahead ends every lease, so nothing may be under way then.
      await until('every poll and delivery to have ended', async () => {
        const rows = await Promise.all(ids.map((id) => world.ctx.store.instances.get(id)));
        const open = await world.ctx.store.outbox.counts();
        return open.length === 0 && rows.every((row) => (row?.nextPollAt ?? 0) > world.clock.now());
      });
    }
    one.stop.abort();
    two.stop.abort();
    await Promise.all([one.done, two.done]);
    expect(polls(one.actions) + polls(two.actions)).toBe(9);
    expect(told(world.receiver).sort()).toEqual(mail.flatMap((each) => Array(3).fill(`CREATED ${each}`)).sort());
  });

  it('notices instances that are made, disabled, enabled, changed and deleted', async () => {
    const { actions } = start();
    const id = await world.create();
    const first = world.sandbox.mailbox().receive();
    world.clock.offset += MINUTE;
    await world.receiver.waitFor((requests) => requests.length === 1);

    await setEnabled(world.ctx, id, false);
    const second = world.sandbox.mailbox().receive();
    const before = await lastPollAt(id);
    world.clock.offset += MINUTE;
    const marker = await world.create({ configuration: { 'event.notification.callback.url': null } });
    world.clock.offset += MINUTE;
    await until('another instance to be polled', () => polls(actions, marker) > 0);
    expect(await lastPollAt(id)).toBe(before);

    const elsewhere = await startReceiver();
    extra.push(elsewhere);
    const change = { configuration: { 'event.notification.callback.url': elsewhere.url } };
    await updateInstance(world.ctx, id, change, { allowPrivate: true });
    await setEnabled(world.ctx, id, true);
    await elsewhere.waitFor((requests) => requests.length === 1);
    expect([told(world.receiver), told(elsewhere)]).toEqual([[`CREATED ${first}`], [`CREATED ${second}`]]);

    await deleteInstance(world.ctx, id);
    const count = polls(actions, id);
    world.sandbox.mailbox().receive();
    const markers = polls(actions, marker);
    world.clock.offset += 2 * MINUTE;
    await until('the other one to be polled again', () => polls(actions, marker) > markers);
    expect(polls(actions, id)).toBe(count);
    expect(actions.filter(({ kind }) => kind === 'error')).toEqual([]);
  });

  it('retries a delivery when its time has come', async () => {
    const id = await world.create({ configuration: { 'event.poller.refresh_interval': '600' } });
    world.receiver.respond((_request, index) => ({ status: index === 0 ? 503 : 200 }));
    const mail = world.sandbox.mailbox().receive();
    await pollInstance(world.ctx, id, { deliver: true, scheduled: false });
    const { actions } = start();
    expect(world.receiver.requests).toHaveLength(1);
    world.clock.offset += 7000;
    await world.receiver.waitFor((requests) => requests.length === 2);
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`, `CREATED ${mail}`]);
    expect(new Set(world.receiver.requests.map((request) => request.id)).size).toBe(1);
    await until('the delivery to be told', () => actions.some(({ kind }) => kind === 'delivery'));
    expect(polls(actions)).toBe(0);
  });

  it('a receiver that hangs holds up neither the polls nor the deliveries of others', async () => {
    const hanging = await startReceiver({ answer: { hang: true } });
    extra.push(hanging);
    const configuration = { 'event.notification.callback.url': hanging.url };
    for (let at = 0; at < 12; at++) await world.create({ name: `hung ${at}`, configuration });
    const id = await world.create();
    const mail = world.sandbox.mailbox().receive();
    world.clock.offset += MINUTE;
    const { actions } = start();
    await hanging.waitFor((requests) => requests.length === 8);
    await world.receiver.waitFor((requests) => requests.length === 1);
    await until('all to be polled', () => polls(actions) === 13);
    world.clock.offset += MINUTE;
    await until('all to be polled again', () => polls(actions) === 26);
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
    expect(polls(actions, id)).toBe(2);
    await hanging.close();
  });

  it('ends what is in flight when it is stopped, and begins nothing more', async () => {
    await world.create();
    world.sandbox.mailbox().receiveMany(25);
    world.receiver.respond({ delayMs: 200 });
    world.clock.offset += MINUTE;
    const { stop, done } = start();
    await world.receiver.waitFor((requests) => requests.length === 1);
    stop.abort();
    await done;
    const [row] = await world.ctx.store.outbox.list({ state: 'delivered' });
    expect(row?.id).toBe(world.receiver.requests[0]?.id);
    expect(world.receiver.requests).toHaveLength(1);
    expect(await world.ctx.store.outbox.list({ state: 'pending' })).toHaveLength(2);
  });

  it('ends at once when it is forced to', async () => {
    await world.create();
    world.sandbox.mailbox().receive();
    world.receiver.respond({ hang: true });
    world.clock.offset += MINUTE;
    const { stop, force, done } = start();
    await world.receiver.waitFor((requests) => requests.length === 1);
    stop.abort();
    const before = Date.now();
    force.abort();
    await done;
    expect(Date.now() - before).toBeLessThan(1000);
    await world.receiver.close();
  });

  it('keeps to the named instances, those that come to carry the name included', async () => {
    const [wanted, other] = [await world.create({ name: 'wanted' }), await world.create({ name: 'other' })];
    world.clock.offset += MINUTE;
    const { actions } = start({ names: ['wanted'] });
    await until('it to be polled', () => polls(actions, wanted) === 1);
    const late = await world.create({ name: 'wanted' });
    world.clock.offset += MINUTE;
    await until('the late one to be polled', () => polls(actions, late) > 0);
    expect(polls(actions, other)).toBe(0);
    await expect(start({ names: ['nobody'] }).done).rejects.toMatchObject({ code: 'usage' });
  });

  it('polls on after the clock was set back', async () => {
    const id = await world.create();
    world.clock.offset = 24 * 60 * MINUTE;
    const { actions } = start();
    await until('a poll under the wrong clock', () => polls(actions, id) === 1);
    world.clock.offset = 0;
    await until('a poll under the right clock', () => polls(actions, id) === 2);
    expect((await world.ctx.store.instances.get(id))?.nextPollAt).toBeLessThanOrEqual(world.clock.now() + MINUTE);
  });

  it('polls on while it prunes, and ends although there is more to prune', async () => {
    const id = await world.create();
    world.clock.offset = MINUTE;
    const { store } = world.ctx;
    let steps = 0;
    const prune = async () => {
      steps += 1;
      await world.clock.sleep(100);
      return 500;
    };
    const { actions, stop, done } = start(
      {},
      { ...world.ctx, store: { ...store, outbox: { ...store.outbox, prune } } },
    );
    await until('a poll', () => polls(actions, id) === 1);
    world.clock.offset += MINUTE;
    await until('another poll', () => polls(actions, id) === 2);
    expect(steps).toBeGreaterThan(0);
    stop.abort();
    await done;
    const last = steps;
    await world.clock.sleep(1000);
    expect(steps).toBe(last);
  });

  it('prunes old notifications', async () => {
    const id = await world.create();
    world.sandbox.mailbox().receive();
    await pollInstance(world.ctx, id, { deliver: true, scheduled: false });
    world.clock.offset = 8 * 24 * 60 * MINUTE;
    const { actions } = start();
    await until('it to be told', () => actions.some(({ kind }) => kind === 'prune'));
    expect(await world.ctx.store.outbox.list({ state: 'delivered' })).toEqual([]);
  });
});
