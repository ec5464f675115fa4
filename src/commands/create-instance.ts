import { resolveClient } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import {
  type CreatedInstance,
  type CreateOptions,
  createInstance,
  instanceObject,
  keepForReceiver,
  MAX_BODY_BYTES,
  parseBody,
} from '../core/instances/index.js';
import type { InstanceDocument } from '../core/types.js';
import type { Outcome, Ui } from '../ui/output.js';
import { createPrompts, type Prompts } from '../ui/prompts.js';
import { type Input, readInput } from './input.js';
import {
  type FlagFields,
  flagFields,
  flagRefusal,
  type InstanceFlags,
  namingFlags,
  overlaid,
  refuseFlags,
} from './instance-flags.js';

export interface CreateInstanceOptions extends InstanceFlags {
  /** A file, or - for stdin: the body of `POST /instances`. Flags are put over it, key by key. */
  body?: string;
  /** A file, or - for stdin: one body a line. */
  bulk?: string;
  /** An export's id and token are kept when they are free. */
  keepIds?: boolean;
  account?: string;
  /** Google's JSON of the OAuth client: for what a body does not say. */
  clientSecretFile?: string;
  yes?: boolean;
  stdin?: Input;
}

/**
 * From a body, from flags, or by questions on a terminal when the flags leave out the account or the name. `prompts` is
 * how a person is asked.
 */
export async function run(
  options: CreateInstanceOptions,
  ctx: Context,
  ui: Ui,
  prompts: () => Promise<Prompts> = createPrompts,
): Promise<Outcome> {
  refuseClashes(options);
  const { clientSecretFile } = options;
  const client = clientSecretFile === undefined ? undefined : await resolveClient(ctx, { clientSecretFile });
  if (options.bulk !== undefined) {
    const { createInBulk } = await import('./create-bulk.js');
    return createInBulk({ ...options, bulk: options.bulk, client }, ctx, ui);
  }
  const fields = await flagFields(options);
  const { account, keepIds } = options;
  const how: CreateOptions = { account, client, keepIds, allowPrivate: true };
  if (options.body !== undefined) {
    const bytes = await readInput('--body', options.body, options.stdin, MAX_BODY_BYTES);
    const body = overlaid(parseBody(bytes, 'the body'), fields);
    if (!ui.interactive) return show(await createInstance(ctx, body, how), ctx, ui);
    const { askForRest } = await import('./ask-instance.js');
    const rest = await askForRest(ctx, ui, prompts, body);
    return show(await createInstance(ctx, rest.body, { ...how, ask: rest.ask }), ctx, ui);
  }
  if (!ui.interactive || (account !== undefined && options.name !== undefined)) {
    return namingFlags(async () => show(await createInstance(ctx, bodyOf(fields), how), ctx, ui));
  }
  refuseFlags(fields);
  const [{ askInstance }, { tryAgain }] = await Promise.all([import('./ask-instance.js'), import('./try-again.js')]);
  const asked = await askInstance(ctx, ui, prompts, { fields, account, yes: options.yes === true });
  const made = () => createInstance(ctx, bodyOf(asked.fields), { ...how, ask: asked.ask });
  const created = await tryAgain(ui, await prompts(), made);
  print(created, ui);
  if (!ui.json) await lead(created, asked.newSecret, ctx, ui, prompts);
  return 'ok';
}

/** On from an instance that was made by questions: its secret for the receiver, a test, what comes next. */
async function lead(
  { document, email }: CreatedInstance,
  newSecret: string | null,
  ctx: Context,
  ui: Ui,
  prompts: () => Promise<Prompts>,
): Promise<void> {
  const [{ tryOut }, { nextSteps }] = await Promise.all([import('./try-out.js'), import('./next-steps.js')]);
  ui.note(`Instance ${document.id} "${document.name}" of ${email} is stored in ${ctx.home}.`);
  const secretFile = newSecret === null ? null : await keepForReceiver(ctx.home, document.id, newSecret);
  if (secretFile !== null) ui.note(`The secret that the receiver verifies by: ${secretFile}`);
  await tryOut(document, ctx, ui, await prompts());
  ui.note(`\n${nextSteps(document, secretFile, ctx, ui.livePaint)}`);
}

/** By flags or questions events are on, unless they were turned off. */
function bodyOf({ configuration, ...fields }: FlagFields): unknown {
  return {
    element: { key: 'gmail' },
    ...fields,
    configuration: { 'event.notification.enabled': true, ...configuration },
  };
}

function show(created: CreatedInstance, ctx: Context, ui: Ui): Outcome {
  print(created, ui);
  if (!ui.json) explain(created.document, created.email, ctx, ui);
  return 'ok';
}

function print({ document, email, warnings }: CreatedInstance, ui: Ui): void {
  ui.data(instanceObject(document, { showToken: true, email }));
  ui.text(`id: ${document.id}\ntoken: ${document.token}`);
  for (const warning of warnings) ui.warn(warning);
}

function explain({ id, name, configuration }: InstanceDocument, email: string, ctx: Context, ui: Ui): void {
  ui.note(`Instance ${id} "${name}" of ${email} is stored in ${ctx.home}.`);
  if (configuration['event.notification.enabled'] !== 'true') {
    ui.note(`Its events are off: gmail-events instances update ${id} --events turns them on.`);
    return;
  }
  if (configuration['event.notification.callback.url'] === undefined) {
    ui.note('It has no callback URL: notifications are kept here, see gmail-events events list.');
  }
  ui.note(`Next: gmail-events poll ${id} (one poll now), gmail-events watch (the loop), gmail-events status.`);
}

/** What a line of the bulk file says itself. */
const NOT_WITH_BULK: [option: keyof CreateInstanceOptions, flag: string][] = [
  ['body', '--body'],
  ['name', '--name'],
  ['tag', '--tag'],
  ['callbackUrl', '--callback-url'],
  ['interval', '--interval'],
  ['resource', '--resource'],
  ['signingSecretFile', '--signing-secret-file'],
  ['config', '--config'],
  ['events', '--events and --no-events'],
];

function refuseClashes(options: CreateInstanceOptions): void {
  if (options.bulk === undefined) return;
  const clashing = NOT_WITH_BULK.filter(([option]) => options[option] !== undefined);
  if (clashing.length === 0) return;
  const faults = clashing.map(([, flag]) => ({
    path: flag,
    message: 'cannot go with --bulk, whose lines say it themselves',
  }));
  throw flagRefusal(faults);
}
