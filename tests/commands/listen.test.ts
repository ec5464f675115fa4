import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ListenOptions, run } from '../../src/commands/listen.js';
import { callbackRequest } from '../../src/core/delivery/index.js';
import type { SampleType } from '../../src/core/delivery/sample.js';
import { readSettings } from '../../src/core/instances/index.js';
import type { InstanceDocument, InstanceSettings } from '../../src/core/types.js';
import { AT, instanceWith, sample } from '../core/receiving/samples.js';
import { temporaryFolder, until } from '../support/cli.js';
import { terminal } from './terminal.js';

const KEY = 'S3CRET-key';
const SECRET = `whsec_${Buffer.from('S3CRET, twenty-four bytes').toString('base64')}`;

let folder: ReturnType<typeof temporaryFolder>;
let end: AbortController;
let running: Promise<unknown>[];

beforeEach(() => {
  folder = temporaryFolder();
  end = new AbortController();
  running = [];
});

afterEach(async () => {
  end.abort();
  await Promise.allSettled(running);
  folder.remove();
});

async function listen(options: ListenOptions = {}, flags: { json?: boolean; quiet?: boolean } = {}) {
  const out = terminal(flags);
  const done = run({ port: 0, now: () => AT, signal: end.signal, ...options }, out.ui);
  running.push(done);
  await until('it to listen', () => out.stderr.includes('Listening at'));
  const url = /Listening at (\S+);/.exec(out.stderr)?.[1] ?? '';
  return { out, done, url };
}

interface Sending {
  type?: SampleType;
  instance?: InstanceDocument;
  settings?: Partial<InstanceSettings>;
}

async function send(url: string, { type = 'CREATED', instance = instanceWith({}), settings = {} }: Sending = {}) {
  const request = callbackRequest(
    { ...readSettings(instance), callbackUrl: url, ...settings },
    sample(type, instance),
    AT,
  );
  const answer = await fetch(request.url, {
    method: 'POST',
    headers: request.headers,
    body: Buffer.from(request.body),
  });
  return answer.status;
}

