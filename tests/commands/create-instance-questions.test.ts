import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CreateInstanceOptions, run } from '../../src/commands/create-instance.js';
import { accountHealth } from '../../src/core/accounts/index.js';
import type { Context } from '../../src/core/context.js';
import { deleteInstance } from '../../src/core/instances/index.js';
import { type PollResult, runPolls } from '../../src/core/polling/index.js';
import type { Prompts } from '../../src/ui/prompts.js';
import { EMAIL, METADATA, openWorld, refused, type World } from '../core/instances/world.js';
import { until } from '../support/cli.js';
import { person, stdin, terminal } from './terminal.js';

const ANSWERS = {
  'Gmail account': EMAIL,
  'Name of the instance': 'Inbox of Ann',
  'Turn on events?': true,
  'Callback URL': 'https://example.com/events',
  'Sign what is sent': false,
  'Minutes between polls': '5',
  'Resources to poll': 'preset',
  'Tags, separated by commas': 'one, two,',
  'Create the instance': true,
  'Send a': false,
};

describe('create-instance by questions', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await world.account();
  });
  afterEach(() => world.close());

  async function ask(answers: Record<string, unknown>, options: CreateInstanceOptions = {}) {
    const someone = person(answers);
    const out = terminal({ tty: true });
    expect(await run(options, world.ctx, out.ui, someone.prompts)).toBe('ok');
    const [id = 0] = (await world.ctx.store.instanceFiles.keys()).slice(-1);
    return { document: await world.ctx.store.instanceFiles.read(id), asked: someone.asked, out };
  }

  it("follows the steps of the old service's console", async () => {
    const { document, asked, out } = await ask(ANSWERS);
    expect(asked.map((question) => Object.keys(ANSWERS).find((start) => question.startsWith(start)))).toEqual(
      Object.keys(ANSWERS),
    );
    expect(document).toMatchObject({ name: 'Inbox of Ann', tags: ['one', 'two'] });
    expect(document?.configuration).toMatchObject({
      'event.notification.enabled': 'true',
      'event.notification.callback.url': 'https://example.com/events',
      'event.poller.refresh_interval': '5',
      'event.poller.configuration': '{"changed-messages":{"url":"/hubs/general/changed-messages","idField":"id"}}',
    });
    expect(out.stdout).toBe(`id: 1\ntoken: ${document?.token}\n`);
  });

  it('asks nothing that flags have said', async () => {
    const few = { 'Name of the instance': 'n', 'Turn on events?': true, 'Create the instance': true, 'Send a': false };
    const { asked, document } = await ask(
      { ...few, 'Sign what is sent': false },
      { account: EMAIL, callbackUrl: 'https://example.com/', interval: '9', resource: ['labels'], tag: ['t'] },
    );
    expect(asked).toHaveLength(5);
    expect(document?.configuration).toMatchObject({ 'event.poller.refresh_interval': '9' });
    const all = await ask({}, { account: EMAIL, name: 'all said' });
    expect(all.document?.name).toBe('all said');
    const yes = await ask({ ...ANSWERS, 'Create the instance': new Error('asked all the same') }, { yes: true });
    expect(yes.asked).toHaveLength(9);
  });

  it('asks nothing about polling when events stay off, and several resources may be chosen', async () => {
    const off = await ask({ 'Gmail account': EMAIL, Name: 'off', 'Turn on events?': false, Tags: '', Create: true });
    expect(off.document).toMatchObject({ tags: ['off'], configuration: { 'event.notification.enabled': 'false' } });
    const some = await ask({
      ...ANSWERS,
      'Callback URL': ' ',
      'Resources to poll': ['changed-messages', 'settings/sendAs'],
    });
    expect(JSON.parse(some.document?.configuration['event.poller.configuration'] ?? '')).toEqual({
      'changed-messages': { url: '/hubs/general/changed-messages', idField: 'id' },
      'settings/sendAs': { url: '/hubs/general/settings/sendAs', idField: 'sendAsEmail' },
    });
    expect(some.document?.configuration['event.notification.callback.url']).toBeUndefined();
  });

  it('makes nothing when the person declines or leaves', async () => {
    const declined = person({ ...ANSWERS, 'Create the instance': false });
    const work = run({}, world.ctx, terminal({ tty: true }).ui, declined.prompts);
    expect(await refused(work)).toMatchObject({ code: 'failed', message: 'cancelled: no instance was made' });
    const exit = Object.assign(new Error('User force closed the prompt'), { name: 'ExitPromptError' });
    const left = person({ ...ANSWERS, 'Minutes between polls': exit });
    await expect(run({}, world.ctx, terminal({ tty: true }).ui, left.prompts)).rejects.toBe(exit);
    expect(await world.ctx.store.instanceFiles.keys()).toEqual([]);
  });

  it('turns down answers that cannot be used', async () => {
    for (const answers of [
      { 'Name of the instance': ' ' },
      { 'Name of the instance': '<b></b>' },
      { 'Name of the instance': 'n'.repeat(256) },
      { 'Callback URL': 'nowhere' },
      { 'Callback URL': 'http://169.254.169.254/latest' },
      { 'Callback URL': 'https://ann:secret@example.com/' },
      { 'Minutes between polls': '0' },
      { 'Minutes between polls': 'soon' },
      { 'Minutes between polls': '1e400' },
      { 'Tags, separated by commas': `one, ${'t'.repeat(256)}` },
    ]) {
      const work = run({}, world.ctx, terminal({ tty: true }).ui, person({ ...ANSWERS, ...answers }).prompts);
      expect((await refused(work)).message).toContain('turned down');
    }
  });

  it('refuses flags that are wrong before the first question', async () => {
    const someone = person({});
    const flags = { interval: 'soon', callbackUrl: 'ftp://example.com/' };
    const error = await refused(run(flags, world.ctx, terminal({ tty: true }).ui, someone.prompts));
    expect(error).toMatchObject({ code: 'usage' });
    expect(error.faults.map(({ path }) => path).sort()).toEqual(['--callback-url', '--interval']);
    const unknown = run({ account: 'nobody@example.com' }, world.ctx, terminal({ tty: true }).ui, someone.prompts);
    expect(await refused(unknown)).toMatchObject({ code: 'usage' });
    expect(someone.asked).toEqual([]);
  });

  it('offers no resource that the grant cannot read', async () => {
    const offered = async (account: string): Promise<string[]> => {
      let free: string[] = [];
      const someone = await person({ ...ANSWERS, 'Gmail account': account }).prompts();
      const checkbox: Prompts['checkbox'] = async (message, choices) => {
        free = choices.filter(({ disabled }) => disabled === false).map(({ name }) => name);
        return someone.checkbox(message, choices);
      };
      await run({}, world.ctx, terminal({ tty: true }).ui, async () => ({ ...someone, checkbox }));
      return free;
    };
    expect(await offered(EMAIL)).toEqual([
      'changed-messages',
      'messages',
      'threads',
      'drafts',
      'labels',
      'settings/filters',
      'settings/forwardingAddresses',
      'settings/sendAs',
    ]);
    world.sandbox.addMailbox('bob@example.com');
    await world.account({ email: 'bob@example.com', scope: METADATA });
    expect(await offered('bob@example.com')).toEqual(['changed-messages', 'messages', 'threads', 'labels']);
  });

  it('leaves a new secret for the receiver, also beside that of a store that is no more; it goes with its instance', async () => {
    const file = join(world.ctx.home, 'signing-secret-1.txt');
    writeFileSync(file, 'of yesterday', { mode: 0o644 });
    const { document } = await ask({ ...ANSWERS, 'Sign what is sent': true });
    expect(readFileSync(file, 'utf8').trim()).toBe(document?.configuration['event.notification.signing.secret']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await deleteInstance(world.ctx, 1);
    expect(existsSync(file)).toBe(false);
  });

  it('keeps the answers when Google fails, and tries again', async () => {
    world.sandbox.addFault({ method: 'getProfile', kind: 'badRequest400', times: 1 });
    const { asked, document, out } = await ask({ ...ANSWERS, 'Try again?': true });
    expect(asked.slice(-2)).toEqual(['Try again?', 'Send a test notification there now?']);
    expect(document).toMatchObject({ name: 'Inbox of Ann' });
    expect(out.stderr).toContain('Gmail refused the request');
    world.sandbox.addFault({ method: 'getProfile', kind: 'badRequest400', times: 1 });
    const { prompts } = person({ ...ANSWERS, 'Try again?': false });
    expect(await refused(run({}, world.ctx, terminal({ tty: true }).ui, prompts))).toMatchObject({ code: 'failed' });
    expect(await world.ctx.store.instanceFiles.keys()).toEqual([1]);
  });

  it('asks for what a body lacks: its name first, the account last', async () => {
    const body = world.body({ name: null, providerData: null });
    const options = { body: '-', stdin: stdin(JSON.stringify(body)) };
    const { asked, document } = await ask({ 'Name of the instance': 'n', 'Gmail account': EMAIL }, options);
    expect(asked).toEqual(['Name of the instance', 'Gmail account']);
    expect(document).toMatchObject({ name: 'n' });
    const whole = await ask({}, { body: '-', stdin: stdin(JSON.stringify(world.body())) });
    expect(whole.asked).toEqual([]);
  });

  it('authorizes an account now: the consent is the last thing before the questions of the instance', async () => {
    const env = { ...world.ctx.env, GMAIL_EVENTS_CLIENT_ID: world.sandbox.client.clientId, PATH: '' };
    const secret = { GMAIL_EVENTS_CLIENT_SECRET: world.sandbox.client.clientSecret };
    world.sandbox.addMailbox('bob@example.com');
    world.sandbox.consent({ email: 'bob@example.com' });
    const ctx = { ...world.ctx, env: { ...env, ...secret } };
    await consenting(ctx, { 'Gmail account': 'Authorize another account now' });
    const document = await world.ctx.store.instanceFiles.read(1);
    expect(await world.ctx.store.accountFiles.read(document?.account ?? '')).toMatchObject({
      email: 'bob@example.com',
    });
  });

  it('leads through the consent again for an account whose grant is lost, with the client that it had', async () => {
    const account = await world.account();
    await world.create();
    world.sandbox.revoke();
    world.sandbox.expireAccessTokens();
    const [{ summary }] = (await runPolls(world.ctx, [1], { scheduled: false, deliver: false })) as [PollResult];
    expect(summary.error).toMatchObject({ code: 'auth' });
    const asked = await consenting(
      { ...world.ctx, env: { ...world.ctx.env, PATH: '' } },
      { 'Gmail account': `${EMAIL} (to be authorized again)` },
    );
    expect(asked.slice(0, 2)).toEqual(['Gmail account', 'Where is your browser?']);
    expect(await world.ctx.store.instanceFiles.read(2)).toMatchObject({ account: account.key });
    expect(await accountHealth(world.ctx, account.key)).toMatchObject({ state: 'ok' });
  });

  /** The questions, with a browser on this machine that shows the page to someone who agrees. */
  async function consenting(ctx: Context, answers: Record<string, unknown>): Promise<string[]> {
    const out = terminal({ tty: true });
    const someone = person({ ...ANSWERS, 'Where is your browser?': 'On this machine', ...answers });
    const running = run({}, ctx, out.ui, someone.prompts);
    await until('the page', () => /https?:\/\/\S+/.test(out.stderr));
    await (await fetch(out.stderr.match(/https?:\/\/\S+/)?.[0] ?? '')).text();
    expect(await running).toBe('ok');
    return someone.asked;
  }
});
