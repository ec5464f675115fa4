import type { IncomingHttpHeaders } from 'node:http';
import { CoreError } from '../core/errors.js';
import { MAX_BODY_BYTES } from '../core/instances/index.js';
import { type Check, type ReceiverSecrets, readHeaders, TOLERANCE_SECONDS, verify } from '../core/receiving/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { type Input, readInput } from './input.js';
import { readReceiverSecrets, SECRET_VARIABLES } from './receiver-secrets.js';

export interface SignatureVerifyOptions {
  /** FILE or `-`: the raw bytes as they came. */
  body?: string;
  /** `Name: value` */
  header?: string[];
  headersFile?: string;
  keyFile?: string;
  secretFile?: string;
  /** Seconds that webhook-timestamp may be off; 300 when absent. */
  tolerance?: number;
  stdin?: Input;
  env?: Readonly<Record<string, string | undefined>>;
  now?: () => number;
}

/** A notification with a raw message of Gmail's largest. */
const MAX_NOTIFICATION_BYTES = 100 * 1024 ** 2;
const NEWLINE = /\r?\n$/;

/** Says which signatures hold. CoreError `failed` when one that there is a secret for does not, `usage` when nothing can be checked. */
export async function run(options: SignatureVerifyOptions, ui: Ui): Promise<Outcome> {
  const { tolerance: toleranceSeconds = TOLERANCE_SECONDS, now = Date.now } = options;
  if (options.body === undefined) throw usage('--body', 'is missing: FILE, or - for stdin');
  if (options.body === '-' && options.headersFile === '-')
    throw usage('--headers-file', 'and --body cannot both be stdin');
  if (!Number.isSafeInteger(toleranceSeconds) || toleranceSeconds < 0) {
    throw usage('--tolerance', 'must be a whole number of seconds, 0 or more');
  }
  const secrets = await secretsOf(options);
  const headers = await headersOf(options);
  const body = await readInput('--body', options.body, options.stdin, MAX_NOTIFICATION_BYTES);
  const check = (bytes: Uint8Array) => verify({ headers, body: bytes, secrets, now: now(), toleranceSeconds });
  const verdict = check(body);
  ui.data(verdict);
  for (const [name, each] of [
    ['Elements', verdict.elements],
    ['Standard Webhooks', verdict.standard],
  ] as const) {
    ui.text(line(name, each, ui));
  }
  if (verdict.verified === true) return 'ok';
  const reasons = [verdict.elements, verdict.standard].flatMap(({ reason }) => reason ?? []);
  const newlineLost = withoutNewline(body);
  const hint =
    newlineLost !== null && check(newlineLost).verified === true
      ? 'It holds without the newline at the end of the body, which the file has and the sender did not send.'
      : 'A signature is over the bytes as they came: not over JSON that was parsed and printed again. An old one needs --tolerance.';
  throw new CoreError('failed', `the signature does not hold: ${reasons.join('; ')}`, { hint });
}

async function secretsOf({ keyFile, secretFile, env }: SignatureVerifyOptions): Promise<ReceiverSecrets> {
  const secrets = await readReceiverSecrets(
    { key: { flag: '--key-file', file: keyFile }, secret: { flag: '--secret-file', file: secretFile } },
    env ?? {},
  );
  if (secrets.signatureKey !== null || secrets.signingSecrets.length > 0) return secrets;
  throw new CoreError('usage', 'there is nothing to check a signature against', {
    hint: `Give --key-file (event.notification.signature.key) or --secret-file (whsec_...), or ${SECRET_VARIABLES}.`,
  });
}

/** Those of the file, with single ones put over them. */
async function headersOf({ header = [], headersFile, stdin }: SignatureVerifyOptions): Promise<IncomingHttpHeaders> {
  const headers: IncomingHttpHeaders = {};
  if (headersFile !== undefined) {
    const bytes = await readInput('--headers-file', headersFile, stdin, MAX_BODY_BYTES);
    Object.assign(headers, headersIn('--headers-file', Buffer.from(bytes).toString('utf8')));
  }
  for (const text of header) Object.assign(headers, headersIn('--header', text));
  if ('elements-webhook-signature' in headers || 'webhook-signature' in headers) return headers;
  throw new CoreError('usage', 'there is no signature among the headers', {
    hint: "Give --header 'Elements-Webhook-Signature: sha256=...', or webhook-id, webhook-timestamp and webhook-signature; or --headers-file.",
  });
}

function headersIn(flag: string, text: string): IncomingHttpHeaders {
  const read = readHeaders(text);
  if ('fault' in read) throw usage(flag, read.fault);
  return read.headers;
}

function line(name: string, { result, reason }: Check, ui: Ui): string {
  const colour = { valid: ui.paint.green, unchecked: ui.paint.dim, invalid: ui.paint.red, missing: ui.paint.red }[
    result
  ];
  return `${name.padEnd(19)}${colour(result)}${reason === null ? '' : `: ${reason}`}`;
}

function withoutNewline(body: Uint8Array): Uint8Array | null {
  const text = Buffer.from(body).toString('latin1');
  return NEWLINE.test(text) ? Buffer.from(text.replace(NEWLINE, ''), 'latin1') : null;
}

function usage(path: string, message: string): CoreError {
  return new CoreError('usage', `${path} ${message}`, { faults: [{ path, message }] });
}
