import type { Command } from 'commander';
import type { Context } from '../core/context.js';
import { createLog } from '../ui/log.js';
import { createUi, type GlobalFlags, type Outcome, type Ui } from '../ui/output.js';
import { refuseFlagsOfGroup, refuseUnknownCommand } from './unknown-words.js';

/** A command's file: its options as a plain object, undefined where no flag was given. */
export interface CommandModule<Options> {
  run(options: Options, ctx: Context, ui: Ui): Promise<Outcome>;
}

export type Done = (outcome: Outcome) => void;

/** What every command does first with what commander has read. */
function begin(command: Command): GlobalFlags & Record<string, never> {
  refuseUnknownCommand(command);
  refuseFlagsOfGroup(command);
  const flags = command.optsWithGlobals<GlobalFlags & Record<string, never>>();
  // The questions' library looks there alone.
  if (flags.color === false) process.env['NO_COLOR'] = '1';
  return flags;
}

/**
 * Loads a command when it is called, opens the store and runs it. `options` turns commander's arguments and flags into the
 * command's options.
 */
export function action<Options>(
  done: Done,
  load: () => Promise<CommandModule<Options>>,
  options: (flags: Record<string, never>, args: string[]) => Options,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const flags = begin(command);
    const ui = createUi(flags, process);
    const [{ run }, { openContext }, log] = await Promise.all([
      load(),
      import('../core/index.js'),
      createLog(flags.verbose === true ? 'debug' : 'silent'),
    ]);
    const ctx = await openContext({ home: flags.home, env: process.env, log });
    try {
      done(await run(options(flags, command.processedArgs.flat() as string[]), ctx, ui));
    } finally {
      await ctx.store.close();
    }
  };
}

/** Collects a flag that may be given several times. */
export function repeated(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

/** As `action`, for a command that needs no store: it leaves nothing behind on the machine. */
export function standalone<Options>(
  done: Done,
  load: () => Promise<{ run(options: Options, ui: Ui): Promise<Outcome> }>,
  options: (flags: Record<string, never>, args: string[]) => Options,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const flags = begin(command);
    const { run } = await load();
    done(await run(options(flags, command.processedArgs.flat() as string[]), createUi(flags, process)));
  };
}
