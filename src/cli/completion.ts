import { type Command, InvalidArgumentError } from 'commander';
import { candidates, summaryOf, visibleCommands } from './completion/candidates.js';
import { forReadline, typedLine } from './completion/line.js';
import { isShell, SHELL_SCRIPTS, SHELLS, type Shell } from './completion/shells.js';
import { vocabularyOf } from './completion/vocabulary.js';

interface CompleteFlags {
  line?: string;
  breaks?: string;
  current?: string;
  home?: string;
}

/** Not the package that exists for it: its script for bash evaluates what a name of an instance holds. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .argument('<shell>', `one of ${SHELLS.join(', ')}`, (word): Shell => {
      if (isShell(word)) return word;
      throw new InvalidArgumentError(`one of ${SHELLS.join(', ')} is accepted.`);
    })
    .summary('completion for bash, zsh, fish or powershell')
    .description('Prints a script that makes the shell complete commands, flags, and names and ids of instances.')
    .addHelpText(
      'after',
      `
Examples:
  $ gmail-events completion bash >> ~/.bashrc
  $ gmail-events completion zsh >> ~/.zshrc        # below compinit
  $ gmail-events completion fish > ~/.config/fish/completions/gmail-events.fish
  PS> gmail-events completion powershell >> $PROFILE`,
    )
    .action((shell: Shell) => {
      process.stdout.write(`${SHELL_SCRIPTS[shell]}\n`);
    });
  program
    .command('__complete', { hidden: true })
    .argument('[word...]', 'the words before the cursor; the last one is being completed')
    .option('--line <text>', 'the line up to the cursor, in the place of its words')
    .option('--breaks <characters>', 'at which bash breaks words')
    .option('--current <word>', 'the word that is being completed, when it is not the last')
    .description('What fits at the cursor, a candidate a line: for the scripts of completion.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events __complete -- instances sh')
    .action(async (words: string[], _flags: CompleteFlags, command: Command) => {
      // A person at a prompt gets nothing rather than an error.
      const lines = await found(program, words, command.optsWithGlobals<CompleteFlags>()).catch(() => []);
      if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
    });
}

async function found(program: Command, given: string[], flags: CompleteFlags): Promise<string[]> {
  const { line, breaks, current: word, home } = flags;
  const typed = line === undefined ? null : typedLine(line);
  const words = typed?.words ?? (word === undefined ? given.slice(0, -1) : given);
  const current = typed?.current ?? word ?? given.at(-1) ?? '';
  const commands = visibleCommands(program).map((command) => ({ value: command.name(), about: summaryOf(command) }));
  const folder = home ?? homeNamed(words);
  const fitting = await candidates(program, words, current, vocabularyOf(process.env, folder, commands));
  if (fitting === null) return [':files'];
  return fitting.map(({ value, about }) => {
    const text = typed === null ? value : forReadline(value, typed, breaks ?? '');
    return about === '' ? oneLine(text) : `${oneLine(text)}\t${oneLine(about)}`;
  });
}

/** What `--home` says in the line that is being completed: the parser has not read it. */
function homeNamed(words: readonly string[]): string | undefined {
  const at = words.findLastIndex((word) => word === '--home' || word.startsWith('--home='));
  return words[at] === '--home' ? words[at + 1] : words[at]?.slice('--home='.length);
}

/** A name may hold anything. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
