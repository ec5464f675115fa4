import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openContext } from '../../dist/core/index.js';
import { createBulk, createInstance } from '../../dist/core/instances/index.js';
import { startSandbox } from '../../dist/sandbox/index.js';

const REDIRECT = 'http://127.0.0.1:9/oauth';
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
/** A day: the run is about deliveries. */
const INTERVAL_MINUTES = 1440;

/** A home folder of its own, and the double of Google it is authorized at. */
export async function startWorld() {
  const sandbox = await startSandbox({ email: 'ann@example.com', messages: 0, autoConsent: true });
  const home = mkdtempSync(join(tmpdir(), 'gmail-events-load-'));
  return {
    home,
    sandbox,
    env: { ...sandbox.env, GMAIL_EVENTS_HOME: home },
    open: (clock) => openContext({ home, env: sandbox.env, log: SILENT, ...(clock && { clock }) }),
    async close() {
      await sandbox.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** An instance for each member of the cast, made as create-instance makes them. Returns their documents in that order. */
export async function createAll(ctx, sandbox, members, receiverUrl) {
  const body = ({ index, order, path }) => ({
    element: { key: 'gmail' },
    name: `load ${index}`,
    configuration: {
      'event.notification.enabled': true,
      'event.notification.callback.url': `${receiverUrl}${path}`,
      'event.notification.order': order,
      'event.notification.signing.secret': `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      'event.poller.refresh_interval': INTERVAL_MINUTES,
    },
  });
  const [first, ...rest] = members.map(body);
  Object.assign(first.configuration, {
    'oauth.api.key': sandbox.client.clientId,
    'oauth.api.secret': sandbox.client.clientSecret,
    'oauth.callback.url': REDIRECT,
  });
  first.providerData = { code: sandbox.grantCode({ redirectUri: REDIRECT }) };
  const made = [(await createInstance(ctx, first, { allowPrivate: true })).document];
  const lines = rest.map((each, at) => ({ line: at + 1, bytes: Buffer.from(JSON.stringify(each)) }));
  if (lines.length === 0) return made;
  for await (const result of createBulk(ctx, lines, { account: 'ann@example.com', allowPrivate: true })) {
    if ('error' in result) throw new Error(result.error.message);
    made.push(result.created.document);
  }
  return made;
}
