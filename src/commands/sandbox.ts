import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoreError, type Fault as InputFault } from '../core/errors.js';
import { FAULT_KINDS, type FaultKind, type Sandbox, SandboxMisuse, startSandbox } from '../sandbox/index.js';
import type { Outcome, Ui } from '../ui/output.js';

export interface SandboxCommandOptions {
  /** 0 or absent: a free one. */
  port?: number;
  host?: string;
  /** In the mailbox at the start. */
  messages?: number;
  /** Seconds between arriving messages; 0: none arrive. */
  every?: number;
  /** `KIND` or `KIND:METHOD`. */
  fault?: string[];
  /** Seconds after which history records are dropped. */
  historyExpiry?: number;
  /** The consent page grants at once. */
  autoConsent?: boolean;
  /** Also write the environment there, to be read with `. FILE`. */
  envFile?: string;
  /** Ends the sandbox; without it SIGINT and SIGTERM do. */
  signal?: AbortSignal;
}

const DEFAULT_MESSAGES = 25;
const DEFAULT_EVERY_S = 20;

/** Runs a double of Google until it is told to end. Prints what points at it: never a secret, only the file of it. */
export async function run(options: SandboxCommandOptions, ui: Ui): Promise<Outcome> {
  checkNumbers(options);
  const folder = await mkdtemp(join(tmpdir(), 'gmail-events-sandbox-'));
  try {
    const sandbox = await started(options);
    try {
      await serve(sandbox, join(folder, 'client_secret.json'), options, ui);
    } finally {
      await sandbox.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return 'ok';
}

async function serve(
  sandbox: Sandbox,
  clientSecretFile: string,
  options: SandboxCommandOptions,
  ui: Ui,
): Promise<void> {
  // Before anything is said: whoever reads it may end this at once.
  const end = ended(options.signal);
  for (const fault of options.fault ?? []) switchOn(sandbox, fault);
  await writeFile(clientSecretFile, sandbox.clientSecretFile(), { mode: 0o600 });
  const env = { ...sandbox.env, GMAIL_EVENTS_CLIENT_ID: sandbox.client.clientId };
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`);
  if (options.envFile !== undefined) await writeEnvironment(options.envFile, exports);
  ui.data({ url: sandbox.url, env, clientSecretFile, email: sandbox.mailbox().email });
  ui.text([...exports, ...nextSteps(sandbox, clientSecretFile)].join('\n'));
  ui.note(`A double of Google runs at ${sandbox.url}; Ctrl-C ends it.`);
  const every = options.every ?? DEFAULT_EVERY_S;
  const arrivals = every > 0 ? setInterval(() => arrive(sandbox, ui), every * 1000) : undefined;
  await end;
  clearInterval(arrivals);
}

async function started(options: SandboxCommandOptions): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1' } = options;
  try {
    return await startSandbox({
      port,
      host,
      messages: options.messages ?? DEFAULT_MESSAGES,
      autoConsent: options.autoConsent === true,
      ...(options.historyExpiry !== undefined && { historyRetentionMs: options.historyExpiry * 1000 }),
    });
  } catch (error) {
    const reasons: Record<string, string> = {
      EADDRINUSE: `port ${port} on ${host} is in use`,
      EACCES: `port ${port} on ${host} may not be opened by this user`,
      EADDRNOTAVAIL: `${host} is no address of this machine`,
      ENOTFOUND: `${host} is no address of this machine`,
    };
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    throw new CoreError('failed', `the sandbox cannot start: ${reason}`, {
      hint: 'Choose another --port or --host, or leave them out.',
    });
  }
}

function checkNumbers(options: SandboxCommandOptions): void {
  const faults: InputFault[] = [];
  const check = (flag: string, value: number | undefined, accepted: string, fits: (value: number) => boolean): void => {
    if (value !== undefined && !fits(value)) faults.push({ path: flag, message: `must be ${accepted}` });
  };
  check('--port', options.port, 'a whole number from 0 to 65535', (port) => isCount(port) && port <= 65_535);
  check('--messages', options.messages, 'a whole number, 0 or more', isCount);
  // A timer of more than 24.8 days would fire at once.
  check('--every', options.every, 'seconds, from 0 to 2000000', (every) => every >= 0 && every <= 2_000_000);
  check('--history-expiry', options.historyExpiry, 'seconds, 0 or more', (seconds) => seconds >= 0);
  if (faults.length === 0) return;
  const message = faults.map((fault) => `${fault.path} ${fault.message}`).join('; ');
  throw new CoreError('usage', message, { faults });
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** @throws CoreError usage for an unknown kind or method. */
function switchOn(sandbox: Sandbox, text: string): void {
  const [kind = '', method = '*'] = text.split(':');
  try {
    sandbox.addFault({ kind: kind as FaultKind, method });
  } catch (error) {
    if (!(error instanceof SandboxMisuse)) throw error;
    throw new CoreError('usage', `--fault ${text}: ${error.message}`, {
      hint: `Write KIND or KIND:METHOD, for example ${FAULT_KINDS[0]}:messages.get.`,
      faults: [{ path: '--fault', message: error.message }],
    });
  }
}

async function writeEnvironment(path: string, exports: string[]): Promise<void> {
  try {
    await writeFile(path, `${exports.join('\n')}\n`, { mode: 0o600 });
  } catch (error) {
    throw new CoreError('failed', `cannot write ${path}: ${(error as Error).message}`, {
      hint: 'Name a file in a folder that you may write to.',
    });
  }
}

function nextSteps({ url, mailbox }: Sandbox, clientSecretFile: string): string[] {
  const { email } = mailbox();
  return [
    '',
    `# OAuth client (Google's client-secret file): ${clientSecretFile}`,
    '# Next, in another shell with the lines above:',
    `#   gmail-events auth --client-secret-file ${quoted(clientSecretFile)}`,
    `#   gmail-events create-instance --account ${email} --name sandbox --resource changed-messages`,
    '#   gmail-events poll',
    '# Without a browser, grant at once: the address that auth prints can then be fetched with curl -L',
    `#   curl -d '{}' ${url}/sandbox/consent`,
    '# To make something happen:',
    `#   curl -d '{"subject":"Hello"}' ${url}/sandbox/receive`,
    `#   curl -d '{"kind":"retryAfter429","method":"messages.get","times":1}' ${url}/sandbox/fault`,
    `#   curl ${url}/sandbox/state`,
  ];
}

function arrive(sandbox: Sandbox, ui: Ui): void {
  const id = sandbox.mailbox().receive();
  ui.note(`New mail: ${id}`);
}

/** For a POSIX shell. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

function ended(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      process.removeListener('SIGINT', end);
      process.removeListener('SIGTERM', end);
      resolve();
    };
    if (signal === undefined) {
      process.once('SIGINT', end);
      process.once('SIGTERM', end);
    } else if (signal.aborted) resolve();
    else signal.addEventListener('abort', end, { once: true });
  });
}
