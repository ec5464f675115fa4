import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import { callbackUrlFault } from '../core/instances/callback-url.js';
import { findInstance, readSettings } from '../core/instances/index.js';
import { entryOf } from '../core/resources/default-entry.js';
import type { InstanceDocument, InstanceSettings, Resource } from '../core/types.js';
import { isoTime } from '../ui/time.js';
import { namingFlags } from './instance-flags.js';
import { readReceiverSecrets } from './receiver-secrets.js';

export interface TriggerTargetOptions {
  /** ID or NAME. */
  instance?: string;
  /** A receiver's address instead of an instance's. */
  url?: string;
  /** The instance's resource; with `url` NAME, NAME=URL or a url. The first one when absent. */
  resource?: string;
  /** `cloud-elements` or `cloudevents`; the instance's own when absent. */
  format?: string;
  /** With `url`. */
  signatureKeyFile?: string;
  signingSecretFile?: string;
}

/** Whose notification is sent, and of which resource. */
export interface TriggerTarget {
  instance: InstanceDocument;
  settings: InstanceSettings;
  resource: Resource;
  /** The mailbox's address. */
  email: string;
  /** false: the instance stands in for none in the store. */
  stored: boolean;
}

const DEFAULT_RESOURCE = 'changed-messages';
const FORMATS = ['cloud-elements', 'cloudevents'] as const;

/** CoreError `usage` for what is missing, unknown or does not go together. */
export async function triggerTarget(options: TriggerTargetOptions, ctx: Context): Promise<TriggerTarget> {
  const { instance, url } = options;
  if (instance !== undefined && url !== undefined) {
    throw usage('--url', 'goes with no instance: an instance has its own callback URL');
  }
  const format = FORMATS.find((each) => each === options.format);
  if (options.format !== undefined && format === undefined) {
    throw usage('--format', `must be ${FORMATS.join(' or ')}`);
  }
  if (url !== undefined) return urlTarget(url, options, ctx);
  if (instance === undefined) {
    throw new CoreError('usage', 'trigger needs an instance, or an address with --url', {
      hint: 'gmail-events instances list shows the instances.',
    });
  }
  const target = await instanceTarget(instance, options, ctx);
  return format === undefined ? target : { ...target, settings: { ...target.settings, format } };
}

async function instanceTarget(name: string, options: TriggerTargetOptions, ctx: Context): Promise<TriggerTarget> {
  for (const [flag, file] of [
    ['--signature-key-file', options.signatureKeyFile],
    ['--signing-secret-file', options.signingSecretFile],
  ] as const) {
    if (file !== undefined) throw usage(flag, 'goes with --url only: an instance signs with its own secrets');
  }
  const instance = await findInstance(ctx, name);
  const settings = readSettings(instance);
  if (settings.callbackUrl === null) {
    throw new CoreError('usage', `instance ${instance.id} has no callback URL to send a test to`, {
      hint: `Set one: gmail-events instances update ${instance.id} --callback-url URL; or use trigger --url URL.`,
    });
  }
  const { resources } = settings;
  const resource =
    options.resource === undefined ? resources[0] : resources.find((each) => each.name === options.resource);
  if (resource === undefined) {
    const names = resources.map((each) => each.name).join(', ');
    throw usage(
      '--resource',
      `is none of instance ${instance.id}; accepted: ${names === '' ? 'none, it has no resource' : names}`,
    );
  }
  return { instance, settings, resource, email: await mailboxOf(instance, ctx), stored: true };
}

/** An instance that exists for this one command: so the sample is built, signed and sent as any other. */
async function urlTarget(url: string, options: TriggerTargetOptions, ctx: Context): Promise<TriggerTarget> {
  const fault = callbackUrlFault(url, true);
  if (fault !== null) throw usage('--url', fault);
  const secrets = await readReceiverSecrets(
    {
      key: { flag: '--signature-key-file', file: options.signatureKeyFile },
      secret: { flag: '--signing-secret-file', file: options.signingSecretFile },
    },
    ctx.env,
  );
  const [name, entry] = entryOf(options.resource ?? DEFAULT_RESOURCE);
  const instance: InstanceDocument = {
    id: 0,
    uuid: 'test',
    token: '',
    name: 'test',
    tags: ['test'],
    elementKey: 'gmail',
    createdDate: isoTime(ctx.clock.now()) ?? '',
    account: '',
    disabled: false,
    externalAuthentication: 'none',
    allowPrivate: true,
    configuration: {
      'event.notification.enabled': 'true',
      'event.notification.callback.url': url,
      'event.poller.configuration': JSON.stringify({ [name]: entry }),
      ...(options.format === undefined ? {} : { 'event.notification.format': options.format }),
    },
  };
  const settings = { ...(await namingFlags(async () => readSettings(instance))), ...secrets };
  const [resource] = settings.resources;
  if (resource === undefined) throw usage('--resource', 'names nothing');
  return { instance, settings, resource, email: 'you@example.com', stored: false };
}

/** A test can be sent when the grant is gone: then the name of its file stands in for the address. */
async function mailboxOf(instance: InstanceDocument, ctx: Context): Promise<string> {
  return (await ctx.store.accountFiles.read(instance.account))?.email ?? instance.account;
}

function usage(path: string, message: string): CoreError {
  return new CoreError('usage', `${path} ${message}`, { faults: [{ path, message }] });
}
