import { LeaseLostError } from '../store/errors.js';
import type { Lease, LeaseName } from '../store/ports/leases.js';
import type { Context } from './context.js';
import { CoreError } from './errors.js';

/** A lease is taken by others 30 s after its last renewal; this leaves two more tries. */
const RENEW_EVERY_MS = 10_000;
const COMMAND_WAIT_MS = 30_000;
const LOOK_EVERY_MS = 100;

/** How long a command still waits (milliseconds): summed up, not read from the clock, which may be set meanwhile. */
export interface Patience {
  leftMs: number;
}

/** What leases need of the context. */
export interface LeaseContext {
  store: Pick<Context['store'], 'leases'>;
  clock: Context['clock'];
}

/** Runs `work` under the lease and renews it meanwhile. null when another process holds it. */
export async function withLease<T>(
  ctx: Pick<LeaseContext, 'store'>,
  name: LeaseName,
  work: (lease: Lease) => Promise<T>,
): Promise<{ value: T } | null> {
  const lease = await ctx.store.leases.acquire(name);
  if (lease === null) return null;
  // A lost lease needs no signal from here: the next transaction under it is refused by its fence.
  const renewal = setInterval(() => {
    ctx.store.leases.renew(lease).catch((error: unknown) => {
      if (error instanceof LeaseLostError) clearInterval(renewal);
    });
  }, RENEW_EVERY_MS);
  try {
    return { value: await work(lease) };
  } finally {
    clearInterval(renewal);
    await ctx.store.leases.release(lease);
  }
}

/** Waits for the lease, telling its holder that it is wanted; exit 75 when the patience (30 s) is at its end. */
export async function withWantedLease<T>(
  ctx: LeaseContext,
  name: LeaseName,
  work: (lease: Lease) => Promise<T>,
  patience: Patience = { leftMs: COMMAND_WAIT_MS },
): Promise<T> {
  for (;;) {
    const done = await withLease(ctx, name, work);
    if (done !== null) return done.value;
    if (patience.leftMs <= 0) {
      throw new CoreError('retry_later', `another gmail-events process is ${busyWith(name)}`, {
        hint: 'Run the command again in a moment.',
      });
    }
    await ctx.store.leases.want(name);
    await ctx.clock.sleep(LOOK_EVERY_MS);
    patience.leftMs -= LOOK_EVERY_MS;
  }
}

function busyWith(name: LeaseName): string {
  const [kind, id] = name.split(':');
  if (kind === 'poll') return `polling instance ${id}`;
  return kind === 'deliver' ? `delivering notifications of instance ${id}` : `busy with "${name}"`;
}

/** Both leases of an instance, for a command that changes it: 30 s in all. `work` is fenced by both. */
export async function withInstance<T>(ctx: LeaseContext, id: number, work: (lease: Lease) => Promise<T>): Promise<T> {
  const patience = { leftMs: COMMAND_WAIT_MS };
  const deliver = (poll: Lease) =>
    withWantedLease(ctx, `deliver:${id}`, (lease) => work({ ...lease, beside: poll }), patience);
  return withWantedLease(ctx, `poll:${id}`, deliver, patience);
}
