import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Listener, type Received, startListener } from '../../../src/core/receiving/index.js';
import { until } from '../../support/cli.js';
import { sample } from './samples.js';

let listener: Listener | undefined;
const received: Received[] = [];
const others: string[] = [];

afterEach(async () => {
  await listener?.close();
  listener = undefined;
  received.length = 0;
  others.length = 0;
});

async function start(options: Partial<Parameters<typeof startListener>[0]> = {}): Promise<string> {
  listener = await startListener({
    host: '127.0.0.1',
    port: 0,
    secrets: { signatureKey: null, signingSecrets: [] },
    answers: {},
    delayMs: 0,
    now: () => 0,
    onReceived: (one) => received.push(one),
    onOther: (sentence) => others.push(sentence),
    ...options,
  });
  return listener.url;
}

function post(url: string, id: string, body: string | Buffer<ArrayBuffer> = Buffer.from(sample().body)) {
  return fetch(url, { method: 'POST', headers: { 'Elements-Webhook-Id': id }, body });
}

describe('startListener', () => {
  it('tells of each notification, counting the repeats of an id', async () => {
    const url = await start();
    for (const id of ['a', 'b', 'a']) expect(await (await post(url, id)).text()).toBe('{}');
    await fetch(url, { method: 'POST', body: Buffer.from(sample().body) });
    expect(received.map(({ id, attempt, status }) => [id, attempt, status])).toEqual([
      ['a', 1, 200],
      ['b', 1, 200],
      ['a', 2, 200],
      ['test-abc', 1, 200],
    ]);
    expect(others).toEqual([]);
  });

  it.each([
    ['a GET', { method: 'GET' }, 405],
    ['a body that is no JSON', { method: 'POST', body: 'S3CRET' }, 400],
    ['a body that is no notification', { method: 'POST', body: '{"a":"S3CRET"}' }, 400],
    ['a body that is too large', { method: 'POST', body: 'x'.repeat(1001) }, 413],
    ['a body of unknown length that is too large', { method: 'POST', body: streamOf(3000), duplex: 'half' }, 413],
  ])('refuses %s, and it counts for nothing', async (_what, request, status) => {
    const url = await start({ max: 1, maxBodyBytes: 1000 });
    const answer = await fetch(url, request as RequestInit);
    expect(answer.status).toBe(status);
    expect(others).toEqual([expect.stringContaining(`; answered ${status}`)]);
    expect(others[0]).not.toContain('S3CRET');
    expect(received).toEqual([]);
    expect((await post(url, 'a', '{"message":{"events":[]}}')).status).toBe(200);
  });

  it('takes a body of exactly the limit', async () => {
    const { body } = sample();
    const url = await start({ maxBodyBytes: body.length });
    expect((await post(url, 'a')).status).toBe(200);
  });

  it('says when a sender goes away in the middle of a body', async () => {
    const { port } = new URL(await start());
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"half"', () => socket.destroy());
    await until('it to be told', () => others.length === 1);
    expect(others).toEqual(['a request was cut before its body was complete']);
  });

  it('is full when the last of its number is answered, and takes no more', async () => {
    const url = await start({ max: 2, answers: { failFirst: 1 } });
    let full = false;
    listener?.full.then(() => {
      full = true;
    });
    expect((await post(url, 'a')).status).toBe(500);
    expect(full).toBe(false);
    expect((await post(url, 'a')).status).toBe(200);
    await listener?.full;
    expect((await post(url, 'b')).status).toBe(503);
    expect(received).toHaveLength(2);
  });

  it('lets a sender wait for an answer that never comes, and is full when it gives up', async () => {
    const url = await start({ max: 1, answers: { hang: true } });
    const giveUp = new AbortController();
    const asking = fetch(url, { method: 'POST', body: Buffer.from(sample().body), signal: giveUp.signal });
    asking.catch(() => {});
    await until('it to be told', () => received.length === 1);
    expect(received[0]?.status).toBeNull();
    giveUp.abort();
    await listener?.full;
    await expect(asking).rejects.toThrow();
  });

  it('answers only after the delay, and closes meanwhile', async () => {
    const url = await start({ delayMs: 60_000 });
    const asking = post(url, 'a');
    asking.catch(() => {});
    await until('it to be told', () => received.length === 1);
    await listener?.close();
    await expect(asking).rejects.toThrow();
  });

  it.each([204, 205, 304, 599])('answers %i without a body that the status does not allow', async (status) => {
    const url = await start({ answers: { status } });
    const answer = await post(url, 'a');
    expect([answer.status, await answer.text()]).toEqual([status, status === 599 ? '{}' : '']);
  });

  it('says why it cannot listen', async () => {
    const { port } = new URL(await start());
    const again = startListener({
      host: '127.0.0.1',
      port: Number(port),
      secrets: { signatureKey: null, signingSecrets: [] },
      answers: {},
      delayMs: 0,
      now: () => 0,
      onReceived: () => {},
      onOther: () => {},
    });
    await expect(again).rejects.toMatchObject({
      code: 'failed',
      message: `the receiver cannot listen: port ${port} on 127.0.0.1 is in use`,
      hint: expect.stringContaining('--port'),
    });
    const elsewhere = start({ host: '192.0.2.1' });
    await expect(elsewhere).rejects.toMatchObject({ message: expect.stringContaining('no address of this machine') });
  });

  it('names an IPv6 address as a URL does', async () => {
    const url = await start({ host: '::1' });
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+\/$/);
    expect((await post(url, 'a')).status).toBe(200);
  });
});

function streamOf(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) controller.close();
      else controller.enqueue(new Uint8Array(Math.min(left, 500)).fill(120));
      left -= 500;
    },
  });
}
