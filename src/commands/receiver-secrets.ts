import { CoreError } from '../core/errors.js';
import { MAX_BODY_BYTES } from '../core/instances/index.js';
import { signingSecretFault, signingSecrets } from '../core/instances/signing-secrets.js';
import type { ReceiverSecrets } from '../core/receiving/index.js';
import { readInput } from './input.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A flag with the file it was given, if any. */
interface SecretSource {
  flag: string;
  file: string | undefined;
}

const KEY_VARIABLE = 'GMAIL_EVENTS_SIGNATURE_KEY';
const SECRET_VARIABLE = 'GMAIL_EVENTS_SIGNING_SECRET';

/** How to hand in what signatures are made or checked with, as the end of a hint. */
export const SECRET_VARIABLES = `${KEY_VARIABLE} or ${SECRET_VARIABLE} in the environment`;

/** From files, else from the environment, never from the command line. No fault holds a secret. */
export async function readReceiverSecrets(
  sources: { key: SecretSource; secret: SecretSource },
  env: Environment,
): Promise<ReceiverSecrets> {
  const key = await read(sources.key, KEY_VARIABLE, env);
  const secret = await read(sources.secret, SECRET_VARIABLE, env);
  const fault = secret === null ? null : signingSecretFault(secret.text);
  if (secret !== null && fault !== null) throw refused(secret.from, fault);
  return { signatureKey: key?.text ?? null, signingSecrets: signingSecrets(secret?.text) };
}

async function read(
  { flag, file }: SecretSource,
  variable: string,
  env: Environment,
): Promise<{ from: string; text: string } | null> {
  if (file === undefined) {
    const text = env[variable] ?? '';
    return text === '' ? null : { from: variable, text };
  }
  const bytes = await readInput(flag, file, undefined, MAX_BODY_BYTES);
  // As `create-instance` reads them, so that one file serves both sides.
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  if (text === '') throw refused(flag, `${file} is empty`);
  return { from: flag, text };
}

function refused(path: string, message: string): CoreError {
  return new CoreError('usage', `${path}: ${message}`, { faults: [{ path, message }] });
}
