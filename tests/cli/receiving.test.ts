import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RunningCli, until } from '../support/cli.js';
import { SECRET_MARK, startWorld, type World } from '../support/setup.js';

/** The tools of a receiver's author by the built binary, each in a process of its own. */
describe('trigger, listen and signature verify', () => {
  let world: World;
  let running: RunningCli[];
  beforeEach(async () => {
    world = await startWorld();
    running = [];
  });
  afterEach(async () => {
    for (const each of running) each.child.kill('SIGKILL');
    await Promise.all(running.map((each) => each.result));
    await world.close();
  });

  async function listen(...args: string[]): Promise<RunningCli & { url: string }> {
    const receiver = world.start(['listen', '--port', '0', ...args]);
    running.push(receiver);
    await until('listen to be ready', () => /Listening at \S+;/.test(receiver.stderr()));
    return { ...receiver, url: /Listening at (\S+);/.exec(receiver.stderr())?.[1] ?? '' };
  }

  function file(name: string, text: string): string {
    const path = join(world.home, '..', name);
    writeFileSync(path, text);
    return path;
  }

  it('trigger and listen meet, and what came can be verified afterwards', async () => {
    const key = file('key', `${SECRET_MARK}-key\n`);
    const secret = file('secret', `whsec_${Buffer.from(`${SECRET_MARK}, twenty-four bytes`).toString('base64')}\n`);
    const secrets = ['--signature-key-file', key, '--signing-secret-file', secret];
    const receiver = await listen('--max', '8', '--json', ...secrets);
    const sent = await world.cli(['trigger', '--url', receiver.url, '--event', 'all', '--json', ...secrets]);
    expect([sent.code, sent.stderr]).toEqual([0, '']);
    const came = await receiver.result;
    expect(came.code).toBe(0);
    const lines = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    const notifications = lines(came.stdout);
    expect(notifications.map(({ verified }) => verified)).toEqual(Array(8).fill(true));
    expect(notifications.map(({ id }) => id)).toEqual(lines(sent.stdout).map(({ id }) => id));

    const [{ headers, body }] = notifications;
    const verify = (text: string) =>
      world.cli(
        [
          'signature',
          'verify',
          '--body',
          '-',
          '--headers-file',
          file('headers', JSON.stringify(headers)),
          '--json',
        ].concat(['--key-file', key, '--secret-file', secret]),
        text,
      );
    const held = await verify(JSON.stringify(body));
    expect([held.code, held.stderr]).toEqual([0, '']);
    expect(JSON.parse(held.stdout)).toMatchObject({ verified: true });
    const wrong = await verify(JSON.stringify(body, null, 2));
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ verified: false });
    expect(JSON.parse(wrong.stderr)).toMatchObject({ error: { code: 'failed', exitCode: 1 } });
    const said = [sent, came, held, wrong].map(({ stdout, stderr }) => stdout + stderr).join('\n');
    expect(said).not.toContain(SECRET_MARK);
    expect(said).not.toContain(Buffer.from(SECRET_MARK).toString('base64').slice(0, 7));
  });

  it('a retry of a real notification is seen as the second attempt', async () => {
    const receiver = await listen('--fail-first', '1', '--max', '2');
    const configuration = { 'event.notification.callback.url': receiver.url };
    const { id } = await world.create({ configuration });
    world.sandbox.mailbox().receive({ subject: 'Lunch on Friday?' });
    expect((await world.cli(['poll'])).code).toBe(3);
    expect((await world.cli(['trigger', String(id), '--event', 'nothing'])).code).toBe(2);
    expect((await world.cli(['events', 'resend', '--state', 'pending'])).code).toBe(0);
    const { code, stdout } = await receiver.result;
    expect(code).toBe(0);
    const [first, created, second] = stdout.split('\n');
    expect(first).toMatch(/ {2}[0-9a-f]{32} {2}attempt 1 {2}signature not checked {2}answered 500$/);
    expect(created).toMatch(/^ {2}CREATED {3}changed-messages .* "Lunch on Friday\?" {2}messageAdded/);
    expect(second).toMatch(/ {2}attempt 2 {2}signature not checked {2}answered 200$/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends listen with 0, also while it hangs', async (signal) => {
    const receiver = await listen('--hang');
    const asking = fetch(receiver.url, { method: 'POST', body: '{"message":{"events":[]}}' });
    asking.catch(() => {});
    await until('it to be told', () => receiver.stdout().includes('not answered'));
    receiver.child.kill(signal);
    const { code, signal: by } = await receiver.result;
    expect([code, by]).toEqual([0, null]);
    await expect(asking).rejects.toThrow();
  });

  it('a busy port is exit 1, and neither listen nor signature verify makes a store', async () => {
    const receiver = await listen();
    const { port } = new URL(receiver.url);
    const busy = await world.cli(['listen', '--port', port, '--json']);
    expect([busy.code, busy.stdout]).toEqual([1, '']);
    expect(JSON.parse(busy.stderr).error.message).toContain(`port ${port} on 127.0.0.1 is in use`);
    const nothing = await world.cli(['signature', 'verify', '--body', '-', '--header', 'a: b']);
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('nothing to check')]);
    expect(existsSync(world.home)).toBe(false);
  });

  it('trigger is 3 when some were refused and 1 when all were', async () => {
    world.receiver.respond((_request, at) => ({ status: at === 0 ? 500 : 200 }));
    const some = await world.cli(['trigger', '--url', world.receiver.url, '--event', 'created', '--event', 'gap']);
    expect([some.code, some.stderr]).toEqual([3, expect.stringContaining('1 of 2 test notifications')]);
    world.receiver.respond({ status: 500 });
    const all = await world.cli(['trigger', '--url', world.receiver.url, '--json']);
    expect(all.code).toBe(1);
    expect(JSON.parse(all.stderr).error.message).toContain('the test notification was not accepted');
  });

  it.each([[['trigger']], [['listen']], [['signature', 'verify']]])('%j --help has examples', async (args) => {
    const help = await world.cli([...args, '--help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toMatch(/Examples:\n {2}\$ gmail-events/);
  });
});
