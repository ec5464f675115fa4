import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run as discard } from '../../src/commands/events-discard.js';
import { pastTime } from '../../src/commands/events-filter.js';
import { run as list } from '../../src/commands/events-list.js';
import { run as resend } from '../../src/commands/events-resend.js';
import { run as show } from '../../src/commands/events-show.js';
import { deliverInstance } from '../../src/core/delivery/index.js';
import { START, World } from '../core/delivery/world.js';
import type { Receiver } from '../support/receiver.js';
import { person, terminal } from './terminal.js';

let world: World;
let receiver: Receiver;
let id: number;

beforeEach(async () => {
  world = await World.open();
  receiver = await world.receiver();
  id = await world.instance(receiver.url);
});

afterEach(() => world.close());

const FIELDS = [
  'id',
  'instanceId',
  'resource',
  'state',
  'attempts',
  'nextAttemptAt',
  'lastStatus',
  'lastError',
  'createdAt',
  'deliveredAt',
  'eventCount',
];

describe('events list', () => {
  it('prints one object a line, in queue order, with the fields of the contract', async () => {
    await world.put(id, 2);
    const screen = terminal({ json: true });
    expect(await list({}, world.ctx, screen.ui)).toBe('ok');
    expect(screen.json()).toMatchObject([{ id: 'n1' }, { id: 'n2' }]);
    expect(Object.keys(Object(screen.json()[0]))).toEqual(FIELDS);
  });

  it('filters', async () => {
    await world.put(id, 1);
    await deliverInstance(world.ctx, id);
    world.clock.time += 3_600_000;
    await world.put(id, 2);
    await world.put(id, 1, { resource: 'labels' });
    const ids = async (options: Parameters<typeof list>[0]) => {
      const screen = terminal({ json: true });
      await list(options, world.ctx, screen.ui);
      return [...screen.stdout.matchAll(/"id":"(\w+)"/g)].map((match) => match[1]);
    };
    expect(await ids({ state: 'delivered' })).toEqual(['n1']);
    expect(await ids({ since: '30m' })).toEqual(['n2', 'n3', 'n4']);
    expect(await ids({ since: '2026-11-24T03:00:01Z', limit: '1' })).toEqual(['n2']);
    expect(await ids({ resource: 'labels' })).toEqual(['n4']);
    expect(await ids({ instance: String(id), state: 'pending' })).toEqual(['n2', 'n3', 'n4']);
    expect(await ids({ instance: `instance ${id}`, state: 'dead' })).toEqual([]);
  });

  it('shows a table with relative times to a person, and says when nothing matches', async () => {
    await world.put(id);
    world.clock.time += 7_200_000;
    const screen = terminal();
    await list({}, world.ctx, screen.ui);
    expect(screen.stdout).toMatch(/n1 +\d+ +changed-messages .* pending .* 2 h ago/);
    const nothing = terminal();
    expect(await list({ state: 'dead' }, world.ctx, nothing.ui)).toBe('ok');
    expect(nothing).toMatchObject({ stdout: '', stderr: 'No notification matches.\n' });
  });

  it('refuses bad values, all at once', async () => {
    const screen = terminal();
    await expect(list({ state: 'lost', since: 'yesterday', limit: '0' }, world.ctx, screen.ui)).rejects.toMatchObject({
      code: 'usage',
      faults: [{ path: '--state' }, { path: '--since' }, { path: '--limit' }],
    });
    await expect(list({ instance: '99' }, world.ctx, screen.ui)).rejects.toMatchObject({ code: 'usage' });
    expect(screen.stdout).toBe('');
  });
});

describe('--since', () => {
  it.each([
    ['2h', START - 7_200_000],
    ['3d', START - 259_200_000],
    ['90s', START - 90_000],
    ['1w', START - 604_800_000],
    ['2026-11-24T02:00:00Z', START - 3_600_000],
    ['2026-11-24T04:00:00+01:00', START],
    ['2026-11-24', START - 10_800_000],
    ['2026-99-99', null],
    ['yesterday', null],
    ['2', null],
    ['-2h', null],
    ['1999', null],
    ['', null],
  ])('%p -> %p', (text, expected) => {
    expect(pastTime(text, START)).toBe(expected);
  });
});

