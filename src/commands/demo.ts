import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../sandbox/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { type DemoNotification, type DemoReceiver, type DemoRecord, startDemoReceiver } from './demo-receiver.js';

const EMAIL = 'you@example.com';

/** The real commands, each in a process of its own, against the double of Google and a receiver on this machine. */
export async function run(_options: object, ui: Ui): Promise<Outcome> {
  const sandbox = await startSandbox({ email: EMAIL, messages: 3 });
  const home = await mkdtemp(join(tmpdir(), 'gmail-events-demo-'));
  const signatureKey = randomBytes(24).toString('base64');
  const receiver = await startDemoReceiver(signatureKey, (notification) => show(notification, ui));
  const command = (args: string[], stdin = '') =>
    gmailEvents(args, { ...process.env, ...sandbox.env, GMAIL_EVENTS_HOME: home, NO_COLOR: '1' }, stdin);
  try {
    ui.note(`A double of Google runs at ${sandbox.url}, a receiver of events at ${receiver.url}.`);
    ui.note('\n$ gmail-events create-instance --body instance.json');
    const made = JSON.parse(
      await command(['create-instance', '--body', '-', '--json'], body(sandbox, receiver, signatureKey)),
    );
    ui.note(`Instance ${made.id} "${made.name}" polls ${made.user.emailAddress}.`);
    await tellStory(sandbox, () => command(['poll', '--json']), ui);
    const problem = complaint(receiver);
    if (problem !== null) throw new Error(problem);
    ui.note(
      `\n${receiver.events} events in ${receiver.notifications} notifications arrived, every signature verified.`,
    );
    ui.note('Next, a real mailbox: gmail-events auth --client-secret-file client_secret.json (see the README).');
    return 'ok';
  } finally {
    await receiver.close();
    await sandbox.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** Mail arrives, is labelled and is deleted; each time the mailbox is polled once. */
async function tellStory(sandbox: Sandbox, poll: () => Promise<string>, ui: Ui): Promise<void> {
  const mailbox = sandbox.mailbox(EMAIL);
  const first = mailbox.receive({ from: 'Ada <ada@example.org>', subject: 'Lunch on Friday?' });
  const second = mailbox.receive({ from: 'Shop <orders@example.net>', subject: 'Your order has shipped' });
  ui.note('\nTwo messages arrive.\n$ gmail-events poll');
  await poll();
  mailbox.modifyLabels(first, { add: ['STARRED'], remove: ['UNREAD'] });
  ui.note('\nOne is read and starred.\n$ gmail-events poll');
  await poll();
  mailbox.delete(second);
  ui.note('\nThe other is deleted for good.\n$ gmail-events poll');
  await poll();
}

/** The body of the old service's POST /instances, as its page shows it. */
function body(sandbox: Sandbox, receiver: DemoReceiver, signatureKey: string): string {
  const callback = 'http://127.0.0.1:9/oauth';
  return JSON.stringify({
    element: { key: 'gmail' },
    providerData: { code: sandbox.grantCode({ email: EMAIL, redirectUri: callback }) },
    configuration: {
      'oauth.api.key': sandbox.client.clientId,
      'oauth.api.secret': sandbox.client.clientSecret,
      'oauth.callback.url': callback,
      'event.notification.enabled': true,
      'event.notification.callback.url': receiver.url,
      'event.notification.signature.key': signatureKey,
      'event.poller.refresh_interval': '15',
      'event.poller.configuration': { 'changed-messages': { url: '/hubs/general/changed-messages', idField: 'id' } },
    },
    tags: ['demo'],
    name: 'Demo',
  });
}

function show(notification: DemoNotification, ui: Ui): void {
  ui.data({ type: 'notification', body: notification });
  for (const [at, event] of notification.message.events.entries()) {
    const record = notification.message.raw['changed-messages'][at];
    const what = [subject(record), changes(record)].filter(Boolean).join('  ');
    ui.text(
      `  ${colourOf(event.eventType, ui)(event.eventType.padEnd(8))} ${event.objectType} ${event.objectId}  ${event.date}  ${what}`,
    );
  }
}

function colourOf(eventType: string, { paint }: Ui): (text: string) => string {
  return { CREATED: paint.green, DELETED: paint.red }[eventType] ?? paint.yellow;
}

function subject(record: DemoRecord | undefined): string {
  return record?.payload?.headers?.find((header) => header.name === 'Subject')?.value ?? '';
}

function changes(record: DemoRecord | undefined): string {
  const of = (record?.changes ?? []).filter((change) => change.labelIds !== undefined);
  return of.map((change) => `${change.type === 'labelsRemoved' ? '-' : '+'}${change.labelIds?.join(',')}`).join(' ');
}

function complaint(receiver: DemoReceiver): string | null {
  if (receiver.badSignatures > 0) return `${receiver.badSignatures} signatures did not verify.`;
  return receiver.events === 4 ? null : `4 events were expected and ${receiver.events} arrived.`;
}

/** Runs the built command line and returns its stdout; what it says on stderr is shown only when it fails. */
function gmailEvents(args: string[], env: NodeJS.ProcessEnv, stdin: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // The program that runs this command.
    const child = spawn(process.execPath, [process.argv[1] ?? '', ...args], { env, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`gmail-events ${args[0]} ended with exit code ${code}: ${stderr.trim()}`));
    });
    child.stdin.end(stdin);
  });
}
