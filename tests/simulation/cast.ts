import type { Context } from '../../src/core/context.js';
import { createInstance } from '../../src/core/instances/index.js';
import { accountKey } from '../../src/store/documents/names.js';
import type { AccountDocument } from '../../src/store/ports/documents.js';
import { CLIENT, EMAIL, type Google } from './google.js';
import type { InstancePlan } from './scene.js';
import type { Watched } from './verdict.js';

/** The files of a home whose mailbox is authorized: what `auth` leaves behind. */
export function authorizedHome(google: Google, settings: object): Record<string, object> {
  const key = accountKey(EMAIL, CLIENT.clientId);
  const account: AccountDocument = {
    key,
    email: EMAIL,
    clientId: CLIENT.clientId,
    clientSecret: CLIENT.clientSecret,
    serviceAccount: null,
    refreshToken: google.newRefreshToken(),
    accessToken: null,
    accessTokenExpiresAt: null,
    scopes: [google.scope],
    grantExpiresAt: null,
    createdDate: '2026-11-24T03:00:00Z',
  };
  return { 'config.json': settings, [`accounts/${key}.json`]: account };
}

/** Makes an instance as `create-instance --account` does, and notes where its resources begin. */
export async function watchMailbox(ctx: Context, plan: InstancePlan): Promise<Watched> {
  const body = { element: { key: 'gmail' }, name: 'simulated', configuration: plan.configuration };
  const { document } = await createInstance(ctx, body, { allowPrivate: true, account: EMAIL });
  const rows = await ctx.store.resources.list(document.id);
  return {
    id: document.id,
    uuid: document.uuid,
    createdAt: ctx.clock.now(),
    plan,
    baselines: new Map(rows.map(({ name, cursor }) => [name, cursor ?? ''])),
  };
}