describe('events show', () => {
  beforeEach(async () => {
    receiver.respond({ status: 500, body: 'broken' });
    await world.put(id);
    await deliverInstance(world.ctx, id);
  });

  it('prints the object with its body and the log of attempts', async () => {
    const screen = terminal({ json: true });
    expect(await show({ id: 'n1' }, world.ctx, screen.ui)).toBe('ok');
    expect(Object.keys(Object(screen.json()[0]))).toEqual([...FIELDS, 'body', 'attemptLog']);
    expect(screen.json()[0]).toMatchObject({ body: { id: 'n1' }, attemptLog: [{ status: 500, answer: 'broken' }] });
  });

  it('shows the same to a person', async () => {
    const screen = terminal();
    await show({ id: 'n1' }, world.ctx, screen.ui);
    expect(screen.stdout).toMatch(/lastError: +HTTP 500/);
    expect(screen.stdout).toContain('broken');
    expect(screen.stdout).toContain('"eventId": "n1"');
  });

  it('refuses an unknown id', async () => {
    await expect(show({ id: 'x' }, world.ctx, terminal().ui)).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('events resend', () => {
  it('prints what it sent, and is ok when all was delivered', async () => {
    await world.put(id, 3, { state: 'stored' });
    const screen = terminal({ json: true });
    expect(await resend({ ids: ['n3', 'n1', 'n1'] }, world.ctx, screen.ui)).toBe('ok');
    expect(screen.json()).toMatchObject([
      { id: 'n1', state: 'delivered', attempts: 1 },
      { id: 'n3', state: 'delivered' },
    ]);
    expect(receiver.requests.map((request) => request.id)).toEqual(['n1', 'n3']);
  });

  it('is partial when one failed', async () => {
    receiver.respond((request) => ({ status: request.id === 'n2' ? 500 : 200 }));
    await world.put(id, 2, { state: 'stored' });
    await expect(resend({ state: 'stored' }, world.ctx, terminal().ui)).rejects.toMatchObject({
      code: 'partial',
      message: '1 of 2 notifications not delivered',
    });
  });

  it('is partial when nothing could be attempted, and says why', async () => {
    const bare = await world.instance(undefined);
    await world.put(bare, 1, { state: 'stored' });
    const screen = terminal();
    await expect(resend({ instance: String(bare) }, world.ctx, screen.ui)).rejects.toMatchObject({
      code: 'partial',
      message: `1 of 1 notification not delivered; nothing of instance ${bare} was sent: it has no callback URL`,
    });
    expect(screen.stdout).toContain('stored');
  });

  it('is ok for a filter that matches nothing, and usage for an unknown id or nothing named', async () => {
    const screen = terminal({ json: true });
    const { ui } = screen;
    expect(await resend({ state: 'dead', ids: [] }, world.ctx, ui)).toBe('ok');
    expect(screen.stdout).toBe('');
    await expect(resend({ ids: ['x'] }, world.ctx, ui)).rejects.toMatchObject({ code: 'usage' });
    await expect(resend({ ids: [] }, world.ctx, ui)).rejects.toMatchObject({ code: 'usage' });
    await expect(resend({ limit: '3' }, world.ctx, ui)).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('events discard', () => {
  it('gives up with --yes and prints what it gave up', async () => {
    await world.put(id, 2);
    const screen = terminal({ json: true });
    expect(await discard({ ids: ['n2'], yes: true }, world.ctx, screen.ui)).toBe('ok');
    expect(screen.json()).toMatchObject([{ id: 'n2', state: 'dead', lastError: 'discarded' }]);
    expect(await world.row('n1')).toMatchObject({ state: 'pending' });
  });

  it('asks on a terminal, and does nothing on a no', async () => {
    await world.put(id, 2);
    const { ui } = terminal({ tty: true });
    const { asked, prompts } = person({ 'Give up 2': false, 'Give up 1': true });
    await expect(discard({ state: 'pending' }, world.ctx, ui, prompts)).rejects.toMatchObject({
      code: 'failed',
    });
    expect(asked).toEqual(['Give up 2 notifications?']);
    expect(await world.row('n1')).toMatchObject({ state: 'pending' });
    expect(await discard({ ids: ['n1'] }, world.ctx, ui, prompts)).toBe('ok');
    expect(await world.row('n1')).toMatchObject({ state: 'dead' });
  });

  it('without a terminal, ids are the decision, and a filter says what is missing', async () => {
    await world.put(id, 2);
    expect(await discard({ ids: ['n1'] }, world.ctx, terminal().ui)).toBe('ok');
    expect(await world.row('n1')).toMatchObject({ state: 'dead', lastError: 'discarded' });
    await expect(discard({ state: 'pending' }, world.ctx, terminal().ui)).rejects.toMatchObject({
      code: 'usage',
      hint: 'Add --yes.',
    });
    expect(await world.row('n2')).toMatchObject({ state: 'pending' });
  });

  it('is ok for a filter that matches nothing open, and usage for an unknown id or nothing named', async () => {
    await world.put(id);
    await deliverInstance(world.ctx, id);
    const screen = terminal();
    const { ui } = screen;
    expect(await discard({ ids: ['n1'] }, world.ctx, ui)).toBe('ok');
    expect(screen.stderr).toContain('nothing was discarded');
    await expect(discard({ ids: ['x'], yes: true }, world.ctx, ui)).rejects.toMatchObject({ code: 'usage' });
    await expect(discard({ yes: true }, world.ctx, ui)).rejects.toMatchObject({ code: 'usage' });
  });
});
