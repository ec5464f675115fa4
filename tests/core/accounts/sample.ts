import { saveGrant } from '../../../src/core/accounts/save-grant.js';
import type { Context } from '../../../src/core/context.js';
import { grantFromRefreshToken } from '../../../src/core/oauth/exchange.js';
import type { AccountDocument } from '../../../src/core/types.js';
import type { Sandbox } from '../../../src/sandbox/index.js';

/** An account of the sandbox's first mailbox, kept as `auth` keeps it. */
export async function authorized(
  ctx: Context,
  sandbox: Sandbox,
  grant: { scope?: string; email?: string; clientId?: string } = {},
): Promise<AccountDocument> {
  const { clientId, clientSecret } = sandbox.client;
  const refreshToken = sandbox.grantRefreshToken(grant);
  return saveGrant(ctx, await grantFromRefreshToken(ctx, { refreshToken, clientId, clientSecret }));
}

export function tokenCalls(sandbox: Sandbox): number {
  return sandbox.requests.filter(({ method }) => method === 'token').length;
}
