import { mailboxOfKey } from '../../store/documents/names.js';
import { accountHealth } from '../accounts/index.js';
import type { Context } from '../context.js';
import type { InstanceDocument } from '../types.js';
import { MASK, masked } from './masks.js';

/** The id that the old service gave its Gmail element. */
export const ELEMENT_ID = 6409;

/** The instance object of the old service, as it is printed and served. */
export interface InstanceObject {
  id: number;
  name: string;
  token: string;
  /** ISO 8601, UTC, seconds. */
  createdDate: string;
  elementId: number;
  element: { key: string; name: string; hub: string };
  tags: string[];
  valid: boolean;
  disabled: boolean;
  configuration: Record<string, string>;
  eventsEnabled: boolean;
  eventsNotificationCallbackUrl: string | null;
  externalAuthentication: 'none' | 'initial';
  user: { id: number; emailAddress: string; firstName: string; lastName: string };
}

/** Secrets masked. `email` is the mailbox's address; `valid` tells whether its grant works. */
export function instanceObject(
  document: InstanceDocument,
  options: { showToken?: boolean; email?: string; valid?: boolean } = {},
): InstanceObject {
  return {
    id: document.id,
    name: document.name,
    token: options.showToken === true ? document.token : MASK,
    createdDate: document.createdDate,
    elementId: ELEMENT_ID,
    element: { key: document.elementKey, name: 'Gmail', hub: 'general' },
    tags: document.tags,
    valid: options.valid ?? true,
    disabled: document.disabled,
    configuration: masked(document.configuration),
    eventsEnabled: document.configuration['event.notification.enabled'] === 'true',
    eventsNotificationCallbackUrl: document.configuration['event.notification.callback.url'] ?? null,
    externalAuthentication: document.externalAuthentication,
    // One user owns this store; the old service's numbers meant its own customers.
    user: { id: 1, emailAddress: options.email ?? '', firstName: '', lastName: '' },
  };
}

/** The object with its mailbox and the state of its grant read from the store. A grant that is gone has left its key, which names the mailbox. */
export async function describeInstance(
  ctx: Context,
  document: InstanceDocument,
  options: { showToken?: boolean } = {},
): Promise<InstanceObject> {
  return instanceObject(document, { ...options, ...(await holderOf(ctx, document.account)) });
}

/** The same of many; what instances of one account share is read once. */
export async function describeInstances(
  ctx: Context,
  documents: readonly InstanceDocument[],
  options: { showToken?: boolean } = {},
): Promise<InstanceObject[]> {
  const holders = new Map<string, Awaited<ReturnType<typeof holderOf>>>();
  const objects: InstanceObject[] = [];
  for (const document of documents) {
    const holder = holders.get(document.account) ?? (await holderOf(ctx, document.account));
    holders.set(document.account, holder);
    objects.push(instanceObject(document, { ...options, ...holder }));
  }
  return objects;
}

async function holderOf(ctx: Context, accountKey: string): Promise<{ email: string; valid: boolean }> {
  const account = await ctx.store.accountFiles.read(accountKey);
  const valid = account !== null && (await accountHealth(ctx, account.key)).state === 'ok';
  return { email: account?.email ?? mailboxOfKey(accountKey), valid };
}
