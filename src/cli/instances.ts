import type { Command } from 'commander';
import { action, type Done, repeated } from './run.js';

export function addInstances(program: Command, done: Done): void {
  instanceFlags(
    program
      .command('create-instance')
      .summary('make a poller: from a body, flags or questions')
      .description('Makes an instance from a body, from flags or, on a terminal, by questions.')
      .option('--body <file>', "the old service's POST /instances body (JSON); - reads stdin")
      .option('--bulk <file>', 'NDJSON, one body a line (a whole export); - reads stdin')
      .option('--keep-ids', "keep the body's own id and token where they are free"),
    {
      interval: ' (default: 15)',
      resource: ' (default: changed-messages)',
      events: 'poll (the default of flags and questions)',
    },
  )
    .option('--account <email>', 'an account that `auth` authorized: EMAIL, or EMAIL/CLIENT_ID')
    .option('--client-secret-file <file>', "Google's JSON of the OAuth client, for what a body does not say of it")
    .option('--yes', 'do not ask for a confirmation')
    .addHelpText(
      'after',
      `
Examples:
  $ gmail-events create-instance --body instance.json
  $ gmail-events create-instance --account me@gmail.com --name inbox --callback-url https://example.com/events \\
      --interval 5 --resource 'changed-messages=changed-messages?labelIds=INBOX'
  $ gmail-events create-instance --bulk export.ndjson --keep-ids`,
    )
    .action(
      action(
        done,
        () => import('../commands/create-instance.js'),
        (flags) => ({ ...flags, stdin: process.stdin }),
      ),
    );
  const instances = program
    .command('instances')
    .summary('list, show, change and delete pollers')
    .description('The pollers that exist.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ gmail-events instances list\n  $ gmail-events instances update 1 --interval 5',
    );
  instances
    .command('list')
    .description('All instances.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events instances list --json')
    .action(
      action(
        done,
        () => import('../commands/instances-list.js'),
        () => ({}),
      ),
    );
  instances
    .command('show')
    .argument('<instance>', 'ID or NAME')
    .option('--token', 'with its token in full')
    .description('One instance, secrets masked.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events instances show 1 --json')
    .action(
      action(
        done,
        () => import('../commands/instances-show.js'),
        (flags, args) => ({ ...flags, instance: args[0] ?? '' }),
      ),
    );
  instanceFlags(
    instances
      .command('update')
      .argument('<instance>', 'ID or NAME')
      .description('Changes what is named and nothing else.')
      .option('--body <file>', 'JSON with the fields to change; null removes a key; - reads stdin')
      .option('--account <email>', 'the same mailbox under another OAuth client: EMAIL/CLIENT_ID')
      .option('--client-secret-file <file>', "Google's JSON of the OAuth client, for a new code or secret"),
    { interval: '', resource: '; replaces all there were', events: 'poll' },
  )
    .addHelpText(
      'after',
      `
Examples:
  $ gmail-events instances update 1 --interval 5
  $ gmail-events instances update 1 --callback-url https://example.com/new
  $ gmail-events instances update 1 --config event.notification.signature.key=@key.txt`,
    )
    .action(
      action(
        done,
        () => import('../commands/instances-update.js'),
        (flags, args) => ({ ...flags, instance: args[0] ?? '', stdin: process.stdin }),
      ),
    );
  instances
    .command('delete')
    .argument('<instance>', 'ID or NAME')
    .option('--yes', 'do not ask')
    .description('Deletes an instance and drops what it has pending.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events instances delete 1 --yes')
    .action(
      action(
        done,
        () => import('../commands/instances-delete.js'),
        (flags, args) => ({ ...flags, instance: args[0] ?? '' }),
      ),
    );
  for (const [verb, description, load] of [
    ['enable', 'Polls and delivers again.', () => import('../commands/instances-enable.js')],
    ['disable', 'Neither polls nor delivers; cursor and rows wait.', () => import('../commands/instances-disable.js')],
    ['resume', 'Lifts a stop: all that is pending is due at once.', () => import('../commands/instances-resume.js')],
  ] as const) {
    instances
      .command(verb)
      .argument('<instance>', 'ID or NAME')
      .description(description)
      .addHelpText('after', `\nExamples:\n  $ gmail-events instances ${verb} 1`)
      .action(action(done, load, (_flags, args) => ({ instance: args[0] ?? '' })));
  }
}

/** The flags that create-instance and update share, and how they differ. */
function instanceFlags(command: Command, says: { interval: string; resource: string; events: string }): Command {
  return command
    .option('--name <name>', 'name, 1 to 255 characters')
    .option('--tag <tag>', 'a tag; may be given several times', repeated)
    .option('--callback-url <url>', "where events are POSTed to; '' for none: they are kept to be read")
    .option('--interval <minutes>', `minutes between polls${says.interval}`)
    .option('--resource <name[=url]>', `what is polled; may be given several times${says.resource}`, repeated)
    .option('--signing-secret-file <file>', 'a whsec_... secret (two, separated by a space, while it changes)')
    .option(
      '--config <key=value>',
      'any configuration key; KEY=@FILE reads a secret from a file, KEY= removes',
      repeated,
    )
    .option('--events', says.events)
    .option('--no-events', 'do not poll');
}
