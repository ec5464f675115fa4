import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PollOptions, run } from '../../src/commands/poll.js';
import { setEnabled } from '../../src/core/instances/index.js';
import { withLease } from '../../src/core/lease.js';
import { StoreError } from '../../src/store/errors.js';
import { MINUTE, startWorld, told, type World } from '../core/polling/world.js';
import { terminal } from './terminal.js';

const LINE_KEYS = [
  'id',
  'status',
  'events',
  'notifications',
  'delivered',
  'pending',
  'dead',
  'requests',
  'units',
  'error',
];

describe('poll', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  /** Runs it and catches what it throws: `code` is the category of the exit. */
  async function poll(options: Partial<PollOptions> = {}, flags: { json?: boolean; quiet?: boolean } = {}) {
    const out = terminal(flags);
    const error = await run({ names: [], ...options }, world.ctx, out.ui).then(
      () => null,
      (thrown: { code: string; message: string; hint: string | null }) => thrown,
    );
    const lines = flags.json
      ? out.stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [];
    return { code: error?.code ?? 'ok', error, out, lines };
  }

  it('prints every notification made and a summary as one JSON object a line', async () => {
    const [one, two] = [
      await world.create(),
      await world.create({ configuration: { 'event.notification.callback.url': null } }),
    ];
    const mail = world.sandbox.mailbox().receive();
    const { code, lines, out } = await poll({}, { json: true });
    expect(code).toBe('ok');
    expect(out.stderr).toBe('');
    const notifications = lines.filter(({ type }) => type === 'notification');
    expect(notifications.map(({ instanceId }) => instanceId).sort()).toEqual([one, two]);
    const sent = world.receiver.requests[0]?.json();
    expect(notifications.find(({ instanceId }) => instanceId === one)).toEqual({
      type: 'notification',
      instanceId: one,
      body: sent,
    });
    expect(lines.at(-1)).toMatchObject({
      type: 'summary',
      instances: [
        {
          id: one,
          status: 'ok',
          events: 1,
          notifications: 1,
          delivered: 1,
          pending: 0,
          dead: 0,
          requests: 2,
          units: 22,
          error: null,
        },
        {
          id: two,
          status: 'ok',
          events: 1,
          notifications: 1,
          delivered: 0,
          pending: 0,
          dead: 0,
          requests: 2,
          units: 22,
          error: null,
        },
      ],
    });
    for (const each of lines.at(-1).instances) expect(Object.keys(each)).toEqual(LINE_KEYS);
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
  });

  it('says a line an instance to a person, and nothing at all with --quiet', async () => {
    const id = await world.create();
    world.sandbox.mailbox().receiveMany(12);
    const { code, out } = await poll();
    expect([code, out.stdout, out.stderr]).toEqual([
      'ok',
      `instance ${id}: 12 events in 2 notifications, 2 delivered\n`,
      '',
    ]);
    expect((await poll()).out.stdout).toBe(`instance ${id}: no changes\n`);
    const quiet = await poll({}, { quiet: true });
    expect([quiet.code, quiet.out.stdout, quiet.out.stderr]).toEqual(['ok', '', '']);
  });

  describe('prunes also where no watch runs', () => {
    const delivered = async () => (await world.ctx.store.outbox.list({ state: 'delivered' })).length;

    it('what has aged, at once; not in a dry run', async () => {
      await world.create();
      world.sandbox.mailbox().receive();
      await poll();
      world.clock.offset = 6 * 24 * 60 * MINUTE;
      await poll({ due: true });
      expect(await delivered()).toBe(1);
      world.clock.offset = 8 * 24 * 60 * MINUTE;
      await poll({ dryRun: true });
      expect(await delivered()).toBe(1);
      await poll({ due: true });
      expect(await delivered()).toBe(0);
    });

    it('and is none the worse for a database that others keep locked then', async () => {
      await world.create();
      const { store } = world.ctx;
      const prune = () => Promise.reject(new StoreError('retry_later', 'locked'));
      const ctx = { ...world.ctx, store: { ...store, outbox: { ...store.outbox, prune } } };
      expect(await run({ names: [] }, ctx, terminal({}).ui)).toBe('ok');
    });
  });

  it('polls a name that several carry, and nothing for one that nobody carries', async () => {
    const ids = [
      await world.create({ name: 'twin' }),
      await world.create({ name: 'twin' }),
      await world.create({ name: 'other' }),
    ];
    const { lines } = await poll({ names: ['twin'] }, { json: true });
    expect(lines.at(-1).instances.map(({ id }: { id: number }) => id)).toEqual(ids.slice(0, 2));
    world.sandbox.resetRequests();
    const unknown = await poll({ names: ['twin', '99'] });
    expect(unknown.code).toBe('usage');
    expect(unknown.error?.message).toContain('99');
    expect(world.sandbox.spent().requests).toBe(0);
  });

  it('is well and says so when there is nothing to poll', async () => {
    const none = await poll({}, { json: true });
    expect([none.code, none.lines]).toEqual(['ok', [{ type: 'summary', instances: [] }]]);
    expect(none.out.stderr).toContain('create-instance');
    const id = await world.create();
    await setEnabled(world.ctx, id, false);
    expect((await poll()).out.stderr).toContain('No instance is enabled');
    const named = await poll({ names: [String(id)] }, { json: true });
    expect(named.code).toBe('ok');
    expect(named.lines.at(-1).instances).toMatchObject([{ id, status: 'disabled' }]);
  });

  it('shows what would be emitted with --dry-run, and changes nothing', async () => {
    const id = await world.create();
    const mail = world.sandbox.mailbox().receive();
    const { code, out } = await poll({ dryRun: true });
    expect(code).toBe('ok');
    expect(out.stdout).toBe(
      `CREATED changed-messages ${mail}\ninstance ${id}: 1 event in 1 notification, nothing stored\n`,
    );
    expect(await world.ctx.store.outbox.list({})).toEqual([]);
    expect(world.receiver.requests).toHaveLength(0);
  });

  it('is partial while a delivery is to be retried, and well with --no-deliver', async () => {
    const id = await world.create();
    world.sandbox.mailbox().receive();
    expect((await poll({ deliver: false })).code).toBe('ok');
    world.receiver.respond({ status: 500 });
    const failed = await poll({}, { json: true });
    expect(failed.code).toBe('partial');
    expect(failed.error?.message).toBe('1 notification still to be delivered');
    expect(failed.lines.at(-1).instances).toMatchObject([{ id, status: 'ok', delivered: 0, pending: 1, error: null }]);
    expect((await poll()).code).toBe('partial');
    expect((await poll({ deliver: false })).code).toBe('ok');
  });

  it('names the reason, its exit code and its fix when all fail for one reason', async () => {
    const ids = [await world.create(), await world.create()];
    world.sandbox.revoke();
    const { code, error, lines } = await poll({}, { json: true });
    expect(code).toBe('auth');
    expect(error?.message).toBe(`2 of 2 instances failed: ${ids.join(', ')}`);
    expect(error?.hint).toContain('gmail-events auth');
    expect(lines.at(-1).instances).toMatchObject(
      ids.map((id) => ({
        id,
        status: 'failed',
        error: { code: 'auth', exitCode: 4, message: expect.any(String), hint: expect.any(String), faults: [] },
      })),
    );
  });

  it('is partial when one account is lost: the others are polled and delivered', async () => {
    world.sandbox.addMailbox('bob@example.com', 0);
    const lost = await world.create();
    const well = await world.create({ email: 'bob@example.com' });
    world.sandbox.revoke('ann@example.com');
    const mail = world.sandbox.mailbox('bob@example.com').receive();
    const { code, error, out } = await poll();
    expect(code).toBe('partial');
    expect(error?.message).toContain(`instance ${lost}: `);
    expect(out.stdout).toBe(`instance ${well}: 1 event in 1 notification, 1 delivered\n`);
    expect(told(world.receiver)).toContain(`CREATED ${mail}`);
  });

  it('polls the others when the file of one is broken, and names it', async () => {
    const [well, broken] = [await world.create(), await world.create()];
    writeFileSync(join(world.home, `instances/${broken}.json`), '{"half');
    const mail = world.sandbox.mailbox().receive();
    const { code, error, lines } = await poll({}, { json: true });
    expect([code, error?.message]).toEqual(['partial', expect.stringContaining(`instances/${broken}.json`)]);
    expect(lines.at(-1).instances).toMatchObject([
      { id: well, status: 'ok', delivered: 1 },
      { id: broken, status: 'failed', error: { code: 'store', exitCode: 5 } },
    ]);
    expect(told(world.receiver)).toEqual([`CREATED ${mail}`]);
    // By name the readable ones are found; a name that none of them has may be that of the broken one.
    expect((await poll({ names: ['inbox'] })).code).toBe('ok');
    expect((await poll({ names: ['outbox'] })).code).toBe('store');
  });

  it('is retry_later when another process polls, and well with --due', async () => {
    const id = await world.create();
    const other = await world.open();
    const busy = await withLease(other, `poll:${id}`, () => poll({}, { json: true }));
    expect(busy?.value.code).toBe('retry_later');
    expect(busy?.value.lines.at(-1).instances).toMatchObject([{ id, status: 'busy', error: null }]);
    world.clock.offset = MINUTE;
    const due = await withLease(other, `poll:${id}`, () => poll({ due: true }, { json: true }));
    expect([due?.value.code, due?.value.lines]).toEqual(['ok', [{ type: 'summary', instances: [] }]]);
  });

  it('--due tells of a lost grant and a failed attempt in the run that meets them, and then no more', async () => {
    const id = await world.create();
    world.sandbox.mailbox().receive();
    world.receiver.respond({ status: 500 });
    world.clock.offset = MINUTE;
    expect((await poll({ due: true })).code).toBe('partial');
    expect((await poll({ due: true })).code).toBe('ok');
    world.sandbox.revoke();
    world.clock.offset = 2 * MINUTE;
    const found = await poll({ due: true, names: [String(id)] }, { json: true });
    expect(found.lines.at(-1).instances).toMatchObject([{ id, status: 'failed' }]);
    expect(found.code).toBe('auth');
    world.clock.offset = 3 * MINUTE;
    const later = await poll({ due: true }, { json: true });
    expect([later.code, later.lines]).toEqual(['ok', [{ type: 'summary', instances: [] }]]);
  });
});
