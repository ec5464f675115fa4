import {
  accountName,
  beginSignIn,
  finishSignIn,
  type Grant,
  isMetadataOnly,
  listAccounts,
  saveGrant,
} from '../../../core/accounts/index.js';
import { CoreError, isReported } from '../../../core/errors.js';
import { describeInstance, updateInstance } from '../../../core/instances/index.js';
import type { AccountDocument, InstanceDocument } from '../../../core/types.js';
import { EMPTY_FORM, readForm } from '../create/form.js';
import { pollNow } from '../instance/poll-now.js';
import { readInstance } from '../instance/read.js';
import type { Pages } from '../pages.js';
import type { Flash, PendingSignIn } from '../security/sessions.js';
import { pageHint } from '../trouble.js';
import type { Visit } from '../visit.js';
import { chosenClient, type KnownClient, knownClient } from './client.js';
import { CALLBACK_PATH } from './paths.js';

/** Authenticating with Google by the redirect URL: there with a state that belongs to the session, and back with a code. */
export function registerOauth(pages: Pages): void {
  pages.action('/oauth/start', start, (visit) => {
    visit.session.draft = readForm(visit.form);
    return '/instances/new';
  });
  pages.action('/instances/:id/authenticate', startAgain, ({ params }) => `/instances/${params['id']}`);
  pages.view(CALLBACK_PATH, back);
}

async function start(visit: Visit): Promise<string> {
  const draft = readForm(visit.form);
  const clientSecret = visit.form.get('client-secret')?.trim() ?? '';
  const client = await chosenClient(visit.ctx, { clientId: draft.clientId, clientSecret });
  visit.session.draft = draft;
  return toGoogle(visit, client, { scope: draft.scope, instanceId: null });
}

async function startAgain(visit: Visit): Promise<string> {
  const { ctx } = visit;
  const instance = await readInstance(visit);
  const account = await ctx.store.accountFiles.read(instance.account);
  if (account !== null && account.serviceAccount !== null) {
    throw new CoreError('usage', 'this mailbox is read through a service account, which has no consent page', {
      hint: 'Run gmail-events auth --service-account-file on the server.',
    });
  }
  const client = account ?? (await knownClient(ctx));
  if (client === null) {
    throw new CoreError('usage', 'the account is gone, and no OAuth client is known', {
      hint: 'Authenticate the mailbox under New instance, where a client can be given.',
    });
  }
  const { user } = await describeInstance(ctx, instance);
  const scope = account !== null && isMetadataOnly(account.scopes) ? 'metadata' : 'readonly';
  return toGoogle(visit, client, { scope, instanceId: instance.id, email: user.emailAddress });
}

function toGoogle(
  { ctx, session, origin, now }: Visit,
  client: KnownClient,
  options: { scope: string; instanceId: number | null; email?: string },
): string {
  const { scope, instanceId, email } = options;
  const { url, signIn } = beginSignIn(ctx, { client, redirectUri: `${origin}${CALLBACK_PATH}`, scope, email });
  session.addSignIn({ signIn, instanceId, begunAt: now });
  return url;
}

async function back(visit: Visit): Promise<string> {
  const { ctx, session, query, now } = visit;
  const pending = session.takeSignIn(query.get('state'), now);
  if (pending === null) {
    session.flash = {
      kind: 'failed',
      text: 'That answer from Google belongs to no authentication that was begun here, or it came too late. Nothing was stored.',
      hint: 'Begin again here.',
    };
    return '/instances/new';
  }
  const target = pending.instanceId === null ? '/instances/new' : `/instances/${pending.instanceId}`;
  try {
    const grant = await finishSignIn(ctx, pending.signIn, query);
    session.flash = await keep(visit, pending, grant);
  } catch (error) {
    if (!isReported(error)) throw error;
    // A consent that was not given needs no hint but to give it.
    const hint = error.code === 'auth' ? 'Authenticate with Google again to give it another try.' : pageHint(error);
    session.flash = { kind: 'failed', text: error.message, hint: hint ?? undefined };
  }
  return target;
}

/** Keeps the grant for a new instance, or for the one that was to be authenticated again; says which. */
async function keep(visit: Visit, { instanceId }: PendingSignIn, grant: Grant): Promise<Flash> {
  const { ctx, session } = visit;
  if (instanceId === null) {
    const account = await saveGrant(ctx, grant);
    session.draft = { ...(session.draft ?? EMPTY_FORM), account: await nameOf(visit, account), clientId: '' };
    return done(`The mailbox ${account.email} is authenticated. Now choose what is polled.`);
  }
  const instance = await readInstance(visit, instanceId);
  const { user } = await describeInstance(ctx, instance);
  if (user.emailAddress.toLowerCase() !== grant.email.toLowerCase()) {
    throw new CoreError(
      'usage',
      `that was the mailbox ${grant.email}, but this instance reads ${user.emailAddress}; nothing was changed`,
      { hint: 'Choose that mailbox on the page of Google, or make an instance of its own for the other one.' },
    );
  }
  const account = await saveGrant(ctx, grant);
  await moveTo(visit, instance, account);
  // What happened in between is caught up with, and the receiver is told that the grant is restored.
  const poll = await pollNow(visit, instance.id);
  const text = `The mailbox ${account.email} is authenticated again. ${poll.text}`;
  return { ...poll, text };
}

/** Another client's grant of the same mailbox: the instance has to be told. */
async function moveTo(visit: Visit, instance: InstanceDocument, account: AccountDocument): Promise<void> {
  if (instance.account === account.key) return;
  const options = { account: await nameOf(visit, account), allowPrivate: instance.allowPrivate };
  await updateInstance(visit.ctx, instance.id, {}, options);
}

async function nameOf({ ctx }: Visit, account: AccountDocument): Promise<string> {
  return accountName(account, await listAccounts(ctx));
}

function done(text: string): Flash {
  return { kind: 'done', text };
}
