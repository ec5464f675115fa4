import type { Command } from 'commander';
import { type Done, repeated, standalone } from './run.js';

/** Commands that need neither a Google account nor a store. */
export function addLocal(program: Command, done: Done): void {
  program
    .command('sandbox')
    .description('A local double of Google (OAuth and Gmail over HTTP) with a seeded mailbox and mail arriving.')
    .option('--port <port>', 'port on 127.0.0.1 (default: a free one)', Number)
    .option('--messages <n>', 'messages in the mailbox at the start', Number)
    .option('--every <seconds>', 'a message arrives this often; 0: never', Number)
    .option('--fault <kind[:method]>', 'answer with a fault of Google; may be given several times', repeated)
    .addHelpText(
      'after',
      '\nExamples:\n  $ gmail-events sandbox --port 8123 --every 5\n  $ gmail-events sandbox --fault rateLimit403:messages.get',
    )
    .action(
      standalone(
        done,
        () => import('../commands/sandbox.js'),
        (flags) => ({ ...flags }),
      ),
    );
  program
    .command('demo')
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
