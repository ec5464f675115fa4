import type { Command } from 'commander';

/**
 * Ends in commander's own complaint, with its suggestion, when a word stands where a subcommand should. commander itself
 * takes it for an argument too many of a group that does something by itself (`auth`), and shows help to `--help` after it.
 */
export function refuseUnknownCommand(command: Command): void {
  const [word] = command.args;
  if (command.commands.length === 0 || word === undefined || word.startsWith('-')) return;
  if (command.commands.some((child) => child.name() === word)) return;
  // Not in commander's types, and the only way to its suggestions.
  (command as Command & { unknownCommand(): never }).unknownCommand();
}

/** commander gives a group its flags wherever they stand: `auth list --manual` would pass, and mean nothing. */
export function refuseFlagsOfGroup(command: Command): void {
  const own = new Set(command.options.map((option) => option.attributeName()));
  for (let group = command.parent; group?.parent; group = group.parent) {
    for (const option of group.options) {
      const name = option.attributeName();
      if (own.has(name) || group.getOptionValueSource(name) !== 'cli') continue;
      command.error(`error: unknown option '${option.long}'`, { code: 'commander.unknownOption' });
    }
  }
}
