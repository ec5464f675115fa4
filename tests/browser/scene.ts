import type { AddressInfo } from 'node:net';
import { beginSignIn, finishSignIn, saveGrant } from '../../src/core/accounts/index.js';
import type { Context } from '../../src/core/context.js';
import { createInstance, setEnabled } from '../../src/core/instances/index.js';
import { openContext, systemClock } from '../../src/core/open.js';
import { pollInstance } from '../../src/core/polling/index.js';
import { createServerKey, type ServerKey } from '../../src/core/server-keys/index.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { buildApp } from '../../src/server/app.js';
import { temporaryFolder } from '../support/cli.js';
import { startReceiver } from '../support/receiver.js';
import { silentLogger } from '../support/server.js';

const HOUR_MS = 3_600_000;
const STEP_MS = 20 * 60_000;
const STEPS = 24 * 3;

/** A server whose instances have had a day behind them, for pictures of it. */
export interface Scene {
  url: string;
  key: ServerKey;
  /** Ids by what is to be seen of them. */
  busy: number;
  close(): Promise<void>;
}

/** Mail that arrives in one step: little at night, more in the morning. The same in every scene. */
function arriving(hour: number, step: number): number {
  const day = Math.max(0, Math.sin(((hour - 5) / 24) * 2 * Math.PI));
  return Math.round(day * 9 + ((step * 7919) % 5) * 0.7);
}

const SUBJECTS = [
  'Re: Order 4711, second parcel missing',
  'Invoice 2026-1184',
  'Meeting moved to Thursday',
  'Your ticket #88213 was updated',
  'Feedback on the draft contract',
];

export async function startScene(ports: { server: number; receiver: number }): Promise<Scene> {
  const end = Date.now();
  let now = end - 25 * HOUR_MS;
  const clock = { now: () => now, sleep: systemClock.sleep };
  const sandbox = await startSandbox({ email: 'support@acme.example', autoConsent: true, now: () => now });
  for (const name of ['billing', 'sales', 'office']) sandbox.addMailbox(`${name}@acme.example`);
  const receiver = await startReceiver({ port: ports.receiver });
  const home = temporaryFolder();
  const { clientId, clientSecret } = sandbox.client;
  const env = { ...sandbox.env, GMAIL_EVENTS_CLIENT_ID: clientId, GMAIL_EVENTS_CLIENT_SECRET: clientSecret };
  const ctx = await openContext({ home: home.path, env, log: silentLogger(), clock });
  const key = await createServerKey(ctx);
  const make = (mailbox: string, name: string, more: Making) => makeInstance(ctx, sandbox, mailbox, name, more);
  const hook = (path: string) => `${receiver.url}/${path}`;
  const busy = await make('support', 'Support inbox', { url: hook('gmail'), tags: ['support', 'prod'], minutes: 20 });
  const late = await make('billing', 'Invoices', { url: hook('down'), tags: ['finance'], minutes: 15 });
  const lost = await make('sales', 'Sales leads', { url: hook('gmail'), tags: ['crm'], minutes: 5 });
  const paused = await make('office', 'Office calendar mail', { url: hook('gmail'), tags: [], minutes: 60 });

  for (let step = 0; step <= STEPS; step++) {
    now = end - 24 * HOUR_MS + step * STEP_MS - 40_000;
    const hour = new Date(now).getUTCHours();
    const outage = step >= 46 && step <= 50;
    receiver.respond(({ path }, index) =>
      path === '/down' || outage ? { status: 503, delayMs: 12 } : { delayMs: 9 + ((index * 31) % 46) },
    );
    for (let mail = arriving(hour, step); mail > 0; mail--) {
      sandbox.mailbox().receive({ subject: SUBJECTS[(step + mail) % SUBJECTS.length] ?? '' });
    }
    if (step > STEPS - 6) sandbox.mailbox('billing@acme.example').receive({ subject: 'Invoice 2026-1190' });
    if (step === STEPS - 8) sandbox.revoke('sales@acme.example');
    for (const id of [busy, late, lost, paused]) await pollInstance(ctx, id, { scheduled: false, deliver: true });
    if (step === STEPS - 20) await setEnabled(ctx, paused, false);
  }
  now = end;
  const app = await buildApp(ctx, { allowPrivate: true, behindProxy: false, tls: undefined, logger: silentLogger() });
  await app.listen({ host: '127.0.0.1', port: ports.server });
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    key,
    busy,
    async close() {
      await app.close();
      await ctx.store.close();
      await Promise.all([sandbox.close(), receiver.close()]);
      home.remove();
    },
  };
}

interface Making {
  url: string;
  tags: string[];
  minutes: number;
}

async function makeInstance(
  ctx: Context,
  sandbox: Sandbox,
  mailbox: string,
  name: string,
  { url, tags, minutes }: Making,
): Promise<number> {
  const email = `${mailbox}@acme.example`;
  sandbox.consent({ email });
  const redirectUri = 'http://127.0.0.1:9/oauth/callback';
  const { url: consent, signIn } = beginSignIn(ctx, { client: sandbox.client, redirectUri });
  const answer = await fetch(consent, { redirect: 'manual' });
  const back = new URL(answer.headers.get('location') ?? '');
  await saveGrant(ctx, await finishSignIn(ctx, signIn, back.searchParams));
  const configuration = {
    'event.notification.enabled': true,
    'event.notification.callback.url': url,
    'event.poller.refresh_interval': minutes,
  };
  const body = { element: { key: 'gmail' }, name, tags, configuration };
  return (await createInstance(ctx, body, { account: email, allowPrivate: true })).document.id;
}
