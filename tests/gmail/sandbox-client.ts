import type { GmailApi } from '../../src/gmail/api.js';
import type { CallOptions } from '../../src/gmail/call.js';
import { createGmailClient } from '../../src/gmail/client.js';
import { Places } from '../../src/gmail/places.js';
import type { Clock, TokenSource } from '../../src/gmail/ports.js';
import { accountBudget, Governor, projectBudget } from '../../src/gmail/quota.js';
import { Spending } from '../../src/gmail/spending.js';
import { createTransport } from '../../src/gmail/transport.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import type { Store } from '../../src/store/port.js';

export const ACCOUNT = 'someone@example.com~client';
export const PROJECT = 'project:123456789012';

/** A client as a process would have it, with short time-outs. */
export function clientOf(sandbox: Sandbox, store: Store, clock: Clock, options: Partial<CallOptions> = {}): GmailApi {
  const random = { unit: () => 0.5 };
  return createGmailClient({
    baseUrl: sandbox.url,
    account: ACCOUNT,
    budgets: { account: accountBudget(ACCOUNT, 6000), project: projectBudget(PROJECT, 1_200_000) },
    tokens: sandboxTokens(sandbox),
    transport: createTransport({}, { headers: 300, body: 300, whole: 5000, bytes: 10_000_000 }),
    governor: new Governor(store.quota, clock, random),
    spending: new Spending(store.quota, clock),
    places: new Places(clock),
    ledger: store.quota,
    clock,
    random,
    waitForCooldown: false,
    ...options,
  });
}

/** Tokens straight from the sandbox's token endpoint. */
export function sandboxTokens(sandbox: Sandbox, scope?: string): TokenSource & { fetched: string[] } {
  const refreshToken = sandbox.grantRefreshToken(scope === undefined ? {} : { scope });
  const { clientId, clientSecret } = sandbox.client;
  const fetched: string[] = [];
  const fetchToken = async () => {
    const form = { grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret };
    const body = new URLSearchParams({ ...form, refresh_token: refreshToken });
    const answer = await fetch(sandbox.env['GMAIL_EVENTS_TOKEN_URL'] ?? '', { method: 'POST', body });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    fetched.push(token);
    return token;
  };
  return { fetched, current: async () => fetched.at(-1) ?? fetchToken(), renewed: fetchToken };
}
