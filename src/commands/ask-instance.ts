import { accountName, authorize, listAccounts } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import type { AskForGrant, Granted } from '../core/instances/index.js';
import { entryOf } from '../core/resources/default-entry.js';
import { SUPPORTED_PATHS } from '../core/resources/url.js';
import { isRecord } from '../core/value-form.js';
import type { Ui } from '../ui/output.js';
import type { Prompts } from '../ui/prompts.js';
import type { FlagFields } from './instance-flags.js';

/** Fields of a body, and the grant that the person chose (absent: --account names it). */
export interface AskedInstance {
  fields: FlagFields;
  ask?: AskForGrant;
}

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
  const granted = given.account === undefined ? await askGrant(ctx, ui, person) : null;
  const name = given.fields.name ?? (await person.input('Name of the instance', { check: notEmpty }));
  const configuration = await askConfiguration(person, given.fields.configuration);
  const tags = given.fields.tags ?? split(await person.input('Tags, separated by commas (empty: the name)'));
  if (!given.yes && !(await person.confirm(`Create the instance "${name}"?`, true))) {
    throw new CoreError('failed', 'cancelled: no instance was made');
  }
  return {
    fields: { name, tags, configuration },
    ...(granted === null ? {} : { ask: async () => granted }),
  };
}

/** What a body lacks and a person can say: its name now, the grant when the rest of the body is known to be right. */
export async function askForRest(
  ctx: Context,
  ui: Ui,
  prompts: () => Promise<Prompts>,
  body: unknown,
): Promise<{ body: unknown; ask: AskForGrant }> {
  const ask = async () => askGrant(ctx, ui, await prompts());
  if (!isRecord(body) || (body['name'] !== undefined && body['name'] !== null)) return { body, ask };
  const person = await prompts();
  return { body: { ...body, name: await person.input('Name of the instance', { check: notEmpty }) }, ask };
}

async function askConfiguration(
  person: Prompts,
  given: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const configuration = { ...given };
  const ask = async (key: string, question: () => Promise<unknown>) => {
    if (configuration[key] === undefined) configuration[key] = await question();
  };
  await ask('event.notification.enabled', () => person.confirm('Turn on events?', true));
  if (String(configuration['event.notification.enabled']) !== 'true') return configuration;
  await ask('event.notification.callback.url', async () => {
    const url = await person.input('Callback URL (empty: events are kept here to be read)', { check: urlOrEmpty });
    return url.trim() === '' ? null : url.trim();
  });
  await ask('event.poller.refresh_interval', async () =>
    (await person.input('Minutes between polls', { default: '15', check: minutes })).trim(),
  );
  await ask('event.poller.configuration', async () => {
    const choices = SUPPORTED_PATHS.map((path) => ({ name: path, value: path, checked: path === 'changed-messages' }));
    return Object.fromEntries((await person.checkbox('Resources to poll', choices)).map(entryOf));
  });
  return configuration;
}

async function askGrant(ctx: Context, ui: Ui, person: Prompts): Promise<Granted> {
  const accounts = await listAccounts(ctx);
  const known = accounts.map((account) => ({ name: accountName(account, accounts), value: { account } }));
  if (known.length > 0) {
    const another = { name: 'Authorize another account now', value: null };
    const chosen = await person.select<Granted | null>('Gmail account', [...known, another]);
    if (chosen !== null) return chosen;
  }
  const onUrl = (url: string) => ui.note(`Open this address to authorize gmail-events:\n${url}`);
  return { grant: await authorize(ctx, { onUrl }) };
}

function split(text: string): string[] {
  return text.split(',').map((tag) => tag.trim());
}

function notEmpty(answer: string): string | null {
  return answer.trim() === '' ? 'A name is needed.' : null;
}

function urlOrEmpty(answer: string): string | null {
  return answer.trim() === '' || /^https?:\/\/./i.test(answer.trim()) ? null : 'An http or https URL, or nothing.';
}

function minutes(answer: string): string | null {
  return Number(answer) >= 1 ? null : 'A number of 1 or more.';
}
