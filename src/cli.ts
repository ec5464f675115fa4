import { type Command, CommanderError } from 'commander';
import { startedBare } from './cli/bare.js';
import { buildProgram } from './cli/program.js';
import { paintFor } from './ui/colour.js';
import { errorLines, errorObject } from './ui/error.js';
import { EXIT_CODES } from './ui/exit-codes.js';
import { createUi, type GlobalFlags, type Outcome } from './ui/output.js';

/** Runs one command line and returns its exit code. The one place that prints an error. */
export async function main(argv: string[]): Promise<number> {
  let outcome: Outcome = 'ok';
  const done = (result: Outcome) => {
    outcome = result;
  };
  const program = buildProgram(done);
  try {
    if (!(await startedBare(program, argv, done))) {
      await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
    }
    return EXIT_CODES[outcome].code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.ok.code;
    return report(asUsage(error, program, argv), flagsOf(program.opts<GlobalFlags>(), argv));
  }
}

function report(error: unknown, flags: GlobalFlags): number {
  const ui = createUi(flags, process);
  const described = errorObject(error);
  if (ui.json) process.stderr.write(`${JSON.stringify({ error: described })}\n`);
  else ui.warn(errorLines(described, paintFor(process.stderr, flags.color, process.env)));
  if (ui.verbose && error instanceof Error && error.stack !== undefined) ui.warn(error.stack);
  return described.exitCode;
}

/** commander's own complaints (unknown command or flag, missing value) in the form of every other error. */
function asUsage(error: unknown, program: Command, argv: string[]): unknown {
  if (!(error instanceof CommanderError)) return error;
  const called = calledName(program, argv);
  const all = `Run ${called} --help for what there is.`;
  if (error.code === 'commander.help') return usage(`${called} needs a command`, all, called);
  const [sentence = '', ...suggestion] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggestion.join(' ').replace(/^\((.*)\)$/, '$1');
  return usage(sentence, hint || all, /'([^' ]+)/.exec(sentence)?.[1] ?? called);
}

/** `gmail-events instances show`, as far as the words of the command line name commands. */
function calledName(program: Command, argv: string[]): string {
  let command = program;
  const names = [program.name()];
  for (const word of argv) {
    const child = command.commands.find((each) => each.name() === word);
    if (child === undefined) continue;
    command = child;
    names.push(word);
  }
  return names.join(' ');
}

function usage(message: string, hint: string, path: string): Error {
  return Object.assign(new Error(message), { code: 'usage', hint, faults: [{ path, message }] });
}

/** A command line that could not be parsed has no flags yet, but whoever asked for JSON still wants JSON. */
function flagsOf(parsed: GlobalFlags, argv: string[]): GlobalFlags {
  return {
    ...parsed,
    json: parsed.json ?? argv.includes('--json'),
    verbose: parsed.verbose ?? argv.includes('--verbose'),
  };
}
