import { findAccount, type OAuthClient } from '../accounts/index.js';
import type { Context } from '../context.js';
import { CoreError, type Fault } from '../errors.js';
import type { AccountDocument, InstanceDocument } from '../types.js';
import { isRecord } from '../value-form.js';
import { type CheckedBody, checkBody } from './body.js';
import { largestFileId } from './find.js';
import { baseline, keepGrant, limitFaults, redeem } from './grant.js';
import { type AskForGrant, type Granted, type GrantRequest, planGrant } from './grant-request.js';
import { claim, NOTHING_KEPT, takenIds } from './kept-ids.js';
import { refusal } from './refusal.js';
import { storeInstance } from './store-instance.js';

export interface CreateOptions {
  /** EMAIL or EMAIL/CLIENT_ID of an account that is authorized already; a code in the body is then not used. */
  account?: string | undefined;
  /** Made from the command line: its callback may be a private or loopback address. */
  allowPrivate: boolean;
  /** Keep an export's id and token when they are free. */
  keepIds?: boolean | undefined;
  /** Of --client-secret-file: what a body does not say of its OAuth client. */
  client?: OAuthClient | undefined;
  /** When the body names no way to a grant. */
  ask?: AskForGrant | undefined;
  /** Of many: every body is right, and so many instances are about to be made. */
  onPlanned?: ((count: number) => void) | undefined;
}

export interface CreatedInstance {
  document: InstanceDocument;
  email: string;
  /** Sentences for a person. */
  warnings: string[];
}

/**
 * Makes an instance of a body of `POST /instances`. All faults at once as CoreError `usage`; what Google refuses as
 * GmailError. Either way nothing is stored. The code, good for one use, is used last. Nothing is sent to the callback.
 */
export async function createInstance(ctx: Context, body: unknown, options: CreateOptions): Promise<CreatedInstance> {
  const account = await namedAccount(ctx, options.account);
  const planned = await planInstance(ctx, body, { ...options, ...account });
  if (planned.faults.length > 0 || planned.request === null) throw refusal('the body', planned.faults);
  const { kept, warnings } = options.keepIds === true ? claim(await takenIds(ctx), planned.body.kept) : NOTHING_KEPT;
  const granted = await redeem(ctx, planned.request);
  const largestId = await largestFileId(ctx);
  const created = await finishInstance(ctx, { ...planned.body, kept }, granted, {
    allowPrivate: options.allowPrivate,
    largestId,
    baselineOf: baseline,
  });
  return { ...created, warnings: [...warnings, ...created.warnings] };
}

/** A body checked and its grant planned; faults of both. */
export async function planInstance(
  ctx: Context,
  body: unknown,
  options: CreateOptions & { found: AccountDocument | null; accountFaults: Fault[] },
): Promise<{ body: CheckedBody; request: GrantRequest | null; faults: Fault[] }> {
  const checked = checkBody(body, { allowPrivate: options.allowPrivate, keepIds: options.keepIds === true });
  const faults = [...options.accountFaults, ...checked.faults];
  const unknownAccount = options.account !== undefined && options.found === null;
  if (unknownAccount || !isRecord(body)) return { body: checked, request: null, faults };
  const { externalAuthentication } = checked;
  const plan = await planGrant(ctx, checked.oauth, {
    account: options.found,
    externalAuthentication,
    ask: options.ask,
    client: options.client,
  });
  // What is there and wrong is not missing as well.
  faults.push(...plan.faults.filter(({ path }) => !checked.faults.some((fault) => fault.path === path)));
  if (options.found !== null) faults.push(...limitFaults(checked.configuration.resources, options.found));
  return { body: checked, request: plan.request, faults };
}

/** The account of --account, or the fault of naming it. */
export async function namedAccount(
  ctx: Context,
  name: string | undefined,
): Promise<{ found: AccountDocument | null; accountFaults: Fault[] }> {
  if (name === undefined) return { found: null, accountFaults: [] };
  try {
    return { found: await findAccount(ctx, name), accountFaults: [] };
  } catch (error) {
    if (!(error instanceof CoreError) || error.code !== 'usage') throw error;
    const message = [error.message, error.hint].filter((part) => part !== null).join('. ');
    return { found: null, accountFaults: [{ path: '--account', message: `is refused: ${message}` }] };
  }
}

/** Keeps the grant, takes the baseline and stores the instance. */
export async function finishInstance(
  ctx: Context,
  body: CheckedBody,
  granted: Granted,
  options: { allowPrivate: boolean; largestId: number; baselineOf: typeof baseline },
): Promise<CreatedInstance> {
  const { resources, eventsEnabled } = body.configuration;
  const account = await keepGrant(ctx, granted, resources);
  const needed = eventsEnabled && resources.some((resource) => resource.kind === 'history');
  const cursor = needed ? await options.baselineOf(ctx, granted, account) : null;
  const { allowPrivate, largestId } = options;
  const { document, warnings } = await storeInstance(ctx, { body, account, baseline: cursor, allowPrivate, largestId });
  return {
    document,
    email: account.email,
    warnings: [...warnings, ...body.configuration.warnings, ...maskWarnings(body)],
  };
}

function maskWarnings({ maskedKeys }: CheckedBody): string[] {
  const lost = maskedKeys.filter((key) => key.startsWith('event.'));
  if (lost.length === 0) return [];
  return [`The body held only masks of ${lost.join(', ')}: without them until instances update --config sets them.`];
}
