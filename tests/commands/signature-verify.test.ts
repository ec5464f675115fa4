import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { run, type SignatureVerifyOptions } from '../../src/commands/signature-verify.js';
import { elementsSignature } from '../../src/core/delivery/index.js';
import { AT } from '../core/receiving/samples.js';
import { temporaryFolder } from '../support/cli.js';
import { stdin, terminal } from './terminal.js';

const KEY = 'MySecretEventSignatureKey';
const BODY = '<INSERT_EVENT_NOTIFICATION_RESPONSE_BODY>';
const VECTOR = 'Elements-Webhook-Signature: sha256=jHdbRx5EZAsOfTwAPJOGkNUzQMVVdu5VJlxcsk+G6jQ=';
const SECRET = `whsec_${Buffer.from('S3CRET, twenty-four bytes').toString('base64')}`;

let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(() => folder.remove());

async function verify(options: SignatureVerifyOptions, flags: { json?: boolean } = {}) {
  const out = terminal(flags);
  const result = await run({ now: () => AT, ...options }, out.ui).then(
    (outcome) => ({ code: outcome as string, message: '', hint: null as string | null }),
    (error: { code: string; message: string; hint: string | null }) => error,
  );
  const { code, message, hint } = result;
  expect(`${out.stdout}${out.stderr}${message}${hint}`).not.toMatch(/MySecret|S3CRET|UzNDUkVU/);
  return { code, message, hint, out };
}

function file(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

/** Headers by the independent library, as lines. */
function standard(at = AT): string {
  const signature = new Webhook(SECRET).sign('n1', new Date(at), BODY);
  return `webhook-id: n1\nwebhook-timestamp: ${at / 1000}\nwebhook-signature: ${signature}\n`;
}

describe('signature verify', () => {
  it('holds for the vector of the old documentation', async () => {
    const options = { body: file('body', BODY), keyFile: file('key', `${KEY}\n`), header: [VECTOR] };
    const { code, out } = await verify(options);
    expect([code, out.stdout]).toEqual(['ok', 'Elements           valid\nStandard Webhooks  unchecked\n']);
    const json = await verify(options, { json: true });
    expect(json.out.json()).toEqual([
      {
        verified: true,
        elements: { result: 'valid', reason: null },
        standard: { result: 'unchecked', reason: null },
      },
    ]);
  });

  it('reads the body of stdin byte by byte, and secrets of the environment', async () => {
    const bytes = Uint8Array.of(0xff, 0x00, 0x0a, 0xc3);
    const header = [`elements-webhook-signature: ${elementsSignature(KEY, bytes)}`];
    const env = { GMAIL_EVENTS_SIGNATURE_KEY: KEY };
    expect((await verify({ body: '-', stdin: stdin(bytes), header, env })).code).toBe('ok');
  });

  it('holds for what the library of Standard Webhooks signs', async () => {
    const options = {
      body: file('body', BODY),
      secretFile: file('secret', SECRET),
      headersFile: file('h', standard()),
    };
    expect((await verify(options)).code).toBe('ok');
    expect((await verify({ ...options, keyFile: file('key', KEY), header: [VECTOR] })).code).toBe('ok');
    const json = JSON.stringify(
      Object.fromEntries(
        standard()
          .trim()
          .split('\n')
          .map((line) => line.split(/: /)),
      ),
    );
    expect((await verify({ ...options, headersFile: '-', stdin: stdin(json) })).code).toBe('ok');
  });

  it('takes an old one only with a tolerance', async () => {
    const options = {
      body: file('body', BODY),
      secretFile: file('secret', SECRET),
      headersFile: file('h', standard(AT - 3600_000)),
    };
    const old = await verify(options, { json: true });
    expect([old.code, old.message]).toEqual(['failed', expect.stringContaining('webhook-timestamp is 3600 s old')]);
    expect(old.hint).toContain('--tolerance');
    expect(old.out.json()).toMatchObject([{ verified: false, standard: { result: 'invalid' } }]);
    expect((await verify({ ...options, tolerance: 3600 })).code).toBe('ok');
  });

  it('says which does not hold', async () => {
    const options = { body: file('body', `${BODY} `), keyFile: file('key', KEY), header: [VECTOR] };
    const wrong = await verify(options);
    expect([wrong.code, wrong.out.stdout]).toEqual([
      'failed',
      'Elements           invalid: Elements-Webhook-Signature is not that of this body under this key\nStandard Webhooks  unchecked\n',
    ]);
    expect(wrong.hint).toContain('bytes as they came');
    const missing = await verify({ ...options, body: file('body', BODY), secretFile: file('secret', SECRET) });
    expect([missing.code, missing.message]).toEqual([
      'failed',
      'the signature does not hold: there is no webhook-signature',
    ]);
  });

  it.each(['\n', '\r\n'])('tells of %j that was added at the end of the body', async (end) => {
    const options = { body: file('body', `${BODY}${end}`), keyFile: file('key', KEY), header: [VECTOR] };
    const { code, hint } = await verify(options);
    expect([code, hint]).toEqual(['failed', expect.stringContaining('without the newline at the end')]);
  });
});

describe('wrong input', () => {
  const good = () => ({ body: file('body', BODY), keyFile: file('key', KEY), header: [VECTOR] });

  it.each<[string, () => SignatureVerifyOptions, string]>([
    ['no body', () => ({ keyFile: file('key', KEY), header: [VECTOR] }), '--body is missing'],
    ['a body that is not there', () => ({ ...good(), body: '/does/not/exist' }), '--body: /does/not/exist cannot be'],
    [
      'nothing to check by',
      () => ({ body: file('b', BODY), header: [VECTOR] }),
      'nothing to check a signature against',
    ],
    ['no signature', () => ({ ...good(), header: ['webhook-id: 1'] }), 'no signature among the headers'],
    ['no header at all', () => ({ body: file('b', BODY), keyFile: file('k', KEY) }), 'no signature among the headers'],
    ['a header without a colon', () => ({ ...good(), header: ['sha256=S3CRET'] }), '--header has no "Name: value"'],
    ['headers that are no text', () => ({ ...good(), headersFile: file('h', '{"a":[]}') }), '--headers-file has "a"'],
    ['two times stdin', () => ({ ...good(), body: '-', headersFile: '-' }), '--headers-file and --body cannot both'],
    ['a tolerance that is none', () => ({ ...good(), tolerance: Number.NaN }), '--tolerance must be'],
    ['a negative tolerance', () => ({ ...good(), tolerance: -1 }), '--tolerance must be'],
    ['a secret that is none', () => ({ ...good(), secretFile: file('s', 'S3CRET') }), '--secret-file: is a text of 6'],
    ['an empty key', () => ({ ...good(), keyFile: file('e', '\n') }), 'is empty'],
  ])('%s', async (_what, options, sentence) => {
    const { code, message, out } = await verify(options());
    expect([code, message]).toEqual(['usage', expect.stringContaining(sentence)]);
    expect(out.stdout).toBe('');
  });
});
