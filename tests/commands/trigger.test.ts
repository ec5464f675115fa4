import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run, type TriggerOptions } from '../../src/commands/trigger.js';
import { SAMPLE_TYPES } from '../../src/core/delivery/sample.js';
import { World } from '../core/delivery/world.js';
import { elementsSignatureHolds, type Receiver, standardSignatureHolds } from '../support/receiver.js';
import { terminal } from './terminal.js';

const KEY = 'S3CRET-key';
const SECRET = `whsec_${Buffer.from('S3CRET, twenty-four bytes').toString('base64')}`;

let world: World;
let receiver: Receiver;
let folder: string;

beforeEach(async () => {
  world = await World.open({ now: () => Date.now(), sleep: async () => {} });
  receiver = await world.receiver();
  folder = await mkdtemp(join(tmpdir(), 'gmail-events-trigger-'));
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs it and catches what it throws; nothing that it says may hold a secret. */
async function trigger(options: TriggerOptions, flags: { json?: boolean } = {}, env = {}) {
  const out = terminal(flags);
  const ctx = { ...world.ctx, env };
  const error = await run(options, ctx, out.ui).then(
    (outcome) => ({ code: outcome as string, message: '', hint: null as string | null }),
    (thrown: { code: string; message: string; hint: string | null }) => thrown,
  );
  expect(out.stdout + out.stderr + JSON.stringify(error) + error.message).not.toMatch(/S3CRET|UzNDUkVU/);
  return { ...error, message: error.message, out };
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const types = () =>
  receiver.requests.map((request) => {
    const body = request.json() as { message: { events: { eventType: string }[] } };
    return body.message.events[0]?.eventType;
  });

describe('trigger INSTANCE', () => {
  it('sends what a delivery would send, and stores nothing', async () => {
    const id = await world.instance(`${receiver.url}/hook?token=S3CRET`, {
      'event.notification.signature.key': KEY,
      'event.notification.signing.secret': SECRET,
      'event.notification.basic.username': 'ann',
      'event.notification.basic.password': 'S3CRET',
      'event.notification.callback.headers': '{"X-Key":"S3CRET"}',
      'event.poller.configuration': '{"changed-messages":{"url":"changed-messages","idField":"id"}}',
    });
    receiver.respond({ body: '{"taken":\n"S3CRET?token"}'.replace('S3CRET', 'yes') });
    const { code, out } = await trigger({ instance: String(id) });
    expect(code).toBe('ok');
    const [request] = receiver.requests;
    if (request === undefined) throw new Error('nothing came');
    expect(elementsSignatureHolds(request, KEY)).toBe(true);
    expect(standardSignatureHolds(request, SECRET)).toBe(true);
    expect(request.headers).toMatchObject({ 'x-key': 'S3CRET', authorization: expect.stringMatching(/^Basic /) });
    expect(request.id).toMatch(/^test-[0-9a-f]{32}$/);
    expect(request.json()).toMatchObject({
      id: request.id,
      message: { instance_id: id, instanceName: `instance ${id}`, events: [{ eventType: 'CREATED' }] },
    });
    expect(out.stderr).toBe(`Sending 1 test notification to ${receiver.url}/hook; nothing is stored.\n`);
    expect(out.stdout).toMatch(
      /^CREATED {8}changed-messages {2}HTTP 200 {2}\d+ ms {2}test-\w+ {2}\{"taken": "yes\?token"\}\n$/,
    );
    expect(await world.ctx.store.outbox.list({})).toEqual([]);
    expect(await world.ctx.store.outbox.endpoint(`${receiver.url}/hook`)).toBeNull();
  });

  it('sends every type, one after the other, and prints an object for each', async () => {
    const id = await world.instance(receiver.url, resources('changed-messages'));
    const { out, code } = await trigger({ instance: String(id), event: ['all'] }, { json: true });
    expect(code).toBe('ok');
    expect(types()).toEqual([...SAMPLE_TYPES]);
    expect(receiver.mostInFlight).toBe(1);
    expect(out.stderr).toBe('');
    expect(out.json()).toEqual(
      receiver.requests.map((request, at) => ({
        test: true,
        id: request.id,
        instanceId: id,
        resource: at < 3 ? 'changed-messages' : 'mailbox',
        eventType: SAMPLE_TYPES[at],
        ok: true,
        status: 200,
        durationMs: expect.any(Number),
        error: null,
        answer: '{}',
      })),
    );
    const gap = receiver.requests[3]?.json() as { message: { raw: { mailbox: object[] } } };
    expect(gap.message.raw.mailbox[0]).toMatchObject({ id: 'ann@example.com', resource: 'changed-messages' });
  });

  it('sends of the resource and in the format that are asked for', async () => {
    const id = await world.instance(receiver.url, resources('changed-messages', 'labels'));
    const asked = { instance: `instance ${id}`, resource: 'labels', event: ['deleted'], format: 'cloudevents' };
    expect((await trigger(asked)).code).toBe('ok');
    expect(receiver.requests[0]?.headers['content-type']).toBe('application/cloudevents-batch+json');
    expect(receiver.requests[0]?.json()).toMatchObject([{ type: 'gmail.label.deleted', data: { id: 'Label_1' } }]);
  });

  it('keeps to the address rule of the instance', async () => {
    const id = await world.instance(receiver.url, resources('labels'), { allowPrivate: false });
    const { code, message, hint } = await trigger({ instance: String(id) });
    expect([code, message]).toEqual(['failed', expect.stringContaining('loopback address')]);
    expect(hint).not.toBeNull();
    expect(receiver.requests).toEqual([]);
  });

  it('reaches an instance that is disabled or stopped, and leaves it so', async () => {
    const id = await world.instance(receiver.url, resources('labels'), { disabled: true });
    const { code, out } = await trigger({ instance: String(id) });
    expect([code, out.stderr]).toEqual(['ok', expect.stringContaining(`Instance ${id} is disabled`)]);
    expect((await world.ctx.store.instanceFiles.read(id))?.disabled).toBe(true);
    receiver.respond({ status: 410 });
    expect((await trigger({ instance: String(id) })).hint).toContain('stops the deliveries');
    expect(await world.stop(id)).toBeNull();
  });

  it('sends no mailbox events where the instance sends none', async () => {
    const id = await world.instance(receiver.url, {
      ...resources('labels'),
      'event.notification.system.enabled': 'false',
    });
    const { out, code } = await trigger({ instance: String(id), event: ['all'] });
    expect(code).toBe('ok');
    expect(types()).toEqual(['CREATED', 'UPDATED', 'DELETED']);
    expect(out.stderr).toContain('Not among them GAP, AUTH_FAILED');
    const only = await trigger({ instance: String(id), event: ['GAP'] });
    expect([only.code, only.message]).toEqual(['usage', expect.stringContaining('system.enabled')]);
  });

  it('needs a callback URL', async () => {
    const id = await world.instance(undefined, resources('labels'));
    const { code, hint } = await trigger({ instance: String(id) });
    expect([code, hint]).toEqual(['usage', expect.stringContaining(`instances update ${id} --callback-url`)]);
  });

  it('follows no redirect, and says how long an answer may take', async () => {
    const id = await world.instance(receiver.url, resources('labels'));
    receiver.respond({ redirect: `${receiver.url}/elsewhere` });
    expect((await trigger({ instance: String(id) })).message).toContain('HTTP 302: redirects are not followed');
    expect(receiver.requests).toHaveLength(1);
    await world.settings({ 'delivery.timeoutSeconds': 1 });
    receiver.respond({ hang: true });
    expect((await trigger({ instance: String(id) })).message).toContain('no complete answer within 1 s');
  });
});

describe('trigger --url', () => {
  it('signs with the secrets of files', async () => {
    const options = {
      url: `${receiver.url}/x`,
      signatureKeyFile: await file('key', `${KEY}\n`),
      signingSecretFile: await file('secret', `${SECRET}\n`),
      event: ['UPDATED'],
    };
    const { code, out } = await trigger(options, { json: true });
    expect(code).toBe('ok');
    const [request] = receiver.requests;
    if (request === undefined) throw new Error('nothing came');
    expect(elementsSignatureHolds(request, KEY)).toBe(true);
    expect(standardSignatureHolds(request, SECRET)).toBe(true);
    expect(request.json()).toMatchObject({ message: { instance_id: 0, instanceName: 'test' } });
    expect(out.json()).toMatchObject([{ instanceId: null, resource: 'changed-messages', eventType: 'UPDATED' }]);
  });

  it('signs with those of the environment, and with none', async () => {
    const env = { GMAIL_EVENTS_SIGNATURE_KEY: KEY, GMAIL_EVENTS_SIGNING_SECRET: SECRET };
    await trigger({ url: receiver.url }, {}, env);
    await trigger({ url: receiver.url });
    const [signed, plain] = receiver.requests;
    if (signed === undefined || plain === undefined) throw new Error('too little came');
    expect([elementsSignatureHolds(signed, KEY), standardSignatureHolds(signed, SECRET)]).toEqual([true, true]);
    expect(Object.keys(plain.headers).filter((name) => name.includes('signature'))).toEqual([]);
  });

  it('takes a resource as create-instance does', async () => {
    await trigger({ url: receiver.url, resource: 'new=changed-messages?format=ids' });
    expect(receiver.requests[0]?.json()).toMatchObject({ message: { raw: { objectType: 'new' } } });
  });

  it('is partial when some were accepted, failed when none was', async () => {
    receiver.respond((_request, at) => ({ status: at === 0 ? 200 : 500 }));
    const some = await trigger({ url: receiver.url, event: ['CREATED', 'UPDATED', 'DELETED'] }, { json: true });
    expect([some.code, some.message]).toEqual([
      'partial',
      `2 of 3 test notifications were not accepted by ${receiver.url}/: UPDATED: HTTP 500`,
    ]);
    expect(some.out.json().map((each) => (each as { ok: boolean }).ok)).toEqual([true, false, false]);
    const none = await trigger({ url: receiver.url, event: ['CREATED', 'UPDATED'] });
    expect(none.code).toBe('failed');
  });

  it('says what to look at when a receiver refuses or is not there', async () => {
    receiver.respond({ status: 401, body: 'no\x1b[31m' });
    const refused = await trigger({ url: receiver.url });
    expect([refused.code, refused.hint]).toEqual(['failed', expect.stringContaining('signature verify')]);
    expect(refused.out.stdout).not.toContain('\x1b');
    await receiver.close();
    const gone = await trigger({ url: receiver.url });
    expect([gone.message, gone.hint]).toEqual([
      `the test notification was not accepted by ${receiver.url}/: the connection was refused`,
      expect.stringContaining('gmail-events listen'),
    ]);
  });
});

describe('wrong input', () => {
  it.each<[string, () => Promise<TriggerOptions> | TriggerOptions, string]>([
    ['neither instance nor url', () => ({}), 'needs an instance'],
    ['both', () => ({ instance: '1', url: 'http://127.0.0.1/' }), '--url goes with no instance'],
    ['an unknown instance', () => ({ instance: '99' }), 'no instance 99'],
    ['an unknown event', () => ({ url: 'http://127.0.0.1/', event: ['MOVED'] }), '--event must be one of CREATED,'],
    ['an unknown format', () => ({ url: 'http://127.0.0.1/', format: 'xml' }), '--format must be'],
    ['no URL', () => ({ url: 'S3CRET' }), '--url is a text of 6 characters that is no URL'],
    ['a URL with a password', () => ({ url: 'http://a:S3CRET@b/' }), '--url holds a user name or password'],
    ['a metadata address', () => ({ url: 'http://169.254.169.254/' }), '--url is refused: 169.254.169.254'],
    ['an unknown resource', () => ({ url: 'http://127.0.0.1/', resource: 'contacts' }), '--resource'],
    [
      'a key that cannot be read',
      () => ({ url: 'http://127.0.0.1/', signatureKeyFile: join(folder, 'none') }),
      '--signature-key-file: ',
    ],
    [
      'a key that is empty',
      async () => ({ url: 'http://127.0.0.1/', signatureKeyFile: await file('empty', ' \n') }),
      'is empty',
    ],
    [
      'a secret that is none',
      async () => ({ url: 'http://127.0.0.1/', signingSecretFile: await file('bad', 'S3CRET') }),
      '--signing-secret-file: is a text of 6 characters; accepted: whsec_',
    ],
  ])('%s', async (_what, options, sentence) => {
    const { code, message } = await trigger(await options());
    expect([code, message]).toEqual(['usage', expect.stringContaining(sentence)]);
  });

  it('a resource that the instance does not have, and a key beside an instance', async () => {
    const id = await world.instance(receiver.url, resources('labels', 'threads'));
    const unknown = await trigger({ instance: String(id), resource: 'drafts' });
    expect([unknown.code, unknown.message]).toEqual(['usage', expect.stringContaining('accepted: labels, threads')]);
    const key = await trigger({ instance: String(id), signatureKeyFile: 'x' });
    expect([key.code, key.message]).toEqual(['usage', expect.stringContaining('--signature-key-file goes with --url')]);
    expect(receiver.requests).toEqual([]);
  });
});

function resources(...names: string[]): Record<string, string> {
  const entries = names.map((name) => [name, { url: name, idField: 'id' }]);
  return { 'event.poller.configuration': JSON.stringify(Object.fromEntries(entries)) };
}
