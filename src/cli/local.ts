import type { Command } from 'commander';
import { type Done, repeated, standalone } from './run.js';

/** Commands that need neither a Google account nor a store. */
export function addLocal(program: Command, done: Done): void {
  program
    .command('sandbox')
    .summary('a local double of Google, to try and test with')
    .description('A local double of Google (OAuth and Gmail over HTTP) with a seeded mailbox and mail arriving.')
    .option('--port <port>', 'port (default: a free one)', Number)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--messages <n>', 'messages in the mailbox at the start (default: 25)', Number)
    .option('--every <seconds>', 'a message arrives this often; 0: never (default: 20)', Number)
    .option('--auto-consent', 'the consent page grants at once')
    .option('--history-expiry <seconds>', 'history records are dropped after this long', Number)
    // Not --env-file: Node 20 takes that one for itself wherever it stands.
    .option('--write-env <file>', 'also write the environment there, to be read with `. FILE`')
    .option(
      '--fault <kind[:method]>',
      'answer with a fault of Google; may be given several times (a wrong kind names them all)',
      repeated,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ gmail-events sandbox --port 8123 --every 5\n  $ gmail-events sandbox --fault rateLimit403:messages.get',
    )
    .action(
      standalone(
        done,
        () => import('../commands/sandbox.js'),
        (flags) => ({ ...flags, ...(flags['writeEnv'] === undefined ? {} : { envFile: flags['writeEnv'] }) }),
      ),
    );
  program
    .command('demo')
    .summary('see it work, without a Google account')
    .description('Sandbox, receiver, create-instance and poll in one command: no Google account needed.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events demo')
    .action(
      standalone(
        done,
        () => import('../commands/demo.js'),
        () => ({}),
      ),
    );
}
