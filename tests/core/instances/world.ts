import type { Context } from '../../../src/core/context.js';
import type { Fault, ReportedError } from '../../../src/core/errors.js';
import { createInstance, updateInstance } from '../../../src/core/instances/index.js';
import { systemClock } from '../../../src/core/open.js';
import type { Clock } from '../../../src/core/ports.js';
import type { AccountDocument, InstanceDocument } from '../../../src/core/types.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/index.js';
import { type BodyChanges, seedBody } from '../../support/seed-body.js';
import { temporaryHome } from '../accounts/context.js';

export { REDIRECT } from '../../support/seed-body.js';

export const EMAIL = 'ann@example.com';
export const METADATA = 'https://www.googleapis.com/auth/gmail.metadata';
const READONLY = 'https://www.googleapis.com/auth/gmail.readonly';

/** A double of Google, an empty store, and bodies for both. */
export interface World {
  sandbox: Sandbox;
  ctx: Context;
  clock: { ahead: number };
  /** The seed's second sample with its placeholders filled in. */
  body(changes?: BodyChanges): Record<string, unknown>;
  /** Requests that the double got since the last look, by name. */
  asked(): string[];
  /** An account whose grant is kept, without the browser. */
  account(options?: { email?: string; scope?: string }): Promise<AccountDocument>;
  create(changes?: BodyChanges): Promise<InstanceDocument>;
  update(id: number, patch: unknown): Promise<InstanceDocument>;
  /** Nothing of anything is stored. */
  empty(): Promise<boolean>;
  close(): Promise<void>;
}

export async function openWorld(options: SandboxOptions = {}): Promise<World> {
  const sandbox = await startSandbox({ email: EMAIL, messages: 3, autoConsent: true, ...options });
  const home = temporaryHome();
  const time = { ahead: 0 };
  const clock: Clock = { now: () => Date.now() + time.ahead, sleep: systemClock.sleep };
  const ctx = await home.open(sandbox.env, clock);
  const body: World['body'] = (changes) => seedBody(sandbox, 'https://example.com/events', changes);
  return {
    sandbox,
    ctx,
    clock: time,
    body,
    asked() {
      const methods = sandbox.requests.map((request) => request.method);
      sandbox.resetRequests();
      return methods;
    },
    account: ({ email = EMAIL, scope = READONLY } = {}) => keepAccount(ctx, sandbox, email, scope),
    create: async (changes) => (await createInstance(ctx, body(changes), { allowPrivate: true })).document,
    update: async (id, patch) => (await updateInstance(ctx, id, patch, { allowPrivate: true })).document,
    async empty() {
      const { instanceFiles, accountFiles, instances } = ctx.store;
      const found = await Promise.all([instanceFiles.keys(), accountFiles.keys(), instances.list()]);
      return found.every((list) => list.length === 0);
    },
    async close() {
      await home.close();
      await sandbox.close();
    },
  };
}

async function keepAccount(ctx: Context, sandbox: Sandbox, email: string, scope: string): Promise<AccountDocument> {
  const { grantFromRefreshToken, saveGrant } = await import('../../../src/core/accounts/index.js');
  const { clientId, clientSecret } = sandbox.client;
  const refreshToken = sandbox.grantRefreshToken({ email, scope });
  return saveGrant(ctx, await grantFromRefreshToken(ctx, { refreshToken, clientId, clientSecret }));
}

/** What a promise rejects with; fails when it does not. */
export async function refused(work: Promise<unknown>): Promise<ReportedError & Error> {
  const settled = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (settled === null) throw new Error('it was not refused');
  return settled as ReportedError & Error;
}

export function told(faults: readonly Fault[]): string[] {
  return faults.map(({ path, message }) => `${path} ${message}`);
}
