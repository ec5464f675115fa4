import { Agent, request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startServer, type TestServer } from '../../support/server.js';

const GUESSES = 10_000;
const AT_ONCE = 40;
/** Of one address before it has to wait. */
const LIMIT = 20;
const MAX_GROWTH_BYTES = 30 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let server: TestServer;
let agent: Agent;
beforeEach(async () => {
  server = await startServer({ behindProxy: true });
  agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
});
afterEach(async () => {
  agent.destroy();
  await server.close();
});

interface Refusal {
  status: number;
  retryAfter: string | undefined;
}

function guess(number: number, address: string): Promise<Refusal> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `User ${number}, Organization ${number}`, 'x-forwarded-for': address };
    request(`${server.api}/instances`, { agent, headers }, (response) => {
      const { statusCode = 0, headers: told } = response;
      response.resume().once('end', () => resolve({ status: statusCode, retryAfter: told['retry-after'] }));
    })
      .once('error', reject)
      .end();
  });
}

/** All guesses, some at a time; and how long a probe had to wait meanwhile, at most. */
async function attack(count: number, addressOf: (number: number) => string) {
  const refusals: Refusal[] = [];
  let next = 0;
  let slowest = 0;
  const guessing = Array.from({ length: AT_ONCE }, async () => {
    while (next < count) {
      const number = next++;
      refusals.push(await guess(number, addressOf(number)));
    }
  });
  const probing = (async () => {
    while (refusals.length < count) {
      const start = performance.now();
      const probe = await fetch(`${server.url}/healthz`);
      expect([probe.status, (await probe.text()).length > 0]).toEqual([200, true]);
      slowest = Math.max(slowest, performance.now() - start);
    }
  })();
  await Promise.all([...guessing, probing]);
  return { refusals, slowest };
}

/** What is in use once all that can be given back is, as far as one collection goes. */
function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/**
 * How far it has grown since, collecting until that is little: what one collection finalizes is free only after a later
 * one. What is remembered for good never becomes little.
 */
async function grownSince(before: number): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const grown = heap() - before;
    if (grown < MAX_GROWTH_BYTES || tries === 200) return grown;
    await new Promise((turn) => setTimeout(turn, 50));
  }
}

test('ten thousand guesses of one address: 401, then 429 that says how long; others are served meanwhile', async () => {
  await attack(500, () => '198.51.100.1');
  const before = heap();
  const { refusals, slowest } = await attack(GUESSES, () => '198.51.100.2');
  const wrong = refusals.filter(({ status }) => status === 401);
  const waits = refusals.filter(({ status }) => status === 429);
  expect(wrong.length + waits.length).toBe(GUESSES);
  // Those that were on their way together may pass together.
  expect(wrong.length).toBeGreaterThanOrEqual(LIMIT);
  expect(wrong.length).toBeLessThan(LIMIT + AT_ONCE);
  for (const { retryAfter } of waits) {
    expect(Number(retryAfter)).toBeGreaterThan(0);
    expect(Number(retryAfter)).toBeLessThanOrEqual(60);
  }
  expect(slowest).toBeLessThan(5000);
  expect((await server.call('GET', '/elements/gmail/metadata')).status).toBe(200);
  const headers = { 'x-forwarded-for': '198.51.100.3' };
  const right = await server.call('POST', '/instances', { headers, body: server.body() });
  expect(right.status).toBe(200);
  expect(await grownSince(before)).toBeLessThan(MAX_GROWTH_BYTES);
}, 120_000);

test('ten thousand addresses: each is refused, and what is remembered of them is little', async () => {
  await attack(500, (number) => `192.0.2.${number % 250}`);
  const before = heap();
  const { refusals } = await attack(GUESSES, (number) => `10.1.${number >> 8}.${number & 255}`);
  expect(refusals.every(({ status }) => status === 401)).toBe(true);
  expect(await grownSince(before)).toBeLessThan(MAX_GROWTH_BYTES);
}, 120_000);

test('an address that the caller itself wrote before the proxy’s does not pass for another', async () => {
  for (let number = 0; number < LIMIT; number += 1) {
    expect((await guess(number, `203.0.113.${number}, 198.51.100.7`)).status).toBe(401);
  }
  expect((await guess(0, '203.0.113.99, 198.51.100.7')).status).toBe(429);
});
