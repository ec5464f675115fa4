import { type Command, CommanderError } from 'commander';
import { createUi } from '../ui/output.js';
import { action, type Done } from './run.js';

/** Words on which a person gets something else than questions. */
const NOT_ALONE = /^(-h|--help|--version|--json|--quiet|--no-input)$/;

/**
 * `gmail-events` without a command on a person's terminal: leads them. false when it is not that, and nothing was done.
 * Not a default command of commander's: with one, a misspelt command's flags would be complained of before its name.
 */
export async function startedBare(program: Command, argv: string[], done: Done): Promise<boolean> {
  if (argv.some((word) => NOT_ALONE.test(word)) || !createUi({}, process).interactive) return false;
  const isBare = await program.parseAsync(argv, { from: 'user' }).then(
    () => false,
    (error: unknown) => {
      if (error instanceof CommanderError && error.code === 'commander.help' && program.args.length === 0) return true;
      throw error;
    },
  );
  if (!isBare) return true;
  const options = () => ({ help: program.helpInformation() });
  await action(done, () => import('../commands/first-run.js'), options)(program);
  return true;
}
