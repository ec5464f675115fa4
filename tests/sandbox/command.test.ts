import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run, type SandboxCommandOptions } from '../../src/commands/sandbox.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { createUi } from '../../src/ui/output.js';
import { READONLY } from './caller.js';

interface Started {
  url: string;
  env: Record<string, string>;
  clientSecretFile: string;
  email: string;
}

describe('sandbox', () => {
  let folder: string;
  let ending: AbortController;
  let running: Promise<string> | undefined;
  let out: string;
  let err: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
    ending = new AbortController();
    running = undefined;
    out = '';
    err = '';
  });
  afterEach(async () => {
    ending.abort();
    await running?.catch(() => {});
    await rm(folder, { recursive: true, force: true });
  });

  const written = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  };
  const start = (options: SandboxCommandOptions = {}, flags: { json?: boolean; quiet?: boolean } = {}) => {
    const ui = createUi(flags, { stdin: {}, ...written });
    return run({ every: 0, signal: ending.signal, ...options }, ui);
  };
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await holds())) await new Promise((wake) => setTimeout(wake, 10));
  };
  const startJson = async (options: SandboxCommandOptions = {}): Promise<Started> => {
    running = start(options, { json: true });
    await Promise.race([running, until(() => out.endsWith('\n'))]);
    return JSON.parse(out) as Started;
  };

  it('prints one object with --json, and ends when it is told to', async () => {
    const { url, env, clientSecretFile, email } = await startJson({ messages: 4 });
    expect(env).toEqual({
      GMAIL_EVENTS_GMAIL_URL: url,
      GMAIL_EVENTS_AUTH_URL: `${url}/o/oauth2/v2/auth`,
      GMAIL_EVENTS_TOKEN_URL: `${url}/token`,
      GMAIL_EVENTS_REVOKE_URL: `${url}/revoke`,
      GMAIL_EVENTS_CLIENT_ID: expect.stringMatching(/^\d+-/),
    });
    const state = (await (await fetch(`${url}/sandbox/state`)).json()) as { mailboxes: unknown[] };
    expect(state.mailboxes).toMatchObject([{ email, messages: 4 }]);
    const file = JSON.parse(await readFile(clientSecretFile, 'utf8')) as { installed: { client_secret: string } };
    expect((await stat(clientSecretFile)).mode & 0o777).toBe(0o600);
    expect(out + err).not.toContain(file.installed.client_secret);
    ending.abort();
    expect(await running).toBe('ok');
    await expect(fetch(url)).rejects.toThrow();
    await expect(stat(clientSecretFile)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('prints lines for the shell, and writes them to a file', async () => {
    const envFile = join(folder, 'env');
    running = start({ envFile });
    await until(() => err.includes('Ctrl-C'));
    const lines = out.split('\n').filter((line) => line.startsWith('export '));
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^export GMAIL_EVENTS_GMAIL_URL=http:\/\/127\.0\.0\.1:\d+$/);
    // Whatever is no export is a comment: the whole output can be read by a shell.
    expect(out.split('\n').every((line) => line === '' || /^(export |#)/.test(line))).toBe(true);
    expect(await readFile(envFile, 'utf8')).toBe(`${lines.join('\n')}\n`);
    expect(out).toContain('gmail-events auth --client-secret-file ');
  });

  it('lets mail arrive', async () => {
    const { url } = await startJson({ every: 0.02, messages: 0 });
    await until(async () => {
      const state = (await (await fetch(`${url}/sandbox/state`)).json()) as { mailboxes: { messages: number }[] };
      return (state.mailboxes[0]?.messages ?? 0) >= 2;
    });
    expect(err).toMatch(/New mail: [\da-f]{16}\n/);
  });

  it('switches faults on', async () => {
    const { url } = await startJson({ fault: ['backendError503:token', 'rateLimit403'] });
    const state = await (await fetch(`${url}/sandbox/state`)).json();
    expect(state).toMatchObject({
      faults: [
        { kind: 'backendError503', method: 'token' },
        { kind: 'rateLimit403', method: '*' },
      ],
    });
    expect((await fetch(`${url}/token`, { method: 'POST' })).status).toBe(503);
  });

  it('grants at once and forgets history when told to', async () => {
    const { url, env, clientSecretFile } = await startJson({ autoConsent: true, historyExpiry: 0, messages: 1 });
    const { installed } = JSON.parse(await readFile(clientSecretFile, 'utf8')) as {
      installed: { client_secret: string };
    };
    const [clientId, redirectUri] = [env['GMAIL_EVENTS_CLIENT_ID'] ?? '', 'http://127.0.0.1:1/'];
    const query = { client_id: clientId, redirect_uri: redirectUri, scope: READONLY, response_type: 'code' };
    const address = `${env['GMAIL_EVENTS_AUTH_URL']}?${new URLSearchParams(query)}`;
    const consent = await fetch(address, { redirect: 'manual' });
    const code = new URL(consent.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const client = { client_id: clientId, client_secret: installed.client_secret };
    const form = { ...client, grant_type: 'authorization_code', code, redirect_uri: redirectUri };
    const token = await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(form) });
    const { access_token } = (await token.json()) as { access_token: string };
    const get = (path: string): Promise<Response> =>
      fetch(`${url}/gmail/v1/users/me/${path}`, { headers: { authorization: `Bearer ${access_token}` } });
    const { historyId } = (await (await get('profile')).json()) as { historyId: string };
    expect((await get(`history?startHistoryId=${historyId}`)).status).toBe(200);
    await fetch(`${url}/sandbox/receive`, { method: 'POST' });
    await until(async () => (await get(`history?startHistoryId=${historyId}`)).status === 404);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends by %s when nobody else ends it', async (signal) => {
    running = run({ every: 0 }, createUi({ json: true }, { stdin: {}, ...written }));
    await until(() => out.endsWith('\n'));
    process.emit(signal);
    expect(await running).toBe('ok');
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual([0, 0]);
  });

  it.each<[SandboxCommandOptions, string]>([
    [{ port: Number.NaN }, '--port must be a whole number from 0 to 65535'],
    [{ port: 70_000, messages: -1 }, '--port must be a whole number from 0 to 65535; --messages must be'],
    [{ every: -1 }, '--every must be seconds, from 0 to 2000000'],
    [{ historyExpiry: Number.NaN }, '--history-expiry must be seconds, 0 or more'],
    [{ fault: ['explode'] }, '--fault explode: unknown fault kind "explode"'],
    [{ fault: ['hang:messages.eat'] }, '--fault hang:messages.eat: unknown method "messages.eat"'],
  ])('refuses %j', async (options, message) => {
    await expect(start(options)).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(message) });
    expect(out).toBe('');
  });

  it('says when the port is taken or the file cannot be written', async () => {
    const other = await startSandbox();
    try {
      await expect(start({ port: other.port })).rejects.toMatchObject({
        code: 'failed',
        message: `the sandbox cannot start: port ${other.port} on 127.0.0.1 is in use`,
      });
    } finally {
      await other.close();
    }
    await writeFile(join(folder, 'file'), '');
    await expect(start({ envFile: join(folder, 'file', 'env') })).rejects.toMatchObject({ code: 'failed' });
  });
});
