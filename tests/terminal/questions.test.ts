import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/cli.js';
import { KEYS, Pty, type PtyOptions } from '../support/pty.js';
import { startWorld, type World } from '../support/setup.js';

const { enter, down, space, ctrlC } = KEYS;
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`);

describe('questions on a terminal', () => {
  let world: World;
  let open: Pty[] = [];
  /** Says so on stderr when inquirer is loaded. */
  let spy: Record<string, string>;
  beforeAll(async () => {
    world = await startWorld();
    const auth = world.start(['auth', '--client-secret-file', world.clientSecretFile, '--no-browser']);
    await until('the page', () => /https?:\/\//.test(auth.stderr()));
    await (await fetch(/https?:\/\/\S+/.exec(auth.stderr())?.[0] ?? '')).text();
    expect((await auth.result).code).toBe(0);
    const file = join(dirname(world.home), 'spy.cjs');
    writeFileSync(
      file,
      `const loader = require('node:module');
       const load = loader._load;
       loader._load = function (name, ...rest) {
         if (/inquirer/.test(name)) console.error('LOADED');
         return load.call(this, name, ...rest);
       };`,
    );
    spy = { NODE_OPTIONS: `--require ${file}` };
  }, 60_000);
  afterEach(async () => {
    for (const each of open) await each.close();
    open = [];
  });
  afterAll(() => world.close());

  function gmailEvents(args: string[], options: PtyOptions = {}): Pty {
    const pty = new Pty(args, { ...options, env: { ...world.env, ...options.env } });
    open.push(pty);
    return pty;
  }

  async function list(): Promise<{ name: string; tags: string[]; configuration: Record<string, string> }[]> {
    return JSON.parse((await world.cli(['instances', 'list', '--json'])).stdout);
  }

  it("create-instance follows the steps of the old service's console", async () => {
    const pty = gmailEvents(['create-instance'], { columns: 100, rows: 40 });
    await pty.answer('Gmail account', enter);
    await pty.answer('Name of the instance', 'Inbox of Ann 📬', enter);
    await pty.answer('Turn on events?', enter);
    await pty.answer('Callback URL', 'nowhere', enter);
    await pty.correct('An http or https URL', 'https://example.com/events', enter);
    await pty.answer('Sign what is sent', 'n', enter);
    await pty.answer('Minutes between polls', '0', enter);
    await pty.correct('A number of 1 or more', '5', enter);
    await pty.answer('Resources to poll', down, down, down, down, space, enter);
    await pty.answer('Tags', 'a, b', enter);
    await pty.answer('Create the instance', enter);
    await pty.answer('Send a test', 'n', enter);
    expect(await pty.exit).toBe(0);
    expect(await list()).toMatchObject([
      {
        name: 'Inbox of Ann 📬',
        tags: ['a', 'b'],
        configuration: {
          'event.notification.enabled': 'true',
          'event.notification.callback.url': 'https://example.com/events',
          'event.poller.refresh_interval': '5',
          'event.poller.configuration': JSON.stringify({
            'changed-messages': { url: '/hubs/general/changed-messages', idField: 'id' },
            labels: { url: '/hubs/general/labels', idField: 'id' },
          }),
        },
      },
    ]);
  }, 60_000);

  it('a narrow terminal shows each question and choice whole', async () => {
    const pty = gmailEvents(['create-instance', '--name', 'narrow', '--no-events'], { columns: 40, rows: 24 });
    const text = await pty.until('Gmail account');
    expect(text).toContain('ann@example.com');
    await pty.answer('Gmail account', enter);
    await pty.answer('Tags, separated by commas', enter);
    await pty.answer('Create the instance "narrow"?', 'n', enter);
    expect(await pty.exit).toBe(1);
    expect(await pty.text()).toContain('cancelled: no instance was made');
    expect(await list()).toHaveLength(1);
  }, 30_000);

  it('Ctrl-C is 130 and makes nothing', async () => {
    const pty = gmailEvents(['create-instance']);
    await pty.answer('Gmail account', enter);
    await pty.answer('Name of the instance', enter);
    await pty.until('Turn on events?');
    pty.type(ctrlC);
    expect(await pty.exit).toBe(130);
    expect(await list()).toHaveLength(1);
  }, 30_000);

  it('a confirmation is asked for on a terminal, and no is no', async () => {
    const pty = gmailEvents(['instances', 'delete', '1']);
    await pty.answer('Delete', enter);
    expect(await pty.exit).toBe(1);
    expect(await list()).toHaveLength(1);
  }, 30_000);

  it.each([
    ['by NO_COLOR', [], { NO_COLOR: '1' }],
    ['by --no-color', ['--no-color'], {}],
  ])(
    '%s nothing is coloured, questions and errors included',
    async (_how, flags, env) => {
      const asking = gmailEvents(['create-instance', ...flags], { env });
      await asking.until('Gmail account');
      asking.type(ctrlC);
      await asking.exit;
      expect(asking.raw).not.toMatch(COLOUR);
      const failing = gmailEvents(['instances', 'show', '99', ...flags], { env });
      expect(await failing.exit).toBe(2);
      expect(failing.raw).not.toMatch(COLOUR);
      const coloured = gmailEvents(['instances', 'show', '99']);
      await coloured.exit;
      expect(coloured.raw).toMatch(COLOUR);
    },
    30_000,
  );

  it.each([
    [['--no-input'], 2, 'gmail-events needs a command'],
    [['create-instance', '--no-input'], 2, '--account'],
    [['events', 'discard', '--state', 'pending', '--no-input'], 0, 'nothing was discarded'],
    [['--help'], 0, 'Usage: gmail-events'],
    [['--home', '/nonexistent', 'pol', '--due'], 2, 'Did you mean poll?'],
  ])(
    '%j asks nothing on a terminal either',
    async (args, code, told) => {
      const pty = gmailEvents(args, { columns: 120, rows: 80 });
      expect([await pty.exit, await pty.text()]).toEqual([code, expect.stringContaining(told)]);
      expect(pty.raw).not.toContain('❯');
    },
    30_000,
  );

  it('loads inquirer for a question alone', async () => {
    for (const args of [
      ['instances', 'list'],
      ['status'],
      ['poll', '--due'],
      ['create-instance', '--account', 'ann@example.com', '--name', 'all said', '--no-events'],
    ]) {
      const silent = gmailEvents(args, { env: spy });
      expect([args, await silent.exit]).toEqual([args, 0]);
      expect([args, silent.raw.includes('LOADED')]).toEqual([args, false]);
    }
    const asking = gmailEvents(['create-instance'], { env: spy });
    await asking.until('Gmail account');
    expect(asking.raw).toContain('LOADED');
  }, 30_000);
});
