import { resolveClient } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import { describeInstance, findInstance, MAX_BODY_BYTES, parseBody, updateInstance } from '../core/instances/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { type Input, readInput } from './input.js';
import { type FlagFields, flagFields, type InstanceFlags, namingFlags, overlaid } from './instance-flags.js';
import { instanceText } from './instance-text.js';

export interface InstancesUpdateOptions extends InstanceFlags {
  /** ID or NAME. */
  instance: string;
  /** A file, or - for stdin: the body of `PATCH /instances/{id}`. Flags are put over it, key by key. */
  body?: string;
  /** The same mailbox under another OAuth client. */
  account?: string;
  /** Google's JSON of the OAuth client, for a new code or a new secret. */
  clientSecretFile?: string;
  stdin?: Input;
}

export async function run(options: InstancesUpdateOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const { id } = await findInstance(ctx, options.instance);
  const fields = await flagFields(options);
  const { account, clientSecretFile } = options;
  const client = clientSecretFile === undefined ? undefined : await resolveClient(ctx, { clientSecretFile });
  const update = async (patch: unknown) => updateInstance(ctx, id, patch, { account, client, allowPrivate: true });
  const { document, warnings } =
    options.body === undefined
      ? await namingFlags(async () => update(patchOf(fields, account ?? clientSecretFile)))
      : await update(overlaid(parseBody(await readPatch(options.body, options.stdin), 'the body'), fields));
  const object = await describeInstance(ctx, document);
  ui.data(object);
  ui.text(instanceText(object));
  for (const warning of warnings) ui.warn(warning);
  return 'ok';
}

function readPatch(from: string, stdin: Input | undefined): Promise<Uint8Array> {
  return readInput('--body', from, stdin, MAX_BODY_BYTES);
}

/** `grant`: what else is named, beside the fields. */
function patchOf(fields: FlagFields, grant: string | undefined): unknown {
  const { configuration, ...rest } = fields;
  if (grant === undefined && Object.keys(rest).length + Object.keys(configuration).length === 0) {
    throw new CoreError('usage', 'there is nothing to change: give --body FILE, or a flag such as --interval MINUTES');
  }
  return { ...rest, configuration };
}
