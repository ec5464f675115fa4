import type { GmailApi } from '../../gmail/api.js';
import type { CallOptions } from '../../gmail/call.js';
import { createGmailClient } from '../../gmail/client.js';
import type { CooldownScopes } from '../../gmail/cooldown.js';
import { Places } from '../../gmail/places.js';
import { accountBudget, Governor, projectBudget } from '../../gmail/quota.js';
import { Spending } from '../../gmail/spending.js';
import type { Context } from '../context.js';
import { googleTransport } from '../google-transport.js';
import type { AccountDocument } from '../types.js';

/** What all clients of one process and store share. */
interface Traffic {
  governor: Governor;
  spending: Spending;
  places: Map<string, Places>;
}

const traffic = new WeakMap<object, Traffic>();

export interface Mailbox extends Pick<AccountDocument, 'clientId' | 'serviceAccount'> {
  /** The account's key, or a name of a mailbox that has none yet. */
  account: string;
}

/** Gmail of a mailbox, within the budgets of config.json. */
export async function connect(
  ctx: Context,
  mailbox: Mailbox,
  options: Pick<CallOptions, 'tokens'> & Partial<Pick<CallOptions, 'waitForCooldown' | 'signal' | 'onOutcome'>>,
): Promise<GmailApi> {
  const { account } = mailbox;
  const { governor, spending, places } = trafficOf(ctx);
  const settings = await ctx.store.settings.read();
  const own = places.get(account) ?? new Places(ctx.clock);
  places.set(account, own);
  return createGmailClient({
    baseUrl: ctx.google.gmail,
    account,
    budgets: {
      account: accountBudget(budgetScope(mailbox), settings['quota.perAccountPerMinute']),
      project: projectBudget(cooldownScopes(mailbox).project, settings['quota.perProjectPerMinute']),
    },
    transport: googleTransport(ctx),
    governor,
    spending,
    places: own,
    ledger: ctx.store.quota,
    clock: ctx.clock,
    random: ctx.random,
    waitForCooldown: false,
    ...options,
  });
}

/** The Cloud project is the number before `-` in the client id. */
export function cooldownScopes({ account, clientId }: Pick<Mailbox, 'account' | 'clientId'>): CooldownScopes {
  return { account, project: `project:${clientId.split('-', 1)[0]}` };
}

/** Google counts all mailboxes that a service account acts for as one account. */
function budgetScope({ account, serviceAccount }: Mailbox): string {
  return serviceAccount === null ? account : `service:${serviceAccount.clientEmail}`;
}

function trafficOf(ctx: Context): Traffic {
  const known = traffic.get(ctx.store);
  if (known !== undefined) return known;
  const { quota } = ctx.store;
  const made = {
    governor: new Governor(quota, ctx.clock, ctx.random),
    spending: new Spending(quota, ctx.clock),
    places: new Map<string, Places>(),
  };
  traffic.set(ctx.store, made);
  return made;
}
