import { grantFromRefreshToken, saveGrant } from '../../src/core/accounts/index.js';
import type { Context } from '../../src/core/context.js';
import { resendEvents, resumeInstance } from '../../src/core/delivery/index.js';
import { runPolls } from '../../src/core/polling/index.js';
import type { Store } from '../../src/store/port.js';
import { CLIENT, type Google } from './google.js';

/** A grant that was refused or revoked is replaced, as `auth` does it. */
export async function authorizeAnew(ctx: Context, google: Google): Promise<void> {
  const { clientId, clientSecret } = CLIENT;
  const refreshToken = google.newRefreshToken();
  await saveGrant(ctx, await grantFromRefreshToken(ctx, { refreshToken, clientId, clientSecret }));
}

export async function needsGrant(store: Store): Promise<boolean> {
  return (await store.accounts.list()).some(({ state }) => state === 'reauthorize');
}

/** Lifts stops, and sends again by hand what is dead all the same. Returns the ids of all that had died. */
export async function mendDeliveries(ctx: Context): Promise<string[]> {
  const died = (await ctx.store.outbox.list({ state: 'dead' })).map(({ id }) => id);
  for (const { id, stop } of await ctx.store.instances.list()) if (stop !== null) await resumeInstance(ctx, id);
  const dead = (await ctx.store.outbox.list({ state: 'dead' })).map(({ id }) => id);
  if (dead.length > 0) await resendEvents(ctx, { ids: dead });
  return died;
}

/** Polls and delivers everything. Returns what is still open; nothing, once all is told. */
export async function settle(ctx: Context, ids: readonly number[]): Promise<string[]> {
  const results = await runPolls(ctx, ids, { deliver: true, scheduled: false });
  const open = results
    .filter(({ summary }) => summary.status !== 'ok')
    .map(({ summary: { id, status, error } }) => `instance ${id} is ${status}: ${error?.message}`);
  for (const state of ['pending', 'dead', 'stored'] as const) {
    const rows = await ctx.store.outbox.list({ state });
    open.push(...rows.map(({ id, lastError }) => `notification ${id} is ${state}: ${lastError}`));
  }
  for (const { id, authFailedAt, lastError } of await ctx.store.instances.list()) {
    if (authFailedAt !== null || lastError !== null) open.push(`instance ${id} still reports ${lastError}`);
  }
  return open;
}
