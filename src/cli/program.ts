import { Command } from 'commander';
import { EXIT_CODES } from '../ui/exit-codes.js';
import type { Outcome } from '../ui/output.js';
import { VERSION } from '../version.js';
import { addAuth } from './auth.js';
import { addCompletion } from './completion.js';
import { addConfig } from './config.js';
import { addEvents } from './events.js';
import { addHelp, visibleGlobalOptions } from './help.js';
import { addInstances } from './instances.js';
import { addLocal } from './local.js';
import { addPolling } from './polling.js';
import { addReceiving } from './receiving.js';
import { addServe } from './serve.js';
import { addService } from './service.js';

/** The command tree. Each command's code is imported only when it is called. `done` hears how the command ended. */
export function buildProgram(done: (outcome: Outcome) => void): Command {
  const program = new Command('gmail-events')
    .description('Watches Gmail mailboxes for changes and POSTs standardized events to callback URLs.')
    .version(VERSION, '--version', 'print the version')
    .option('--json', 'machine-readable output on stdout, errors as JSON on stderr')
    .option('--no-input', 'never ask; say what is missing instead')
    .option('--quiet', 'print nothing when all is well')
    .option('--verbose', 'log what happens to stderr, and stack traces of errors')
    .option('--no-color', 'no colours (as with NO_COLOR)')
    .option('--home <dir>', 'folder of the store (GMAIL_EVENTS_HOME)')
    .helpOption('-h, --help', 'show help')
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions })
    // commander's complaints become errors like any other, printed in one place.
    .configureOutput({ outputError: () => {}, writeErr: () => {} })
    .exitOverride()
    .addHelpText('after', () => `\nExit codes:\n${exitCodeLines()}\n\n${FIRST_STEPS}`);
  addAuth(program, done);
  addInstances(program, done);
  addPolling(program, done);
  addEvents(program, done);
  addReceiving(program, done);
  addServe(program, done);
  addConfig(program, done);
  addService(program, done);
  addLocal(program, done);
  addCompletion(program);
  addHelp(program);
  return program;
}

const FIRST_STEPS = `Examples:
  $ gmail-events demo                                        see it work, without a Google account
  $ gmail-events auth --client-secret-file client_secret.json
  $ gmail-events create-instance --account me@gmail.com --name inbox --callback-url https://example.com/events
  $ gmail-events poll`;

function exitCodeLines(): string {
  return Object.values(EXIT_CODES)
    .map(({ code, meaning }) => `  ${String(code).padEnd(4)}${meaning}`)
    .concat('  130 and 143 for signals')
    .join('\n');
}
