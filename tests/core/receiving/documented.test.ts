import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { callbackRequest } from '../../../src/core/delivery/index.js';
import { readSettings } from '../../../src/core/instances/index.js';
import type { InstanceSettings } from '../../../src/core/types.js';
import { ROOT, temporaryFolder, until } from '../../support/cli.js';
import { instanceWith, sample } from './samples.js';

const KEY = 'MySecretEventSignatureKey';
const [NEW, OLD] = [1, 2].map((byte) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`) as [string, string];
const plain = readSettings(instanceWith({}));
const doc = readFileSync(join(ROOT, 'docs/receivers.md'), 'utf8');

/** The blocks of one language, as they stand in docs/receivers.md. */
function blocks(language: string): string[] {
  return [...doc.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => match[1] ?? '');
}

let folder: ReturnType<typeof temporaryFolder>;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  if (child !== undefined && child.exitCode === null) {
    const ended = new Promise((end) => child?.once('close', end));
    child.kill('SIGKILL');
    await ended;
  }
  child = undefined;
  folder.remove();
});

/** Runs the documented receiver on a free port; `printed` is its stdout so far. */
async function start(language: string, file: string, program: (path: string) => string[], env: Record<string, string>) {
  const [code = ''] = blocks(language);
  expect(code).not.toBe('');
  const path = join(folder.path, file);
  writeFileSync(path, code);
  let out = '';
  let err = '';
  const { PATH = '', HOME = '' } = process.env;
  const [command = '', ...args] = program(path);
  child = spawn(command, args, { env: { PATH, HOME, PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  await until('the receiver to listen', () => {
    if (child?.exitCode !== null) throw new Error(`the receiver ended: ${err}`);
    return /listening on \d+\n/.test(out);
  });
  const port = /listening on (\d+)/.exec(out)?.[1];
  return { url: `http://127.0.0.1:${port}/`, printed: () => out.replace(/^listening.*\n/, '') };
}

/** The file and what runs it; Node and Python are on every machine that has these tests. */
const LANGUAGES: [name: string, language: string, file: string, program: (path: string) => string[]][] = [
  ['Node', 'js', 'receiver.mjs', (path) => [process.execPath, path]],
  ['Python', 'python', 'receiver.py', (path) => ['python3', path]],
];
// Built, not `go run`, whose child would outlive it.
if (spawnSync('go', ['version']).status === 0) {
  LANGUAGES.push([
    'Go',
    'go',
    'receiver.go',
    (path) => {
      execFileSync('go', ['build', '-o', `${path}.run`, path], { cwd: folder.path });
      return [`${path}.run`];
    },
  ]);
}

describe.each(LANGUAGES)('the documented receiver in %s', (_name, language, file, program) => {
  it.each([
    ['the Elements key', { SIGNATURE_KEY: KEY }, { signatureKey: KEY }, { signatureKey: 'another' }],
    ['a secret', { SIGNING_SECRET: NEW }, { signingSecrets: [NEW] }, { signingSecrets: [OLD] }],
    ['two secrets', { SIGNING_SECRET: `${NEW} ${OLD}` }, { signingSecrets: [OLD] }, { signingSecrets: [] }],
    [
      'both kinds',
      { SIGNATURE_KEY: KEY, SIGNING_SECRET: NEW },
      { signatureKey: KEY, signingSecrets: [NEW, OLD] },
      { signatureKey: KEY },
    ],
  ])(
    'verifies by %s, and tells an event once',
    async (_what, env, right, wrong) => {
      const receiver = await start(language, file, program, env);
      const post = async (secrets: Partial<InstanceSettings>, at: number, change = (body: string) => body) => {
        const settings = { ...plain, ...secrets, callbackUrl: receiver.url };
        const { url, headers, body } = callbackRequest(settings, sample(), at);
        return (await fetch(url, { method: 'POST', headers, body: change(Buffer.from(body).toString()) })).status;
      };
      const now = Date.now();
      expect(await post(wrong, now)).toBe(401);
      expect(await post({}, now)).toBe(401);
      expect(await post(right, now, (body) => body.replace('CREATED', 'DELETED'))).toBe(401);
      if ('signingSecrets' in right) expect(await post(right, now - 301_000)).toBe(401);
      expect(receiver.printed()).toBe('');
      expect(await post(right, now)).toBe(200);
      expect(await post(right, now)).toBe(200);
      expect(receiver.printed()).toBe('CREATED changed-messages 0000000000000001\n');
    },
    60_000,
  );

  it('does not start without anything to verify by', async () => {
    await expect(start(language, file, program, {})).rejects.toThrow('is needed');
  }, 60_000);
});

describe('the documented shell lines', () => {
  it('print what the headers are', () => {
    const settings = { ...plain, signatureKey: KEY, signingSecrets: [NEW] };
    const { headers, body } = callbackRequest({ ...settings, callbackUrl: 'http://127.0.0.1/' }, sample(), Date.now());
    writeFileSync(join(folder.path, 'body.json'), body);
    writeFileSync(join(folder.path, 'key.txt'), `${KEY}\n`);
    writeFileSync(join(folder.path, 'secret.txt'), `${NEW}\n`);
    const env = {
      PATH: process.env['PATH'],
      WEBHOOK_ID: headers['webhook-id'],
      WEBHOOK_TIMESTAMP: headers['webhook-timestamp'],
    };
    const printed = blocks('bash').map((line) =>
      execFileSync('sh', ['-eu', '-c', line], { cwd: folder.path, env, encoding: 'utf8' }),
    );
    expect(printed).toEqual([`${headers['Elements-Webhook-Signature']}\n`, `${headers['webhook-signature']}\n`]);
  });
});
