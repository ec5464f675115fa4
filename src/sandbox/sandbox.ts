import { answerer } from './answer.js';
import { FaultBox } from './faults/fault-box.js';
import { READONLY } from './gmail/scopes.js';
import { listen } from './http/server.js';
import { SandboxMailbox } from './mail/mailbox.js';
import { SandboxMisuse } from './misuse.js';
import { clientSecretFile } from './oauth/client-secret-file.js';
import { DEFAULT_CLIENT } from './oauth/clients.js';
import { Grants } from './oauth/grants.js';
import { PATHS } from './paths.js';
import { seedFor } from './prng.js';
import { RequestLog } from './request-log.js';
import type { Sandbox, SandboxClient, SandboxOptions } from './types.js';
import type { World } from './world.js';

const DEFAULT_EMAIL = 'sandbox@example.com';

/** Starts a double of Google on the loopback interface. Rejects with the error of listen (EADDRINUSE, ...). */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? Date.now;
  const clients = options.clients ?? [DEFAULT_CLIENT];
  const [client] = clients;
  if (client === undefined) throw new SandboxMisuse('a sandbox needs at least one client');
  if (!/^\d+$/.test(options.historyIdStart ?? '1')) throw new SandboxMisuse('historyIdStart must be decimal text');
  const mailboxes = new Map<string, SandboxMailbox>();
  const closing = new AbortController();
  const world: World = {
    clients,
    serviceAccounts: options.serviceAccounts ?? null,
    grants: new Grants(now),
    consent: { auto: options.autoConsent === true },
    emails: () => [...mailboxes.keys()],
    hasMailbox: (email) => mailboxes.has(email.toLowerCase()),
    now,
    tokenUrl: () => `${listener.url}${PATHS.token}`,
    mailboxes,
    faults: new FaultBox(),
    log: new RequestLog(),
  };

  const addMailbox = (email: string, messages = 0): SandboxMailbox => {
    const key = email.toLowerCase();
    if (mailboxes.has(key)) throw new SandboxMisuse(`there is a mailbox ${email} already`);
    const mailbox = new SandboxMailbox({
      email: key,
      messages,
      seed: seedFor(options.seed ?? 1, key),
      now,
      historyIdStart: options.historyIdStart ?? null,
      historyRetentionMs: options.historyRetentionMs ?? null,
    });
    mailboxes.set(key, mailbox);
    return mailbox;
  };
  const first = addMailbox(options.email ?? DEFAULT_EMAIL, options.messages);
  const mailbox = (email = first.email): SandboxMailbox => {
    const found = mailboxes.get(email.toLowerCase());
    if (found === undefined) throw new SandboxMisuse(`there is no mailbox ${email}`);
    return found;
  };
  const granted = (grant: { email?: string; clientId?: string; scope?: string }) => ({
    email: mailbox(grant.email).email,
    clientId: known(clients, grant.clientId ?? client.clientId).clientId,
    scopes: (grant.scope ?? READONLY).split(/\s+/).filter(Boolean),
    offline: true,
  });

  const listener = await listen({
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    now,
    answer: answerer(world, { control: options.control !== false, sandbox: () => sandbox, closing: closing.signal }),
  });
  const { url, port } = listener;
  const sandbox: Sandbox = {
    url,
    port,
    env: {
      GMAIL_EVENTS_GMAIL_URL: url,
      GMAIL_EVENTS_AUTH_URL: `${url}${PATHS.auth}`,
      GMAIL_EVENTS_TOKEN_URL: `${url}${PATHS.token}`,
      GMAIL_EVENTS_REVOKE_URL: `${url}${PATHS.revoke}`,
    },
    client,
    clientSecretFile: (of = client) => clientSecretFile(of, url),
    mailbox,
    addMailbox,
    grantCode(grant = {}) {
      const { redirectUris } = known(clients, grant.clientId ?? client.clientId);
      const redirectUri = grant.redirectUri ?? redirectUris[0] ?? '';
      return world.grants.issueCode({ ...granted(grant), redirectUri, challenge: null });
    },
    grantRefreshToken: (grant = {}) => world.grants.add(granted(grant)).refreshToken ?? '',
    revoke: (email) => world.grants.revokeMailbox(mailbox(email).email),
    expireAccessTokens: () => world.grants.expireAccessTokens(),
    rotateRefreshTokens(on) {
      world.grants.rotate = on;
    },
    limitGrants(seconds) {
      world.grants.limit = seconds;
    },
    consent(answer) {
      if (answer?.email !== undefined) mailbox(answer.email);
      world.consent = answer === null ? { auto: options.autoConsent === true } : { ...answer, auto: true };
    },
    addFault: (fault) => world.faults.add(fault),
    clearFaults: () => world.faults.clear(),
    requests: world.log.requests,
    spent: () => world.log.spent(),
    resetRequests: () => world.log.reset(),
    close() {
      closing.abort();
      return listener.close();
    },
  };
  return sandbox;
}

function known(clients: readonly SandboxClient[], clientId: string): SandboxClient {
  const client = clients.find((one) => one.clientId === clientId);
  if (client === undefined) throw new SandboxMisuse(`there is no client ${clientId}`);
  return client;
}
