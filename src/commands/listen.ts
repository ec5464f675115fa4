import { CoreError, type Fault } from '../core/errors.js';
import { type Listener, type Received, type ReceiverSecrets, startListener } from '../core/receiving/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { LISTEN_HOST, LISTEN_PORT } from './listen-url.js';
import { receivedLines } from './received-lines.js';
import { readReceiverSecrets } from './receiver-secrets.js';
import { shellWord as quoted } from './service/program.js';

export interface ListenOptions {
  /** 8686 when absent; 0: a free one. */
  port?: number;
  host?: string;
  signatureKeyFile?: string;
  signingSecretFile?: string;
  /** Of every answer. */
  status?: number;
  /** Milliseconds before an answer. */
  delay?: number;
  /** No answer at all. */
  hang?: boolean;
  /** Only so many requests are answered badly. */
  failFirst?: number;
  /** Ends after so many notifications, repeats included. */
  max?: number;
  env?: Readonly<Record<string, string | undefined>>;
  now?: () => number;
  /** Ends the receiver; without it SIGINT and SIGTERM do. */
  signal?: AbortSignal;
}

/** setTimeout fires at once beyond 24.8 days. */
const LONGEST_DELAY_MS = 2_000_000_000;

/** Receives notifications and prints them until it is told to end. */
export async function run(options: ListenOptions, ui: Ui): Promise<Outcome> {
  checkFlags(options);
  const { status, hang, failFirst, max, delay: delayMs = 0, now = Date.now } = options;
  const secrets = await readReceiverSecrets(
    {
      key: { flag: '--signature-key-file', file: options.signatureKeyFile },
      secret: { flag: '--signing-secret-file', file: options.signingSecretFile },
    },
    options.env ?? {},
  );
  const listener = await startListener({
    host: options.host ?? LISTEN_HOST,
    port: options.port ?? LISTEN_PORT,
    secrets,
    answers: {
      ...(status === undefined ? {} : { status }),
      ...(hang === undefined ? {} : { hang }),
      ...(failFirst === undefined ? {} : { failFirst }),
    },
    delayMs,
    ...(max === undefined ? {} : { max }),
    now,
    onReceived: (received) => {
      ui.data(receivedObject(received));
      if (!ui.json) ui.text(receivedLines(received, delayMs, ui.paint).join('\n'));
    },
    onOther: (sentence) => ui.warn(sentence),
  });
  try {
    // Before it is said: whoever reads it may end this at once.
    const end = ended(options.signal);
    introduce(listener, secrets, options, ui);
    await Promise.race([listener.full, end]);
  } finally {
    await listener.close();
  }
  return 'ok';
}

function receivedObject({ id, attempt, headers, verdict, status, notification }: Received): object {
  return {
    type: 'notification',
    id,
    attempt,
    headers,
    verified: verdict.verified,
    signatures: { elements: verdict.elements, standard: verdict.standard },
    answered: status,
    body: notification.body,
  };
}

function introduce({ url }: Listener, secrets: ReceiverSecrets, options: ListenOptions, ui: Ui): void {
  const { signatureKeyFile = 'FILE', signingSecretFile = 'FILE' } = options;
  const create = [`gmail-events create-instance --account me@gmail.com --name listen --callback-url ${url}`];
  const trigger = [`gmail-events trigger --url ${url}`];
  if (secrets.signatureKey !== null) {
    create.push(`--config event.notification.signature.key=@${quoted(signatureKeyFile)}`);
    trigger.push(`--signature-key-file ${quoted(signatureKeyFile)}`);
  }
  if (secrets.signingSecrets.length > 0) {
    create.push(`--signing-secret-file ${quoted(signingSecretFile)}`);
    trigger.push(`--signing-secret-file ${quoted(signingSecretFile)}`);
  }
  ui.note(`Listening at ${url}; Ctrl-C ends it.`);
  ui.note(`Events of a mailbox:  ${create.join(' ')}`);
  ui.note(`A test:               ${trigger.join(' ')}`);
  if (secrets.signatureKey === null && secrets.signingSecrets.length === 0) {
    ui.note('Signatures are not checked: --signature-key-file or --signing-secret-file names what to check against.');
  }
}

function checkFlags(options: ListenOptions): void {
  const faults: Fault[] = [];
  const check = (path: string, value: number | undefined, least: number, most: number): void => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    faults.push({ path, message: `must be a whole number from ${least} to ${most}` });
  };
  check('--port', options.port, 0, 65_535);
  check('--status', options.status, 200, 599);
  check('--delay', options.delay, 0, LONGEST_DELAY_MS);
  check('--fail-first', options.failFirst, 1, 1_000_000);
  check('--max', options.max, 1, 1_000_000_000);
  if (options.hang === true && options.status !== undefined) {
    faults.push({ path: '--hang', message: 'gives no answer, so it does not go with --status' });
  }
  if (faults.length === 0) return;
  throw new CoreError('usage', faults.map(({ path, message }) => `${path} ${message}`).join('; '), { faults });
}

function ended(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal === undefined) {
      process.once('SIGINT', () => resolve());
      process.once('SIGTERM', () => resolve());
    } else if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
