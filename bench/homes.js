import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openContext } from '../dist/core/index.js';
import { createBulk } from '../dist/core/instances/index.js';

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
/** A minute's budget of an account is 300 messages with their bodies: what is measured is the program, not its waiting. */
const SETTINGS = { 'quota.perAccountPerMinute': 1_000_000_000, 'quota.perProjectPerMinute': 1_000_000_000 };

/**
 * Homes of `sizes` instances, each of a mailbox of its own, polled every minute. Made once a run, the larger ones out of the
 * smaller ones. Returns the folder of each size.
 */
export function fleetHomes(stage) {
  const growing = join(stage.folder, 'growing');
  const made = new Map();
  let size = 0;
  return async (wanted) => {
    if (made.has(wanted)) return made.get(wanted);
    if (wanted < size) throw new Error('smaller homes are asked for first');
    const grants = await stage.google.ask('mailboxes', wanted);
    await createIn(stage, growing, grants, { 'event.poller.refresh_interval': 1 });
    size = wanted;
    const home = join(stage.folder, `fleet-${wanted}`);
    cpSync(growing, home, { recursive: true });
    made.set(wanted, home);
    return home;
  };
}

/** A home of one instance with a mailbox of its own that calls the receiver. */
export async function singleHome(stage, name, format) {
  const home = join(stage.folder, name);
  const email = `${name}@example.com`;
  await createIn(stage, home, [await stage.google.ask('mailbox', email)], {
    'event.notification.callback.url': `${stage.receiver.url}/ok/${name}?i=${name}`,
    'event.poller.refresh_interval': 1440,
    'event.poller.configuration': { 'changed-messages': { url: `changed-messages?format=${format}`, idField: 'id' } },
  });
  return { home, email };
}

/** What is needed to poll as the instances of a home do: an access token and a historyId for each. */
export async function pollsOf(stage, home) {
  return withContext(stage, home, async ({ store }) => {
    const polls = [];
    for (const key of await store.accountFiles.keys()) {
      const { email, accessToken } = await store.accountFiles.read(key);
      polls.push({ email, token: accessToken, startHistoryId: await stage.google.ask('historyId', email) });
    }
    return polls;
  });
}

async function createIn(stage, home, grants, configuration) {
  const { clientId, clientSecret } = stage.google.client;
  const lines = grants.map(({ email, refreshToken }, at) => ({
    line: at + 1,
    bytes: Buffer.from(
      JSON.stringify({
        element: { key: 'gmail' },
        externalAuthentication: 'initial',
        name: email,
        configuration: {
          'oauth.api.key': clientId,
          'oauth.api.secret': clientSecret,
          'oauth.user.refresh_token': refreshToken,
          'event.notification.enabled': true,
          ...configuration,
        },
      }),
    ),
  }));
  await withContext(stage, home, async (ctx) => {
    for await (const result of createBulk(ctx, lines, { allowPrivate: true })) {
      if ('error' in result) throw new Error(result.error.message);
    }
  });
  writeFileSync(join(home, 'config.json'), JSON.stringify(SETTINGS), { mode: 0o600 });
}

async function withContext(stage, home, use) {
  const ctx = await openContext({ home, env: stage.google.env, log: SILENT });
  try {
    return await use(ctx);
  } finally {
    await ctx.store.close();
  }
}
