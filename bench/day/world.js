import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openContext } from '../../dist/core/index.js';
import { createInstance } from '../../dist/core/instances/index.js';
import { pollOnce } from '../../dist/core/polling/index.js';
import { startSandbox } from '../../dist/sandbox/index.js';
import { mulberry32 } from './mail.js';

const MIDNIGHT = Date.UTC(2026, 0, 5);
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * The product and the double of Google on one clock that stands still unless it is told to go on: a day passes in seconds,
 * and the same way each time. Nothing is delivered. Times are milliseconds since midnight.
 */
export async function startDay() {
  const email = 'day@example.com';
  let now = MIDNIGHT;
  const clock = {
    now: () => now,
    async sleep(ms) {
      now += ms;
    },
  };
  const sandbox = await startSandbox({ email, now: () => now, autoConsent: true });
  const home = mkdtempSync(join(tmpdir(), 'gmail-events-day-'));
  const ctx = await openContext({ home, env: sandbox.env, log: SILENT, clock, random: seededRandom() });
  const { clientId, clientSecret } = sandbox.client;
  return {
    sandbox,
    now: () => now - MIDNIGHT,
    /** It never goes back. */
    setTime(time) {
      now = Math.max(now, MIDNIGHT + time);
    },
    receive: () => sandbox.mailbox().receive({ internalDate: now }),
    /** Made at midnight, polled every so many minutes. Returns its id. */
    async instance(format, minutes) {
      const body = {
        element: { key: 'gmail' },
        externalAuthentication: 'initial',
        name: `${format} ${minutes}`,
        configuration: {
          'oauth.api.key': clientId,
          'oauth.api.secret': clientSecret,
          'oauth.user.refresh_token': sandbox.grantRefreshToken(),
          'event.notification.enabled': true,
          'event.poller.refresh_interval': minutes,
          'event.poller.configuration': {
            'changed-messages': { url: `changed-messages?format=${format}`, idField: 'id' },
          },
        },
      };
      return (await createInstance(ctx, body, { allowPrivate: true })).document.id;
    },
    /** When it is polled next. */
    nextPollOf: async (id) => (await ctx.store.instances.get(id)).nextPollAt - MIDNIGHT,
    /** One poll now: its events, and the units that Google has counted. `scheduled`: as `watch` polls, at its own time. */
    async poll(id, scheduled) {
      sandbox.resetRequests();
      const { summary } = await pollOnce(ctx, id, { scheduled });
      if (summary.status !== 'ok') throw new Error(`the poll ended ${summary.status}: ${summary.error?.message}`);
      return { events: summary.events, units: sandbox.spent().units };
    },
    async close() {
      await ctx.store.close();
      await sandbox.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function seededRandom() {
  const unit = mulberry32(7);
  let made = 0;
  const bytes = (length) => {
    made += 1;
    return createHash('shake256', { outputLength: length }).update(String(made)).digest();
  };
  const uuid = () =>
    bytes(16)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return { unit, bytes, uuid };
}
