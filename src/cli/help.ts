import type { Command, Option } from 'commander';
import { refuseUnknownCommand } from './unknown-words.js';

/** `help auth url` is `auth url --help`; commander's own help command knows one level only. */
export function addHelp(program: Command): void {
  for (const command of [program, ...program.commands]) command.helpCommand(false);
  program
    .command('help')
    .argument('[command...]', 'a command, such as instances update')
    .summary('help of a command')
    .description('Help of a command.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events help instances update')
    .action(async (words: string[]) => {
      await program.parseAsync([...words, '--help'], { from: 'user' });
    });
  // What is misspelt has no help: to show that of the group would hide the mistake.
  program.addHelpText('beforeAll', ({ command }) => {
    refuseUnknownCommand(command);
    return '';
  });
}

/** Those of the program alone: a group's own flags are not its subcommands'. */
export function visibleGlobalOptions(command: Command): Option[] {
  let root = command;
  while (root.parent !== null) root = root.parent;
  return root === command ? [] : [...root.options];
}