function file(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

const signed = { signatureKey: KEY, signingSecrets: [SECRET] };

describe('listen', () => {
  it('prints each notification as a person reads it, and says first where to send them', async () => {
    const { out, url, done } = await listen({
      signatureKeyFile: file('key', `${KEY}\n`),
      signingSecretFile: file('the secret', `${SECRET}\n`),
    });
    const lines = out.stderr.split('\n');
    expect(lines[0]).toBe(`Listening at ${url}; Ctrl-C ends it.`);
    expect(lines[1]).toContain(`create-instance --account me@gmail.com --name listen --callback-url ${url} --config`);
    expect(lines[1]).toContain(`event.notification.signature.key=@${folder.path}/key`);
    expect(lines[2]).toContain(`trigger --url ${url} --signature-key-file ${folder.path}/key`);
    expect(lines[2]).toContain(`--signing-secret-file '${folder.path}/the secret'`);
    expect(await send(url, { settings: signed })).toBe(200);
    expect(await send(url, { type: 'UPDATED', settings: { signatureKey: KEY } })).toBe(401);
    expect(await send(url, { type: 'GAP', settings: signed })).toBe(200);
    end.abort();
    expect(await done).toBe('ok');
    const [time, id] = ['2026-11-24T03:00:00Z', 'test-abc'];
    expect(out.stdout.trimEnd().split('\n')).toEqual([
      `${time}  ${id}  attempt 1  signature Elements valid, Standard Webhooks valid  answered 200`,
      `  CREATED   changed-messages  0000000000000001  ${time}  "A test of gmail-events"  messageAdded  (test-abc-event)`,
      `${time}  ${id}  attempt 2  signature Elements valid, Standard Webhooks missing  answered 401`,
      '  there is no webhook-signature',
      `  UPDATED   changed-messages  0000000000000001  ${time}  +STARRED -UNREAD  (test-abc-event)`,
      `${time}  ${id}  attempt 3  signature Elements valid, Standard Webhooks valid  answered 200`,
      `  GAP       mailbox  ann@example.com  ${time}  resource=changed-messages  from=1001  to=2002  recovered=0  (test-abc-event)`,
    ]);
    expect(out.stdout + out.stderr).not.toMatch(/S3CRET|UzNDUkVU/);
  });

  it('prints JSON, one object a notification, without what may be a secret', async () => {
    const { out, url, done } = await listen({ max: 3, env: { GMAIL_EVENTS_SIGNATURE_KEY: KEY } }, { json: true });
    const headers = { Authorization: 'Basic S3CRET', 'X-Key': 'S3CRET' };
    await send(url, { settings: { signatureKey: KEY, headers } });
    await send(url, { settings: { signatureKey: 'another', headers } });
    await send(url, { instance: instanceWith({ 'event.notification.format': 'cloudevents' }) });
    expect(await done).toBe('ok');
    const body = JSON.parse(new TextDecoder().decode(sample().body));
    expect(out.json()).toEqual([
      {
        type: 'notification',
        id: 'test-abc',
        attempt: 1,
        headers: expect.objectContaining({
          'elements-webhook-id': 'test-abc',
          'elements-webhook-signature': expect.stringContaining('sha256='),
          authorization: '********',
          'x-key': '********',
        }),
        verified: true,
        signatures: {
          elements: { result: 'valid', reason: null },
          standard: { result: 'unchecked', reason: null },
        },
        answered: 200,
        body,
      },
      expect.objectContaining({ attempt: 2, verified: false, answered: 401, body }),
      expect.objectContaining({ attempt: 3, verified: false, body: [expect.objectContaining({ specversion: '1.0' })] }),
    ]);
    expect(out.stdout + out.stderr).not.toContain('S3CRET');
  });

  it('says that nothing is checked when there is nothing to check by', async () => {
    const { out, url, done } = await listen({ max: 1 });
    expect(out.stderr).toContain('Signatures are not checked');
    expect(await send(url, { settings: signed })).toBe(200);
    await done;
    expect(out.stdout).toContain('signature not checked');
    const { out: json, url: other, done: ended } = await listen({ max: 1 }, { json: true });
    await send(other, { settings: signed });
    await ended;
    expect(json.json()).toMatchObject([{ verified: null }]);
  });

  it.each<[string, ListenOptions, (number | string)[]]>([
    ['a status', { status: 503 }, [503, 503, 503]],
    ['the first failing', { failFirst: 2 }, [500, 500, 200]],
    ['the first failing by a status', { failFirst: 1, status: 429 }, [429, 200, 200]],
  ])('answers with %s', async (_what, options, expected) => {
    const { out, url, done } = await listen({ ...options, max: 3 });
    const statuses: number[] = [];
    for (const _ of expected) statuses.push(await send(url));
    expect(statuses).toEqual(expected);
    expect(await done).toBe('ok');
    expect(out.stdout).toContain('attempt 3');
  });

  it('tells of a notification it does not answer, and ends all the same', async () => {
    const { out, url, done } = await listen({ hang: true });
    const asking = send(url);
    asking.catch(() => {});
    await until('it to be told', () => out.stdout.includes('not answered'));
    end.abort();
    expect(await done).toBe('ok');
    await expect(asking).rejects.toThrow();
  });

  it('says when it will answer', async () => {
    const { out, url, done } = await listen({ delay: 20, max: 1 });
    const began = performance.now();
    await send(url);
    expect(performance.now() - began).toBeGreaterThanOrEqual(19);
    await done;
    expect(out.stdout).toContain('answered 200 after 20 ms');
  });

  it('keeps the text of others on its line', async () => {
    const { out, url, done } = await listen({ max: 1 });
    const events = [{ eventType: 'CREATED', objectType: 'a\x1b[2J\nb', objectId: '\u202e1' }];
    const raw = {
      'a\x1b[2J\nb': [{ payload: { headers: [null, { name: 'subject', value: 'x\r\n\x07y' }] }, changes: [null, 5] }],
    };
    await fetch(url, {
      method: 'POST',
      headers: { 'Elements-Webhook-Id': 'n1' },
      body: JSON.stringify({ message: { events, raw } }),
    });
    await done;
    expect(out.stdout.split('\n')[1]).toBe('  CREATED   a [2J b  1  "x\\r\\n\\u0007y"  ? ?');
  });

  it('tells of what is no notification on stderr only', async () => {
    const { out, url } = await listen({}, { json: true });
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(url, { method: 'POST', body: 'S3CRET' })).status).toBe(400);
    expect(out.stdout).toBe('');
    expect(out.stderr).toContain('GET is no notification: those are POSTed; answered 405');
    expect(out.stderr).toContain('a body is no notification: it is not JSON: line 1, column 1');
    expect(out.stderr).not.toContain('S3CRET');
  });
});

describe('wrong input', () => {
  const refusal = (options: ListenOptions) => run({ port: 0, ...options }, terminal().ui);

  it('a port that is in use is failed, in one sentence', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    try {
      await expect(refusal({ port })).rejects.toMatchObject({
        code: 'failed',
        message: `the receiver cannot listen: port ${port} on 127.0.0.1 is in use`,
      });
    } finally {
      await new Promise((closed) => server.close(closed));
    }
  });

  it.each<[ListenOptions, string]>([
    [{ port: 65_536 }, '--port must be a whole number from 0 to 65535'],
    [{ port: Number.NaN }, '--port'],
    [{ status: 199 }, '--status must be a whole number from 200 to 599'],
    [{ status: 600 }, '--status'],
    [{ delay: -1 }, '--delay'],
    [{ delay: 2 ** 31 }, '--delay'],
    [{ failFirst: 0 }, '--fail-first'],
    [{ max: 1.5 }, '--max'],
    [{ hang: true, status: 500 }, '--hang gives no answer'],
    [{ port: -1, max: 0 }, '--port must be a whole number from 0 to 65535; --max must be'],
    [{ signatureKeyFile: '/does/not/exist' }, '--signature-key-file: /does/not/exist cannot be read'],
    [{ env: { GMAIL_EVENTS_SIGNING_SECRET: 'S3CRET' } }, 'GMAIL_EVENTS_SIGNING_SECRET: is a text of 6 characters'],
  ])('%j is refused', async (options, sentence) => {
    await expect(refusal(options)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(sentence),
      faults: expect.arrayContaining([expect.objectContaining({ path: expect.stringMatching(/^--|^GMAIL/) })]),
    });
    await expect(refusal(options)).rejects.not.toMatchObject({ message: expect.stringContaining('S3CRET') });
  });
});
