import { afterEach, describe, expect, it } from '@jest/globals';
import { openContext } from '../../src/core/index.js';
import { createInstance } from '../../src/core/instances/index.js';
import type { PollSummary } from '../../src/core/polling/index.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { temporaryFolder } from '../support/cli.js';
import { TimeKeeper } from './time-keeper.js';

const EMAIL = 'ann@example.com';
const BUDGET = 400;
const MESSAGES = 25;
const dist = new URL('../../dist/', import.meta.url).href;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Of the built program, in a process of its own: polls one instance by the kept clock and prints the summary. */
const SCRIPT = `
const { openContext } = await import('${dist}core/index.js');
const { pollInstance } = await import('${dist}core/polling/index.js');
const [home, id] = process.argv.slice(1);
const log = { debug() {}, info() {}, warn() {}, error() {} };
const ctx = await openContext({ home, env: process.env, log, clock });
const summary = await pollInstance(ctx, Number(id), { deliver: false, scheduled: false });
await ctx.store.close();
console.log(JSON.stringify(summary));
process.disconnect();
`;

describe('two processes that poll one mailbox', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  it(`spend no more than its budget of ${BUDGET} units a minute between them, as Google counts`, async () => {
    const time = new TimeKeeper(Date.now());
    const now = () => time.now;
    const sandbox = await startSandbox({ email: EMAIL, now });
    const folder = temporaryFolder();
    const clock = { now, sleep: () => Promise.reject(new Error('nothing has to wait here')) };
    const ctx = await openContext({ home: folder.path, env: sandbox.env, log: silent, clock });
    closing.push(
      () => folder.remove(),
      () => sandbox.close(),
      () => ctx.store.close(),
    );
    await ctx.store.settings.set({ 'quota.perAccountPerMinute': BUDGET });
    const ids = [await instance(), await instance()];
    sandbox.mailbox().receiveMany(MESSAGES);
    sandbox.resetRequests();

    const poll = (id: number) => time.run(SCRIPT, [folder.path, String(id)], sandbox.env);
    const summaries = (await Promise.all(ids.map(poll))).map((printed) => JSON.parse(printed) as PollSummary);
    expect(summaries.map(({ status, events }) => [status, events])).toEqual([
      ['ok', MESSAGES],
      ['ok', MESSAGES],
    ]);
    const { units } = sandbox.spent();
    expect(summaries.reduce((sum, summary) => sum + summary.units, 0)).toBe(units);
    const minutes = new Map<number, number>();
    for (const request of sandbox.requests) {
      const minute = Math.floor(request.at / 60_000);
      minutes.set(minute, (minutes.get(minute) ?? 0) + request.units);
    }
    expect(Math.max(...minutes.values())).toBeLessThanOrEqual(BUDGET);
    // They had to wait for each other's minutes, and used what there was.
    expect(minutes.size).toBeGreaterThanOrEqual(Math.ceil(units / BUDGET));
    expect(Math.max(...minutes.values())).toBeGreaterThan(BUDGET * 0.75);

    async function instance(): Promise<number> {
      const refreshToken = sandbox.grantRefreshToken();
      const body = {
        element: { key: 'gmail' },
        externalAuthentication: 'initial',
        name: 'inbox',
        configuration: {
          'oauth.api.key': sandbox.client.clientId,
          'oauth.api.secret': sandbox.client.clientSecret,
          'oauth.user.refresh_token': refreshToken,
          'event.notification.enabled': true,
        },
      };
      return (await createInstance(ctx, body, { allowPrivate: true })).document.id;
    }
  }, 60_000);
});
