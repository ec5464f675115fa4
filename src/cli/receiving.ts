import type { Command } from 'commander';
import { action, type Done, repeated, standalone } from './run.js';

/** The tools of whoever writes a receiver. */
export function addReceiving(program: Command, done: Done): void {
  secretFiles(
    program
      .command('trigger')
      .argument('[instance]', 'ID or NAME, whose callback is sent to')
      .summary('send a test notification')
      .description("Sends a signed sample notification to an instance's callback, or to --url. Nothing is stored."),
    'with --url: ',
  )
    .option('--url <url>', 'an address instead of an instance')
    .option(
      '--event <type>',
      'CREATED (default), UPDATED, DELETED, GAP, AUTH_FAILED, AUTH_RESTORED, AUTH_EXPIRING, DEAD_LETTER or all; may be given several times',
      repeated,
    )
    .option('--resource <name>', "one of the instance's (default: its first); with --url NAME[=URL]")
    .option('--format <format>', "cloud-elements or cloudevents (default: the instance's)")
    .addHelpText(
      'after',
      `
The ids of tests begin with test-. Exit code 0: all were answered 2xx; 1: none was; 3: some were not.

Examples:
  $ gmail-events trigger 1
  $ gmail-events trigger 1 --event all --json
  $ gmail-events trigger --url http://127.0.0.1:8686/ --event UPDATED --signature-key-file key.txt
  $ gmail-events trigger --url http://127.0.0.1:8686/ --resource labels --format cloudevents`,
    )
    .action(
      action(
        done,
        () => import('../commands/trigger.js'),
        (flags, args) => ({ ...flags, ...(args[0] === undefined ? {} : { instance: args[0] }) }),
      ),
    );
  secretFiles(
    program
      .command('listen')
      .summary('a local receiver that prints notifications')
      .description('Receives notifications, verifies their signatures and prints their events, until it is stopped.'),
    '',
  )
    .option('--port <port>', 'port; 0: a free one (default: 8686)', Number)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--status <code>', 'answer with this (default: 200, and 401 to a signature that does not hold)', Number)
    .option('--delay <ms>', 'wait so long before each answer', Number)
    .option('--hang', 'do not answer')
    .option('--fail-first <n>', 'fail the first N requests only: by --status, --hang or 500', Number)
    .option('--max <n>', 'end after N notifications, repeats included', Number)
    .addHelpText(
      'after',
      `
Examples:
  $ gmail-events listen
  $ gmail-events listen --signature-key-file key.txt --fail-first 2     # see it come a third time
  $ gmail-events listen --port 9000 --max 1 --json | jq .body`,
    )
    .action(
      standalone(
        done,
        () => import('../commands/listen.js'),
        (flags) => ({ ...flags, env: process.env }),
      ),
    );
  const signature = program
    .command('signature')
    .summary('check the signature of a notification')
    .description('Signatures of notifications.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events signature verify --help');
  signature
    .command('verify')
    .description('Checks the Elements and Standard Webhooks signatures of a body against a key or secret.')
    .option('--body <file>', 'the raw bytes as they came; - reads stdin')
    .option('--header <header>', "'Name: value'; may be given several times", repeated)
    .option('--headers-file <file>', 'lines of Name: value, or the JSON object that listen prints; - reads stdin')
    .option('--key-file <file>', 'event.notification.signature.key (or GMAIL_EVENTS_SIGNATURE_KEY)')
    .option('--secret-file <file>', 'a whsec_... secret, or two (or GMAIL_EVENTS_SIGNING_SECRET)')
    .option('--tolerance <seconds>', 'how far webhook-timestamp may be off (default: 300)', Number)
    .addHelpText(
      'after',
      `
Exit code 0: every signature that there is a secret for holds; 1: one does not; 2: there is nothing to check.

Examples:
  $ gmail-events signature verify --body body.json --key-file key.txt --header 'Elements-Webhook-Signature: sha256=...'
  $ gmail-events signature verify --body body.json --secret-file secret.txt --headers-file headers.txt --tolerance 86400`,
    )
    .action(
      standalone(
        done,
        () => import('../commands/signature-verify.js'),
        (flags) => ({ ...flags, stdin: process.stdin, env: process.env }),
      ),
    );
}

function secretFiles(command: Command, when: string): Command {
  return command
    .option('--signature-key-file <file>', `${when}event.notification.signature.key (or GMAIL_EVENTS_SIGNATURE_KEY)`)
    .option('--signing-secret-file <file>', `${when}a whsec_... secret, or two (or GMAIL_EVENTS_SIGNING_SECRET)`);
}
