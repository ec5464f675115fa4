import { accountHealth, accountName, findAccount, listAccounts } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import { type AskForGrant, type Granted, limitFaults, newSigningSecret } from '../core/instances/index.js';
import { entryOf } from '../core/resources/default-entry.js';
import { checkResources, SUPPORTED_PATHS } from '../core/resources/url.js';
import type { AccountDocument } from '../core/types.js';
import { isRecord } from '../core/value-form.js';
import type { Ui } from '../ui/output.js';
import type { Prompts } from '../ui/prompts.js';
import { callbackAnswer, minutesAnswer, nameAnswer, tagsAnswer, tagsOf } from './answer-checks.js';
import { askClient, knownClient } from './ask-client.js';
import { askConsent } from './ask-consent.js';
import type { FlagFields } from './instance-flags.js';
import { instancePlan } from './instance-plan.js';
import { LISTEN_URL } from './listen-url.js';

/** Fields of a body, and the grant that the person chose (absent: --account names it). */
export interface AskedInstance {
  fields: FlagFields;
  ask?: AskForGrant;
  /** The signing secret that was made for it: the person has no other copy. */
  newSecret: string | null;
}

const SIGNING_KEYS = ['event.notification.signing.secret', 'event.notification.signature.key'];

/**
 * The steps of the old service's console: account, name, events, callback URL, interval, resources, tags, confirmation.
 * What flags have said already is not asked again. CoreError `failed` when the person thinks better of it.
 */
export async function askInstance(
  ctx: Context,
  ui: Ui,
  prompts: () => Promise<Prompts>,
  given: { fields: FlagFields; account: string | undefined; yes: boolean },
): Promise<AskedInstance> {
  const person = await prompts();
  const asked = given.account === undefined;
  const account = await (given.account === undefined ? askAccount(ctx, ui, person) : findAccount(ctx, given.account));
  if (asked) ui.paragraph('\nNow what is watched, and where its events go. Enter takes what is proposed.');
  const name =
    given.fields.name ?? (await person.input('Name of the instance', { default: 'inbox', check: nameAnswer }));
  const { configuration, newSecret } = await askConfiguration(ui, person, given.fields.configuration, account);
  const tags =
    given.fields.tags ??
    tagsOf(await person.input('Tags, separated by commas (empty: the name)', { check: tagsAnswer }));
  const fields = { name, tags, configuration };
  if (!given.yes) {
    ui.note(`\n${instancePlan(fields, account.email, ui.livePaint)}\n`);
    if (!(await person.confirm(`Create the instance "${name}"?`, true))) {
      throw new CoreError('failed', 'cancelled: no instance was made');
    }
  }
  return { fields, newSecret, ...(asked ? { ask: async () => ({ account }) } : {}) };
}

/** What a body lacks and a person can say: its name now, the grant when the rest of the body is known to be right. */
export async function askForRest(
  ctx: Context,
  ui: Ui,
  prompts: () => Promise<Prompts>,
  body: unknown,
): Promise<{ body: unknown; ask: AskForGrant }> {
  const ask = async (): Promise<Granted> => ({ account: await askAccount(ctx, ui, await prompts()) });
  if (!isRecord(body) || (body['name'] !== undefined && body['name'] !== null)) return { body, ask };
  const person = await prompts();
  return { body: { ...body, name: await person.input('Name of the instance', { check: nameAnswer }) }, ask };
}

async function askConfiguration(
  ui: Ui,
  person: Prompts,
  given: Readonly<Record<string, unknown>>,
  account: AccountDocument,
): Promise<{ configuration: Record<string, unknown>; newSecret: string | null }> {
  const configuration = { ...given };
  let newSecret: string | null = null;
  const ask = async (key: string, question: () => Promise<unknown>) => {
    if (configuration[key] === undefined) configuration[key] = await question();
  };
  await ask('event.notification.enabled', () => person.confirm('Turn on events?', true));
  if (String(configuration['event.notification.enabled']) !== 'true') return { configuration, newSecret };
  await ask('event.notification.callback.url', async () => {
    ui.paragraph(
      'No receiver yet? Leave it empty, and events are kept here. Or answer listen: gmail-events listen shows them.',
    );
    const url = (await person.input('Callback URL', { check: callbackAnswer })).trim();
    if (url.toLowerCase() === 'listen') return LISTEN_URL;
    return url === '' ? null : url;
  });
  const signed = SIGNING_KEYS.some((key) => configuration[key] !== undefined);
  if (configuration['event.notification.callback.url'] !== null && !signed) {
    if (await person.confirm('Sign what is sent, by a new secret?', true)) {
      newSecret = newSigningSecret();
      configuration['event.notification.signing.secret'] = newSecret;
    }
  }
  await ask('event.poller.refresh_interval', async () =>
    (await person.input('Minutes between polls', { default: '15', check: minutesAnswer })).trim(),
  );
  await ask('event.poller.configuration', async () => {
    const choices = SUPPORTED_PATHS.map((path) => ({
      name: path,
      value: path,
      checked: path === 'changed-messages',
      disabled: readable(path, account) ? (false as const) : '(not with this grant)',
    }));
    return Object.fromEntries((await person.checkbox('Resources to poll', choices)).map(entryOf));
  });
  return { configuration, newSecret };
}

/** One that is authorized already, or one now; for the first one that begins with the OAuth client. */
async function askAccount(ctx: Context, ui: Ui, person: Prompts): Promise<AccountDocument> {
  const accounts = await listAccounts(ctx);
  const lost = await Promise.all(accounts.map((account) => isLost(ctx, account)));
  const known = accounts.map((account, at) => ({
    name: `${accountName(account, accounts)}${lost[at] ? ' (to be authorized again)' : ''}`,
    value: lost[at] ? null : account,
  }));
  if (known.length > 0) {
    const another = { name: 'Authorize another account now', value: null };
    const chosen = await person.select<AccountDocument | null>('Gmail account', [...known, another]);
    if (chosen !== null) return chosen;
  }
  const client = (await knownClient(ctx)) ?? (await askClient(ctx, ui, person));
  return askConsent(ctx, ui, person, client);
}

/** Whether only another consent helps; a service account needs none. */
async function isLost(ctx: Context, account: AccountDocument): Promise<boolean> {
  return account.serviceAccount === null && (await accountHealth(ctx, account.key)).state === 'reauthorize';
}

/** Whether Gmail would show it to whoever holds the account's grant. */
function readable(path: string, account: AccountDocument): boolean {
  const { resources } = checkResources(Object.fromEntries([entryOf(path)]), '');
  return limitFaults(resources, account).length === 0;
}
