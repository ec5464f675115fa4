import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { get as getTls } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withDatabase } from '../crash/remains.js';
import { type RunningCli, temporaryFolder, until } from '../support/cli.js';
import { startWorld, type World } from '../support/setup.js';

let world: World;
const running: RunningCli[] = [];
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  for (const { child } of running.splice(0)) child.kill('SIGKILL');
  await world.close();
});

/** A server of its own process, and the address that it has told. */
async function serve(...args: string[]): Promise<RunningCli & { url: string }> {
  const cli = world.start(['serve', '--port', '0', '--json', ...args]);
  running.push(cli);
  await until('the server to listen', () => cli.stdout().includes('\n') || cli.child.exitCode !== null);
  const [line = ''] = cli.stdout().split('\n');
  const { type, url } = JSON.parse(line) as { type: string; url: string };
  expect(type).toBe('listening');
  return { ...cli, url };
}

const status = async (url: string): Promise<number> => (await fetch(url)).status;

describe('serve keys create', () => {
  it('prints a pair that the API takes, and keeps only hashes of it', async () => {
    const made = await world.cli(['serve', 'keys', 'create', '--json']);
    expect(made.code).toBe(0);
    const key = JSON.parse(made.stdout) as { user: string; organization: string };
    expect(Object.keys(key)).toEqual(['user', 'organization']);
    const { url } = await serve();
    const authorization = `User ${key.user}, Organization ${key.organization}`;
    const answer = await fetch(`${url}/elements/api-v2/notifications/subscriptions`, { headers: { authorization } });
    expect([answer.status, await answer.json()]).toEqual([200, []]);
    for (const file of ['events.db', 'events.db-wal']) {
      const bytes = readFileSync(join(world.home, file));
      for (const secret of Object.values(key)) expect(bytes.includes(secret)).toBe(false);
    }
  });

  it('prints two labelled lines to a person, and makes none that --quiet would keep back', async () => {
    const made = await world.cli(['serve', 'keys', 'create']);
    expect(made.stdout).toMatch(/^User: {9}\S{44}\nOrganization: \S{44}\n$/);
    expect(made.stderr).toContain('only now');
    const quiet = await world.cli(['serve', 'keys', 'create', '--quiet']);
    expect([quiet.code, quiet.stdout]).toEqual([2, '']);
  });
});

describe('serve', () => {
  it('tells its address first, says how to make a key, and polls nothing by itself', async () => {
    await world.create();
    const cli = await serve();
    expect(cli.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await status(`${cli.url}/healthz`)).toBe(200);
    expect(await status(`${cli.url}/readyz`)).toBe(200);
    await until('the hint', () => cli.stderr().includes('gmail-events serve keys create'));
    cli.child.kill('SIGTERM');
    expect(await cli.result).toMatchObject({ code: 0, signal: null });
    expect(cli.stdout().trim().split('\n')).toHaveLength(1);
  });

  it.each([
    [['--host', '0.0.0.0'], /--tls-cert.*--behind-proxy/],
    [['--host', '192.0.2.1'], /--behind-proxy/],
    [['--host', 'example.com'], /--behind-proxy/],
    [['--port', 'many'], /from 0 to 65535/],
    [['--port', '70000'], /from 0 to 65535/],
    [['--tls-cert', 'cert.pem'], /--tls-key is missing/],
    [['--tls-cert', '/no/such/file', '--tls-key', '/no/such/file'], /cannot be read: ENOENT/],
    [['--tls-cert', thisFile(), '--tls-key', thisFile()], /no certificate and its key/],
  ])('refuses %j with exit code 2 and one sentence', async (args, why) => {
    const refused = await world.cli(['serve', ...args]);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(why);
  });

  it('listens on every address behind a proxy', async () => {
    const { url } = await serve('--host', '0.0.0.0', '--behind-proxy');
    expect(await status(`http://127.0.0.1:${new URL(url).port}/healthz`)).toBe(200);
  });

  it('exits with 1 when the port is taken, or the address is none of this machine', async () => {
    const other: Server = createServer().listen(0, '127.0.0.1');
    await until('the port to be taken', () => other.listening);
    const taken = await world.cli(['serve', '--port', String((other.address() as AddressInfo).port)]);
    expect([taken.code, taken.stderr]).toEqual([
      1,
      expect.stringMatching(/port \d+ on 127\.0\.0\.1 is in use[\s\S]*--port/),
    ]);
    other.close();
    const nowhere = await world.cli(['serve', '--port', '0', '--host', '192.0.2.1', '--behind-proxy']);
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('no address of this machine')]);
  });

  it('speaks TLS with the files it is given', async () => {
    const folder = temporaryFolder();
    const [cert, key] = [join(folder.path, 'cert.pem'), join(folder.path, 'key.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
    const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', ...made, ...subject], { stdio: 'ignore' });
    const { url } = await serve('--host', '0.0.0.0', '--tls-cert', cert, '--tls-key', key);
    expect(url).toMatch(/^https:\/\/0\.0\.0\.0:/);
    const answered = await new Promise<number | undefined>((resolve, reject) => {
      const at = { host: '127.0.0.1', port: new URL(url).port, path: '/healthz', ca: readFileSync(cert) };
      getTls(at, (response) => resolve(response.resume().statusCode)).once('error', reject);
    });
    expect(answered).toBe(200);
    folder.remove();
  });
});

