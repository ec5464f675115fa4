import type { Command } from 'commander';
import { action, type Done } from './run.js';

export function addEvents(program: Command, done: Done): void {
  const events = program
    .command('events')
    .summary('list, show, resend and discard notifications')
    .description('The outbox: notifications and what became of them.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ gmail-events events list --state pending\n  $ gmail-events events resend --state dead',
    );
  filters(events.command('list'))
    .description('Notifications in queue order.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ gmail-events events list --state pending\n  $ gmail-events events list --since 2h --json',
    )
    .action(
      action(
        done,
        () => import('../commands/events-list.js'),
        (flags) => ({ ...flags }),
      ),
    );
  events
    .command('show')
    .argument('<id>', "a notification's id, as events list shows it")
    .description('A notification with its body and every attempt.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events events show ID --json')
    .action(
      action(
        done,
        () => import('../commands/events-show.js'),
        (_flags, args) => ({ id: args[0] ?? '' }),
      ),
    );
  filters(events.command('resend').argument('[id...]', 'ids of notifications; or a filter by flags'))
    .description('Attempts notifications at once, under the same id and with the same bytes.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ gmail-events events resend ID\n  $ gmail-events events resend --state dead --instance 1',
    )
    .action(
      action(
        done,
        () => import('../commands/events-resend.js'),
        (flags, args) => ({ ...flags, ids: args }),
      ),
    );
  filters(events.command('discard').argument('[id...]', 'ids of notifications; or a filter by flags'))
    .option('--yes', 'do not ask')
    .description('Gives notifications up: they are never attempted again by themselves.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events events discard ID --yes')
    .action(
      action(
        done,
        () => import('../commands/events-discard.js'),
        (flags, args) => ({ ...flags, ids: args }),
      ),
    );
}

function filters(command: Command): Command {
  return command
    .option('--state <state>', 'pending, delivered, dead or stored')
    .option('--instance <instance>', 'ID or NAME')
    .option('--resource <name>', "a resource's name, or mailbox")
    .option('--since <time>', 'ISO 8601, or 30m, 2h, 3d')
    .option('--limit <n>', 'at most so many');
}
