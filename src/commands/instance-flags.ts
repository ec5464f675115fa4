import { CoreError, type ErrorCode, type Fault } from '../core/errors.js';
import { fieldFaults, MAX_BODY_BYTES, SECRET_KEYS } from '../core/instances/index.js';
import { entryOf } from '../core/resources/default-entry.js';
import { isRecord } from '../core/value-form.js';
import { readInput } from './input.js';

/** The flags that create-instance and `instances update` share. */
export interface InstanceFlags {
  name?: string;
  tag?: string[];
  callbackUrl?: string;
  interval?: string;
  /** NAME, NAME=URL or a url. */
  resource?: string[];
  signingSecretFile?: string;
  /** KEY=VALUE, KEY=@FILE; an empty VALUE removes the key. */
  config?: string[];
  events?: boolean;
}

/** What the flags say, as fields of a body. */
export interface FlagFields {
  name?: string;
  tags?: string[];
  configuration: Record<string, unknown>;
}

const FLAG_OF: Record<string, string> = {
  name: '--name',
  tags: '--tag',
  'providerData.code': '--account',
  'configuration["event.notification.callback.url"]': '--callback-url',
  'configuration["event.poller.refresh_interval"]': '--interval',
  'configuration["event.poller.configuration"]': '--resource',
  'configuration["event.notification.signing.secret"]': '--signing-secret-file',
};

export async function flagFields(flags: InstanceFlags): Promise<FlagFields> {
  const faults: Fault[] = [];
  const configuration: Record<string, unknown> = await configValues(flags.config ?? [], faults);
  if (flags.callbackUrl !== undefined) configuration['event.notification.callback.url'] = flags.callbackUrl || null;
  if (flags.interval !== undefined) configuration['event.poller.refresh_interval'] = flags.interval;
  if (flags.resource !== undefined) configuration['event.poller.configuration'] = entries(flags.resource, faults);
  if (flags.events !== undefined) configuration['event.notification.enabled'] = flags.events;
  if (flags.signingSecretFile !== undefined) {
    const secret = await readSecret('--signing-secret-file', flags.signingSecretFile);
    configuration['event.notification.signing.secret'] = secret;
  }
  if (faults.length > 0) throw flagRefusal(faults);
  return {
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.tag === undefined ? {} : { tags: flags.tag }),
    configuration,
  };
}

/** The body with what the flags say put over it, key by key. A body that is no object is left for the core to refuse. */
export function overlaid(body: unknown, fields: FlagFields): unknown {
  if (!isRecord(body)) return body;
  const { configuration, ...rest } = fields;
  const own = body['configuration'];
  if (Object.keys(configuration).length === 0) return { ...body, ...rest };
  return { ...body, ...rest, configuration: isRecord(own) ? { ...own, ...configuration } : configuration };
}

/** CoreError `usage` for flags that no answer to a question could set right: before the first is asked. */
export function refuseFlags(fields: FlagFields): void {
  const faults = fieldFaults(fields, { allowPrivate: true });
  if (faults.length > 0) throw flagRefusal(faults.map(({ path, message }) => ({ path: flagOf(path), message })));
}

/** Runs `work`; faults of what only flags can have said are told by the names of the flags. */
export async function namingFlags<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CoreError) || error.faults.length === 0) throw error;
    const faults = error.faults.map(({ path, message }) => ({ path: flagOf(path), message }));
    throw flagRefusal(faults, error);
  }
}

/** The error of flags: its message names every fault, one a line. */
export function flagRefusal(
  faults: Fault[],
  { code = 'usage', hint = null }: { code?: ErrorCode; hint?: string | null } = {},
): CoreError {
  const named = faults.map((fault) => `${fault.path} ${fault.message}`);
  const head = named.length === 1 ? '' : `${named.length} flags are wrong or missing:\n`;
  return new CoreError(code, `${head}${named.join('\n')}`, { faults, ...(hint === null ? {} : { hint }) });
}

function flagOf(path: string): string {
  const known = Object.entries(FLAG_OF).find(([start]) => path === start || path.startsWith(`${start}[`));
  return known === undefined ? path : `${known[1]}${path.slice(known[0].length)}`;
}

function entries(texts: string[], faults: Fault[]): Record<string, unknown> {
  const named = texts.map(entryOf);
  for (const [at, [name]] of named.entries()) {
    const first = named.findIndex(([other]) => other === name);
    if (first < at) faults.push({ path: '--resource', message: `names ${name} twice` });
  }
  return Object.fromEntries(named);
}

async function configValues(pairs: string[], faults: Fault[]): Promise<Record<string, unknown>> {
  const values: [string, unknown][] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const [key, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    if (equals <= 0) faults.push({ path: '--config', message: 'has no key; accepted: KEY=VALUE, or KEY=@FILE' });
    else if (value.startsWith('@')) values.push([key, await readSecret(`--config ${key}`, value.slice(1))]);
    else if (SECRET_KEYS.has(key) && value !== '') {
      const message = 'is a secret, which the command line would show to others; accepted: KEY=@FILE';
      faults.push({ path: `--config ${key}`, message });
    } else values.push([key, value === '' ? null : value]);
  }
  return Object.fromEntries(values);
}

async function readSecret(flag: string, file: string): Promise<string> {
  const bytes = await readInput(flag, file, undefined, MAX_BODY_BYTES);
  return Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
}
