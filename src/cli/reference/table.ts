import type { Command } from 'commander';
import { summaryOf, visibleCommands } from '../completion/candidates.js';

/** The table of commands in Markdown, from the command tree. */
export function commandTable(program: Command): string {
  const rows = visibleCommands(program)
    .filter((command) => command.name() !== 'help')
    .map((command) => `| ${code(usageOf(command))} | ${escaped(summaryOf(command))}${subcommands(command)} |`);
  return ['| command | does |', '|---|---|', ...rows].join('\n');
}

function usageOf(command: Command): string {
  const names = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...names].join(' ');
}

function subcommands(command: Command): string {
  const names = visibleCommands(command).map((child) => code(`${command.name()} ${child.name()}`));
  return names.length === 0 ? '' : `: ${names.join(', ')}`;
}

function code(text: string): string {
  return `\`${escaped(text)}\``;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
