import { type Command, CommanderError } from 'commander';
import { buildProgram } from './cli/program.js';
import { paintFor } from './ui/colour.js';
import { errorLines, errorObject } from './ui/error.js';
import { EXIT_CODES } from './ui/exit-codes.js';
import { createUi, type GlobalFlags, type Outcome } from './ui/output.js';

/** Runs one command line and returns its exit code. The one place that prints an error. */
export async function main(argv: string[]): Promise<number> {
  let outcome: Outcome = 'ok';
  const program = buildProgram((result) => {
    outcome = result;
  });
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
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
  if (error.code === 'commander.help') {
    const group = argv.find((word) => program.commands.some((command) => command.name() === word));
    const called = group === undefined ? program.name() : `${program.name()} ${group}`;
    return usage(`${called} needs a command`, `Run ${called} --help for what there is.`);
  }
  const [sentence, ...suggestion] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggestion.join(' ').trim() || 'Run gmail-events --help for what there is.';
  return usage(sentence ?? '', hint);
}

function usage(message: string, hint: string): Error {
  return Object.assign(new Error(message), { code: 'usage', hint, faults: [] });
}

/** A command line that could not be parsed has no flags yet, but whoever asked for JSON still wants JSON. */
function flagsOf(parsed: GlobalFlags, argv: string[]): GlobalFlags {
  return {
    ...parsed,
    json: parsed.json ?? argv.includes('--json'),
    verbose: parsed.verbose ?? argv.includes('--verbose'),
  };
}
