import type { OAuthClient } from '../accounts/index.js';
import type { Context } from '../context.js';
import type { Fault } from '../errors.js';
import type { AccountDocument, InstanceDocument } from '../types.js';
import { isRecord, valueForm } from '../value-form.js';
import { type BroughtOauth, broughtOauth } from './body.js';
import {
  readCode,
  readConfiguration,
  readElement,
  readExternalAuthentication,
  readName,
  readTags,
  reportTo,
} from './body-fields.js';
import { type CheckedConfiguration, checkConfiguration, keyPath, withoutAbsent } from './configuration.js';
import { limitFaults, withoutGrantKeys } from './grant.js';
import { filledIn, type GrantRequest, planGrant } from './grant-request.js';
import { MASK } from './masks.js';

const CALLBACK_URL = 'event.notification.callback.url';

/** A patch, checked against the instance it changes. With faults, the rest is not to be used. */
export interface CheckedPatch {
  name: string;
  tags: string[];
  externalAuthentication: 'none' | 'initial';
  allowPrivate: boolean;
  /** The whole configuration as it will be. */
  configuration: CheckedConfiguration;
  /** null: the grant stays. */
  request: GrantRequest | null;
  faults: Fault[];
}

/**
 * The body of `PATCH /instances/{id}`: only what is named changes. `account` is the instance's own (null: its file is
 * gone), `other` the one it is to use from now on, `client` that of a client-secret file, for a new code.
 */
export async function checkPatch(
  ctx: Context,
  before: InstanceDocument,
  patch: unknown,
  options: {
    account: AccountDocument | null;
    other: AccountDocument | null;
    client?: OAuthClient | undefined;
    allowPrivate: boolean;
  },
): Promise<CheckedPatch> {
  const faults: Fault[] = [];
  const report = reportTo(faults);
  if (!isRecord(patch)) report('body', `is ${valueForm(patch)}; accepted: one JSON object`);
  const fields = isRecord(patch) ? patch : {};
  readElement(fields['element'], false, report);
  const name = readName(fields['name'], report) ?? before.name;
  const tags = readTags(fields['tags'], report);
  const externalAuthentication = readExternalAuthentication(fields['externalAuthentication'], report);
  const code = readCode(fields['providerData'], report);
  const brought = readConfiguration(fields['configuration'], report);
  const allowPrivate = options.allowPrivate && (before.allowPrivate || names(brought, CALLBACK_URL));
  const configuration = checkConfiguration(merged(before.configuration, brought), allowPrivate);
  faults.push(...configuration.faults);
  const plan = await planPatchGrant(ctx, filledIn(broughtOauth(configuration.values, code), options.client), options);
  faults.push(...plan.faults);
  const reader = options.other ?? options.account;
  if (reader !== null && (plan.request === null || plan.request.way === 'account')) {
    faults.push(...limitFaults(configuration.resources, reader));
  }
  return {
    name,
    tags: tags === null ? before.tags : tags.length > 0 ? tags : [name],
    externalAuthentication: externalAuthentication ?? before.externalAuthentication,
    allowPrivate,
    configuration,
    request: plan.request,
    faults,
  };
}

/** Key by key: null removes one, a mask leaves it alone. */
function merged(stored: Readonly<Record<string, string>>, brought: Record<string, unknown>): Record<string, unknown> {
  const changed = Object.entries(brought).filter(([, value]) => value !== MASK);
  return withoutAbsent({ ...withoutGrantKeys(stored), ...Object.fromEntries(changed) });
}

function names(brought: Record<string, unknown>, key: string): boolean {
  return typeof brought[key] === 'string' && brought[key] !== MASK;
}

async function planPatchGrant(
  ctx: Context,
  oauth: BroughtOauth,
  { account, other }: { account: AccountDocument | null; other: AccountDocument | null },
): Promise<{ request: GrantRequest | null; faults: Fault[] }> {
  const ownClient = account !== null && (oauth.clientId === null || oauth.clientId === account.clientId);
  // What the file of the account keeps need not be brought again.
  const clientSecret = oauth.clientSecret ?? (ownClient ? account.clientSecret : null);
  const clientId = oauth.clientId ?? account?.clientId ?? null;
  if (other !== null || oauth.code !== null || oauth.refreshToken !== null) {
    return planGrant(ctx, { ...oauth, clientId, clientSecret }, { account: other, externalAuthentication: 'none' });
  }
  if (!ownClient && account !== null) {
    const message = 'is another OAuth client; it takes a new grant: providerData.code, or oauth.user.refresh_token';
    return { request: null, faults: [{ path: keyPath('oauth.api.key'), message }] };
  }
  if (oauth.clientSecret === null || oauth.clientSecret === account?.clientSecret) return { request: null, faults: [] };
  if (clientId === null || account?.refreshToken == null) {
    const message = 'is new, but there is no grant to try it with; accepted: together with providerData.code';
    return { request: null, faults: [{ path: keyPath('oauth.api.secret'), message }] };
  }
  // A new secret of the same client: one refresh with it proves it.
  const { refreshToken } = account;
  return { request: { way: 'refreshToken', refreshToken, clientId, clientSecret: oauth.clientSecret }, faults: [] };
}
