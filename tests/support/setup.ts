import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import { type CliResult, type RunningCli, runCli, startCli, temporaryFolder } from './cli.js';
import { type Receiver, startReceiver } from './receiver.js';
import { type BodyChanges, seedBody } from './seed-body.js';

export { REDIRECT } from './seed-body.js';

/** Every secret a test hands in holds this word, so that one search finds a leak. */
export const SECRET_MARK = 'S3CRET';

export interface World {
  home: string;
  sandbox: Sandbox;
  receiver: Receiver;
  env: Record<string, string>;
  clientSecretFile: string;
  cli(args: string[], stdin?: string): Promise<CliResult>;
  start(args: string[], stdin?: string | null): RunningCli;
  /** The seed's body with its placeholders filled in. */
  body(changes?: BodyChanges): Record<string, unknown>;
  /** Makes an instance by that body and returns its object. */
  create(changes?: BodyChanges): Promise<{ id: number; token: string }>;
  close(): Promise<void>;
}

interface WorldOptions extends SandboxOptions {
  /** config.json, as a person would have edited it. */
  settings?: Record<string, unknown>;
}

/** The double of Google, a receiver and an empty home: the world of one black-box test. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { settings, ...rest } = options;
  const sandbox = await startSandbox({ email: 'ann@example.com', messages: 0, autoConsent: true, ...rest });
  const receiver = await startReceiver();
  const folder = temporaryFolder();
  const home = join(folder.path, 'home');
  if (settings !== undefined) {
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(join(home, 'config.json'), JSON.stringify(settings), { mode: 0o600 });
  }
  const env: Record<string, string> = { ...sandbox.env, GMAIL_EVENTS_HOME: home };
  const clientSecretFile = join(folder.path, 'client_secret.json');
  writeFileSync(clientSecretFile, sandbox.clientSecretFile());
  const cli = (args: string[], stdin = '') => runCli(args, { env, stdin });
  const body: World['body'] = (changes) => seedBody(sandbox, receiver.url, changes);
  return {
    home,
    sandbox,
    receiver,
    env,
    clientSecretFile,
    cli,
    start: (args, stdin) => startCli(args, { env, ...(stdin === undefined ? {} : { stdin }) }),
    body,
    async create(changes) {
      const made = await cli(['create-instance', '--json', '--body', '-'], JSON.stringify(body(changes)));
      if (made.code !== 0) throw new Error(`create-instance ended with ${made.code}: ${made.stderr}`);
      return JSON.parse(made.stdout) as { id: number; token: string };
    },
    async close() {
      await sandbox.close();
      await receiver.close();
      folder.remove();
    },
  };
}
