import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from '../context.js';

/** 256 bits each: nobody guesses one, so a plain hash of it is enough. */
const SECRET_BYTES = 32;

export interface ServerKey {
  /** Secrets: shown once, kept as hashes. */
  user: string;
  organization: string;
}

/** A new pair of secrets for the API of `serve`. */
export async function createServerKey(ctx: Context): Promise<ServerKey> {
  const secret = () => Buffer.from(ctx.random.bytes(SECRET_BYTES)).toString('base64');
  const key = { user: secret(), organization: secret() };
  await ctx.store.serverKeys.add({
    userHash: hashOf(key.user),
    organizationHash: hashOf(key.organization),
    createdAt: ctx.clock.now(),
  });
  return key;
}

/** Whether there is any pair at all. */
export async function hasServerKeys(ctx: Context): Promise<boolean> {
  return (await ctx.store.serverKeys.list()).length > 0;
}

/**
 * Whether a pair holds this user secret and, where one is given, its own organization secret. All pairs are compared, each
 * in the same time: how long it takes tells nothing.
 */
export async function isServerKey(ctx: Context, user: string, organization?: string): Promise<boolean> {
  const hashes = { user: hashOf(user), organization: organization === undefined ? null : hashOf(organization) };
  let found = false;
  for (const { userHash, organizationHash } of await ctx.store.serverKeys.list()) {
    const same = equal(userHash, hashes.user);
    const paired = hashes.organization === null || equal(organizationHash, hashes.organization);
    found ||= same && paired;
  }
  return found;
}

/** In the same time wherever they differ. */
export function equalSecrets(one: string, other: string): boolean {
  return equal(hashOf(one), hashOf(other));
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

function equal(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