describe('serve --watch', () => {
  it('polls and delivers as watch does, and tells it in its metrics', async () => {
    const { id } = await world.create({ configuration: { 'event.poller.refresh_interval': '1' } });
    const mail = world.sandbox.mailbox().receive();
    withDatabase(world.home, (all) => all('UPDATE instance SET next_poll_at = 1'));
    const cli = await serve('--watch');
    await world.receiver.waitFor((requests) => requests.length === 1);
    expect(JSON.stringify(world.receiver.requests[0]?.json())).toContain(mail);
    const metrics = async () => (await fetch(`${cli.url}/metrics`)).text();
    await until('the attempt to be counted', async () => (await metrics()).includes('{outcome="delivered"} 1'));
    const text = await metrics();
    for (const line of [
      'gmail_events_polls_total{status="ok"} 1',
      'gmail_events_changes_total 1',
      'gmail_events_delivery_attempt_seconds_count 1',
      'gmail_events_poll_seconds_count 1',
      'gmail_events_outbox_notifications{state="delivered"} 1',
      'gmail_events_outbox_notifications{state="pending"} 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(new RegExp(`^gmail_events_cursor_age_seconds\\{instance="${id}"\\} \\d`, 'm'));
    expect(await status(`${cli.url}/readyz`)).toBe(200);
    cli.child.kill('SIGINT');
    expect(await cli.result).toMatchObject({ code: 0, signal: null });
    const [, line = ''] = cli.stdout().split('\n');
    expect(JSON.parse(line)).toMatchObject({ type: 'notification', instanceId: id });
  });
});

describe('a signal', () => {
  /** A connection with a request whose body is still to come. */
  async function slowRequest(url: string): Promise<{ socket: Socket; answer: () => string }> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    const head = 'POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n';
    socket.write(`${head}content-length: 10\r\n\r\nuser=`);
    // Answered on another connection behind it: so the first one has come by then.
    await status(`${url}/healthz`);
    return { socket, answer: () => answer };
  }

  it('lets a request in flight end, and takes no new connection', async () => {
    const cli = await serve();
    const slow = await slowRequest(cli.url);
    cli.child.kill('SIGTERM');
    await until('the port to be closed', () =>
      fetch(`${cli.url}/healthz`).then(
        () => false,
        () => true,
      ),
    );
    expect(cli.child.exitCode).toBeNull();
    slow.socket.write('x&y=z');
    expect(await cli.result).toMatchObject({ code: 0, signal: null });
    expect(slow.answer()).toMatch(/^HTTP\/1\.1 \d{3} /);
  });

  it.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('that comes again (%s) ends it at once with %i', async (signal, code) => {
    const cli = await serve();
    const slow = await slowRequest(cli.url);
    cli.child.kill(signal);
    await until('it to say that it stops', () => cli.stderr().includes('Stopping'));
    cli.child.kill(signal);
    expect(await cli.result).toMatchObject({ code, signal: null });
    slow.socket.destroy();
  });
});

function thisFile(): string {
  return new URL(import.meta.url).pathname;
}
