import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CONSOLE_PAGES } from '../../src/commands/console-pages.js';
import { type Browser, fakeBrowser } from '../support/browser.js';
import { until } from '../support/cli.js';
import { told } from '../support/notifications.js';
import { KEYS, Pty, type PtyOptions } from '../support/pty.js';
import { standardSignatureHolds } from '../support/receiver.js';
import { startWorld, type World } from '../support/setup.js';

const { enter, down, ctrlC } = KEYS;

describe('the first run on a terminal', () => {
  let world: World;
  let browser: Browser;
  let open: Pty[];
  beforeEach(async () => {
    world = await startWorld({ autoConsent: false });
    browser = fakeBrowser(dirname(world.home));
    open = [];
  });
  afterEach(async () => {
    for (const each of open) await each.close();
    await world.close();
  });

  function gmailEvents(args: string[] = [], options: PtyOptions = {}): Pty {
    const pty = new Pty(args, { rows: 40, ...options, env: { ...world.env, ...browser.env, ...options.env } });
    open.push(pty);
    return pty;
  }

  /** The instance's own questions, answered as a person does who takes what is proposed. */
  async function answerInstance(pty: Pty, url = world.receiver.url): Promise<void> {
    await pty.answer('Name of the instance', enter);
    await pty.answer('Turn on events?', enter);
    await pty.answer('Callback URL', url, enter);
    if (url !== '') await pty.answer('Sign what is sent', enter);
    await pty.answer('Minutes between polls', '1', enter);
    await pty.answer('Resources to poll', enter);
    await pty.answer('Tags', 'docs, first', enter);
  }

  it('leads from nothing to a delivered event by answers alone', async () => {
    const dropped = join(dirname(world.home), 'my downloads', "client's secret.json");
    mkdirSync(dirname(dropped));
    copyFileSync(world.clientSecretFile, dropped);

    const pty = gmailEvents();
    await pty.answer('Have you got the JSON file', enter);
    for (const [at, { url }] of CONSOLE_PAGES.entries()) {
      await pty.answer('Open this page', at === 3 ? 'n' : '', enter);
      expect(await pty.text()).toContain(url);
    }
    await pty.answer('Its JSON file', '/nowhere/client.json', enter);
    await pty.correct('cannot be read (ENOENT)', `'${dropped.replaceAll("'", `'\\''`)}' `, enter);
    await pty.answer('Where is your browser?', enter);
    await pty.until('Authorized ann@example.com with scope readonly.');
    await answerInstance(pty);
    await pty.answer('Create the instance "inbox"?', enter);
    await pty.answer('Send a signed test notification there now?', enter);
    expect(await pty.exit).toBe(0);

    const { client } = world.sandbox;
    const [consent = ''] = browser.opened().slice(-1);
    // Each in a process of its own: they may come out of order.
    expect(browser.opened().toSorted()).toEqual(
      [...CONSOLE_PAGES.slice(0, 3).map(({ url }) => url), consent].toSorted(),
    );
    const text = await pty.text();
    expect(text).toContain(consent);
    for (const line of [
      'mailbox    ann@example.com',
      `sent to    ${world.receiver.url}`,
      'polled     every 1 min',
      'resources  changed-messages',
      'tags       docs, first',
      'HTTP 200',
      'gmail-events watch',
      'gmail-events service install',
      'poll --due --quiet',
      `* * * * * GMAIL_EVENTS_HOME=${world.home} ${process.execPath}`,
    ])
      expect(text).toContain(line);
    const secretFile = join(world.home, 'signing-secret-1.txt');
    const secret = readFileSync(secretFile, 'utf8').trim();
    expect(statSync(secretFile).mode & 0o777).toBe(0o600);
    expect(pty.raw).not.toContain(secret);
    expect(pty.raw).not.toContain(client.clientSecret);
    const [test] = world.receiver.requests;
    expect(told(world.receiver.requests)).toEqual(['CREATED 0000000000000001']);
    expect(test !== undefined && standardSignatureHolds(test, secret)).toBe(true);

    // The next day: mail has come, and the same word asks what is to be done.
    const id = world.sandbox.mailbox().receive({ subject: 'Lunch on Friday?' });
    const later = gmailEvents();
    await later.answer('What now?', enter);
    expect(await later.exit).toBe(0);
    expect(await later.text()).toContain('instance 1: 1 event in 1 notification, 1 delivered');
    expect(told(world.receiver.requests).slice(1)).toEqual([`CREATED ${id}`]);
  }, 60_000);

  it('can be left at every step with nothing half made, and goes on from there', async () => {
    const left = async (pty: Pty) => {
      pty.type(ctrlC);
      expect(await pty.exit).toBe(130);
    };
    const files = () => (existsSync(world.home) ? readdirSync(world.home, { recursive: true }).map(String) : []);

    const first = gmailEvents();
    await first.answer('Have you got the JSON file', down, enter);
    await first.until('Its JSON file');
    await left(first);
    expect(files()).not.toContain('config.json');
    expect(await first.text()).toContain('Run gmail-events again to go on from this step.');

    const second = gmailEvents();
    await second.answer('Have you got the JSON file', down, enter);
    await second.answer('Its JSON file', `file://${world.clientSecretFile}`, enter);
    await second.until('Where is your browser?');
    await left(second);

    // Nobody looks at the page that opens.
    const blind = fakeBrowser(dirname(world.home), { consents: false });
    const third = gmailEvents();
    await third.answer('Where is your browser?', enter);
    await third.until('Waiting for your consent');
    await until('the page to be opened', () => blind.opened().length > 0);
    await left(third);
    expect(files().filter((name) => name.startsWith('accounts/'))).toEqual([]);

    browser = fakeBrowser(dirname(world.home));
    const fourth = gmailEvents();
    await fourth.answer('Where is your browser?', enter);
    await answerInstance(fourth);
    await fourth.until('Create the instance');
    await left(fourth);
    expect(files().filter((name) => /^instances\/|secret/.test(name))).toEqual([]);

    const fifth = gmailEvents();
    await fifth.answer('Gmail account', enter);
    await answerInstance(fifth);
    await fifth.answer('Create the instance', enter);
    await fifth.until('Send a signed test notification');
    await left(fifth);
    expect(world.receiver.requests).toEqual([]);

    const sixth = gmailEvents();
    await sixth.answer('What now?', down, down, enter);
    await sixth.answer('Send a signed test notification', enter);
    expect(await sixth.exit).toBe(0);
    expect(told(world.receiver.requests)).toEqual(['CREATED 0000000000000001']);
  }, 90_000);

  it('create-instance with nothing configured leads the same way; denied consent and a broken receiver are asked about again', async () => {
    world.sandbox.consent({ deny: true });
    world.receiver.respond({ status: 500 });
    const pty = gmailEvents(['create-instance', '--interval', '9', '--tag', 'one']);
    await pty.answer('Have you got the JSON file', down, enter);
    await pty.answer('Its JSON file', world.clientSecretFile.replaceAll('/', '\\/'), enter);
    await pty.answer('Where is your browser?', enter);
    await pty.until('denied');
    world.sandbox.consent({ email: 'ann@example.com' });
    await pty.answer('Try again?', enter);
    await pty.answer('Where is your browser?', down, enter);
    const url = /https?:\/\/\S+\/auth\S*/g;
    const shown = (await pty.until('Address of the page')).match(url)?.at(-1) ?? '';
    const consent = await fetch(shown, { redirect: 'manual' });
    await pty.answer('Address of the page', 'what do you mean', enter);
    await pty.answer('Address of the page', consent.headers.get('location') ?? '', enter);
    await pty.answer('Name of the instance', enter);
    await pty.answer('Turn on events?', enter);
    await pty.answer('Callback URL', world.receiver.url, enter);
    await pty.answer('Sign what is sent', 'n', enter);
    await pty.answer('Resources to poll', enter);
    await pty.answer('Create the instance', enter);
    await pty.answer('Send a test notification there now?', enter);
    await pty.until('the test notification was not accepted');
    world.receiver.respond({});
    await pty.answer('Send it once more?', enter);
    expect(await pty.exit).toBe(0);
    expect(world.receiver.requests).toHaveLength(2);
  }, 60_000);

  it('without a receiver, "listen" shows the test in this terminal', async () => {
    const auth = world.start(['auth', '--client-secret-file', world.clientSecretFile, '--no-browser']);
    await until('the page', () => /https?:\/\//.test(auth.stderr()));
    world.sandbox.consent({ email: 'ann@example.com' });
    await (await fetch(/https?:\/\/\S+/.exec(auth.stderr())?.[0] ?? '')).text();
    expect((await auth.result).code).toBe(0);
    const pty = gmailEvents();
    await pty.answer('Gmail account', enter);
    await answerInstance(pty, 'listen');
    await pty.answer('Create the instance', enter);
    await pty.answer('Send a signed test notification', enter);
    expect(await pty.exit).toBe(0);
    const text = await pty.text();
    expect(text).toMatch(/signature Standard Webhooks valid {2}answered 200\n {2}CREATED {3}changed-messages/);
    expect(text).toContain(`gmail-events listen --signing-secret-file ${world.home}/signing-secret-1.txt`);
  }, 60_000);
});
