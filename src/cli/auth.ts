import type { Command } from 'commander';
import { action, type Done } from './run.js';

export function addAuth(program: Command, done: Done): void {
  const auth = program
    .command('auth')
    .summary('authorize a mailbox')
    .description(
      'OAuth for one account: opens the browser (and prints the URL), waits for the consent, keeps the grant.',
    )
    .option('--client-secret-file <file>', "Google's JSON of an `installed` or `web` client")
    .option('--client-id <id>', 'with GMAIL_EVENTS_CLIENT_SECRET in the environment')
    .option('--no-browser', 'print the URL only')
    .option('--manual', 'read the redirected URL from stdin instead of listening for it')
    .option('--callback-url <url>', "redirect URI, one of the client's own")
    .option('--scope <scope>', 'readonly, metadata or a scope URL (default: readonly)')
    .option('--timeout <seconds>', 'how long to wait for the consent; then exit 4 (default: 300)', Number)
    .option('--service-account-file <file>', 'a service account with domain-wide delegation, with --subject')
    .option('--subject <mailbox>', 'the mailbox a service account acts for')
    .addHelpText(
      'after',
      `
Examples:
  $ gmail-events auth --client-secret-file client_secret.json
  $ gmail-events auth --client-secret-file client_secret.json --manual     # on a host without a browser
  $ gmail-events auth --service-account-file key.json --subject sales@example.com`,
    )
    .action(
      action(
        done,
        () => import('../commands/auth.js'),
        (flags) => ({ ...flags, stdin: process.stdin }),
      ),
    );
  auth
    .command('url')
    .description('Prints {"oauthUrl","element"}: the consent page whose code create-instance redeems.')
    // `auth` has these flags too and takes them for itself; the values reach this command all the same.
    .option('--callback-url <url>', "redirect URI, one of the client's own")
    .option('--client-secret-file <file>', "Google's JSON of the client")
    .option('--client-id <id>', 'the client, when there is no file')
    .option('--scope <scope>', 'readonly, metadata or a scope URL (default: readonly)')
    .option('--state <state>', 'comes back beside the code (default: gmail)')
    .addHelpText('after', '\nExamples:\n  $ gmail-events auth url --callback-url https://auth.mycoolapp.com/oauth')
    .action(
      action(
        done,
        () => import('../commands/auth-url.js'),
        (flags) => ({ ...flags }),
      ),
    );
  auth
    .command('list')
    .description('The authorized accounts, and the state of their grants as it was last seen.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events auth list --json')
    .action(
      action(
        done,
        () => import('../commands/auth-list.js'),
        () => ({}),
      ),
    );
  auth
    .command('check')
    .argument('[account]', 'EMAIL or EMAIL/CLIENT_ID; all when absent')
    .description('Refreshes the token and reads the profile: does the grant still work?')
    .addHelpText('after', '\nExamples:\n  $ gmail-events auth check me@gmail.com')
    .action(
      action(
        done,
        () => import('../commands/auth-check.js'),
        (_flags, args) => ({ ...(args[0] === undefined ? {} : { account: args[0] }) }),
      ),
    );
  auth
    .command('revoke')
    .argument('<account>', 'EMAIL or EMAIL/CLIENT_ID')
    .option('--yes', 'do not ask')
    .description('Revokes the grant at Google (for all clients of that Cloud project) and forgets it here.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events auth revoke me@gmail.com --yes')
    .action(
      action(
        done,
        () => import('../commands/auth-revoke.js'),
        (flags, args) => ({ ...flags, account: args[0] ?? '' }),
      ),
    );
  // What else follows `auth` is a misspelt subcommand, no argument too many.
  auth.allowExcessArguments();
}
