import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { widthOf } from '../../src/ui/width.js';
import { until } from '../support/cli.js';
import { KEYS, Pty, type PtyOptions } from '../support/pty.js';
import { startWorld, type World } from '../support/setup.js';

describe('output on a terminal', () => {
  let world: World;
  let open: Pty[] = [];
  beforeAll(async () => {
    world = await startWorld();
    await world.create({ name: '受信トレイ 📬 of the whole company' });
    await world.create({ name: 'second' });
    await world.create({ name: 'third', configuration: { 'event.notification.callback.url': 'http://127.0.0.1:9/' } });
    world.sandbox.mailbox().receive();
    expect((await world.cli(['poll'])).code).toBe(3);
  }, 60_000);
  afterEach(async () => {
    world.receiver.respond({});
    for (const each of open) await each.close();
    open = [];
  });
  afterAll(() => world.close());

  function gmailEvents(args: string[], options: PtyOptions = {}): Pty {
    const pty = new Pty(args, { ...options, env: { ...world.env, ...options.env } });
    open.push(pty);
    return pty;
  }

  /** Lines that the terminal had to break. */
  function broken(pty: Pty): string[] {
    const { active } = pty.terminal.buffer;
    return Array.from({ length: active.length }, (_, at) => active.getLine(at))
      .filter((line) => line?.isWrapped)
      .map((line) => line?.translateToString(true) ?? '');
  }

  it.each([40, 60, 80, 120])(
    'tables fit %d columns',
    async (columns) => {
      for (const args of [
        ['instances', 'list'],
        ['auth', 'list'],
      ]) {
        const pty = gmailEvents(args, { columns, rows: 60 });
        expect([args, await pty.exit]).toEqual([args, 0]);
        expect([args, broken(pty)]).toEqual([args, []]);
      }
      const events = gmailEvents(['events', 'list', '--instance', '1'], { columns: columns + 5, rows: 60 });
      expect(await events.exit).toBe(0);
      // Ids are whole, also where nothing else has room.
      expect(await events.text()).toMatch(/\b[0-9a-f]{32}\b/);
      expect(broken(events)).toEqual([]);
      const status = gmailEvents(['status', '--no-color'], { columns, rows: 60 });
      await status.exit;
      // Up to the sentences below the table.
      const [table = ''] = status.raw.split('\r\n\r\ninstance');
      for (const line of table.split('\r\n')) expect([line, widthOf(line) <= columns]).toEqual([line, true]);
    },
    60_000,
  );

  it('a pipe gets every column whole', async () => {
    const { stdout } = await world.cli(['instances', 'list']);
    expect(stdout).toContain('受信トレイ 📬 of the whole company');
    expect(stdout).not.toContain('…');
  });

  it('watch shows each instance, fits the terminal as it changes, and leaves nothing of it', async () => {
    const pty = gmailEvents(['watch'], { columns: 100, rows: 24 });
    await pty.until(/3 instances, 3 events in the last hour, 1 pending/);
    const wide = await pty.until(/LAST HOUR/);
    expect(wide).toMatch(/2 +second +(now|\d+ s ago) +in \d+ (s|min) +1 +▁+█▁* +0 +ok/);
    expect(broken(pty)).toEqual([]);
    // Not while something is said: what is on its way is drawn for the size that was.
    await pty.until('1 attempt failed');
    pty.resize(60, 12);
    const head = (text: string) => text.slice(text.lastIndexOf('\nID ')).split('\n')[1] ?? '';
    const small = await pty.until((text) => head(text).includes('NEXT POLL') && !head(text).includes('LAST HOUR'));
    const table = small.slice(small.lastIndexOf('\nID ') + 1).split('\n');
    expect(table).toHaveLength(4);
    for (const line of table) expect(widthOf(line)).toBeLessThan(60);
    pty.resize(40, 5);
    await pty.until(/3 instances, 3 events in the last hour\S*$/);
    pty.type(KEYS.ctrlC);
    expect(await pty.exit).toBe(0);
    const [, left] = (await pty.text()).split('Stopping: what is in flight ends first.');
    expect(left?.replace(/\s+/g, ' ').trim()).toBe('Once more ends it at once.');
  }, 60_000);

  it('a watch that is to end shows what it waits for, and leaves nothing of that', async () => {
    const slow = await startWorld();
    try {
      await slow.create();
      slow.sandbox.mailbox().receive();
      expect((await slow.cli(['poll', '--no-deliver'])).code).toBe(0);
      slow.receiver.respond({ delayMs: 4000 });
      const pty = gmailEvents(['watch'], { env: slow.env, columns: 100 });
      await slow.receiver.waitFor((requests) => requests.length > 0);
      pty.type(KEYS.ctrlC);
      await pty.until('In flight: 1 delivery');
      expect(await pty.exit).toBe(0);
      expect(await pty.text()).toContain('instance 1: 1 delivered, 0 pending');
      expect(await pty.text()).not.toContain('In flight');
    } finally {
      await slow.close();
    }
  }, 60_000);

  it('watch has a line an action and no view where there is no terminal', async () => {
    const watch = world.start(['watch']);
    await until('it to begin', () => watch.stderr().includes('Watching'));
    watch.child.kill('SIGTERM');
    expect((await watch.result).stderr.split('\n').filter(Boolean)).toEqual([
      'Watching; Ctrl-C stops.',
      'Stopping: what is in flight ends first. Once more ends it at once.',
    ]);
  }, 30_000);

  it('a bulk creation shows how far it is, and nothing of that stays', async () => {
    const body = JSON.stringify({ element: { key: 'gmail' }, name: 'bulk', configuration: {} });
    const file = join(dirname(world.home), 'bulk.ndjson');
    writeFileSync(file, `${body}\n`.repeat(400));
    const pty = gmailEvents(['create-instance', '--bulk', file, '--account', 'ann@example.com']);
    expect(await pty.exit).toBe(0);
    expect(pty.raw).toMatch(/\d+ of 400 instances/);
    const text = await pty.text();
    expect(text.split('\n').filter((line) => !line.startsWith('{"id":'))).toEqual(['400 instances were made.']);
  }, 90_000);

  it('a long poll shows what was recovered, found and delivered; so does resend', async () => {
    const slow = await startWorld();
    try {
      await slow.create();
      slow.sandbox.mailbox().receiveMany(45);
      slow.sandbox.mailbox().expireHistory();
      slow.receiver.respond({ delayMs: 400 });
      const poll = gmailEvents(['poll'], { env: slow.env, columns: 120 });
      expect(await poll.exit).toBe(0);
      expect(poll.raw).toMatch(
        /Polling: 0 of 1 instance, 45 messages recovered, 45 events, \d notifications? delivered/,
      );
      expect(await poll.text()).toBe('instance 1: 45 events in 5 notifications, 5 delivered');
      const resend = gmailEvents(['events', 'resend', '--state', 'delivered'], { env: slow.env, columns: 200 });
      expect(await resend.exit).toBe(0);
      expect(resend.raw).toMatch(/Sending: \d of \d notifications delivered/);
      expect(await resend.text()).not.toContain('Sending');
      const piped = await slow.cli(['events', 'resend', '--state', 'delivered']);
      expect([piped.code, piped.stderr]).toEqual([0, '']);
    } finally {
      await slow.close();
    }
  }, 90_000);
});
