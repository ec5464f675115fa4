import type { Command } from 'commander';
import { action, type Done, standalone } from './run.js';

export function addPolling(program: Command, done: Done): void {
  program
    .command('poll')
    .argument('[instance...]', 'ID or NAME; all enabled ones when absent')
    .summary('poll once and deliver what is due')
    .description('One poll now, and every due delivery.')
    .option('--due', 'only instances whose time has come: the cron line')
    .option('--no-deliver', 'store the notifications, deliver none')
    .option('--dry-run', 'show what would be emitted and change nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  $ gmail-events poll\n  $ gmail-events poll inbox --json\n  * * * * * gmail-events poll --due --quiet     # crontab',
    )
    .action(
      action(
        done,
        () => import('../commands/poll.js'),
        (flags, args) => ({ ...flags, names: args }),
      ),
    );
  program
    .command('watch')
    .argument('[instance...]', 'ID or NAME; all enabled ones when absent')
    .summary('poll and deliver until stopped')
    .description('Polls every instance at its interval and retries deliveries when they are due, until stopped.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events watch\n  $ gmail-events watch --json | jq .body')
    .action(
      action(
        done,
        () => import('../commands/watch.js'),
        (_flags, args) => ({ names: args }),
      ),
    );
  program
    .command('status')
    .summary('what each instance does, and what needs you')
    .description('Per instance: polls, cursor, deliveries, and the command that fixes what is wrong.')
    .addHelpText(
      'after',
      '\nExit code 0: nothing needs a person; 4: only authorization does; 3: something else does.\n\nExamples:\n  $ gmail-events status\n  $ gmail-events status --json',
    )
    .action(
      action(
        done,
        () => import('../commands/status.js'),
        () => ({}),
      ),
    );
  program
    .command('doctor')
    .summary('look for what is wrong, and say what mends it')
    .description(
      'Looks at the store, its permissions and secrets, the clock, every grant, instance and callback, and changes nothing.',
    )
    .option('--no-send', 'send no test notification to the callbacks')
    .addHelpText(
      'after',
      `
Exit code 0: all is well; 3: something is wrong; 4: only authorization is; 5: the store is.

Examples:
  $ gmail-events doctor
  $ gmail-events doctor --no-send --json | jq '.checks[] | select(.ok | not)'`,
    )
    .action(
      standalone(
        done,
        () => import('../commands/doctor.js'),
        (flags) => ({ ...flags, env: process.env }),
      ),
    );
}
