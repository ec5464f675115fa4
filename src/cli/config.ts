import type { Command } from 'commander';
import { action, type Done, standalone } from './run.js';

export function addConfig(program: Command, done: Done): void {
  const config = program
    .command('config')
    .summary('settings, and the key that encrypts secrets')
    .description('The settings of config.json, and the key that encrypts the files with secrets.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ gmail-events config list\n  $ gmail-events config set retention.deliveredDays 14',
    );
  config
    .command('list')
    .description('Every setting with its value and where it comes from, secrets masked.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events config list --json')
    .action(
      action(
        done,
        () => import('../commands/config-list.js'),
        () => ({}),
      ),
    );
  config
    .command('get')
    .argument('<key>', 'a setting, as config list shows it')
    .description('The value of one setting; a secret is masked.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events config get delivery.timeoutSeconds')
    .action(
      action(
        done,
        () => import('../commands/config-get.js'),
        (_flags, args) => ({ key: args[0] ?? '' }),
      ),
    );
  config
    .command('set')
    .argument('<key>', 'a setting, as config list shows it')
    .argument('[value]', 'its new value; a list is separated by commas')
    .option('--file <file>', 'read the value from a file, as a secret has to be; - reads stdin')
    .option('--unset', 'take it out of config.json, so that the default counts')
    .description('Changes one setting.')
    .addHelpText(
      'after',
      `
Examples:
  $ gmail-events config set delivery.retryWaits 5,60,600
  $ gmail-events config set oauth.clientSecret --file secret.txt
  $ gmail-events config set retention.deadDays --unset`,
    )
    .action(
      action(
        done,
        () => import('../commands/config-set.js'),
        (flags, [key = '', value]) => ({
          ...flags,
          key,
          ...(value === undefined ? {} : { value }),
          stdin: process.stdin,
        }),
      ),
    );
  config
    .command('rekey')
    .option('--remove', 'leave the files in plain text')
    .description('Encrypts the files with secrets under a new key; killed anywhere, it is run again.')
    .addHelpText(
      'after',
      `
The present key is read from GMAIL_EVENTS_ENCRYPTION_KEY (unset: the files are plain), the new one from
GMAIL_EVENTS_NEW_ENCRYPTION_KEY. A key that does not fit is exit 5, and nothing is changed.

Examples:
  $ gmail-events config rekey
  $ gmail-events config rekey --remove`,
    )
    .action(
      standalone(
        done,
        () => import('../commands/config-rekey.js'),
        (flags) => ({ ...flags, env: process.env }),
      ),
    );
}
