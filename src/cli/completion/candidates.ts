import type { Argument, Command, Option } from 'commander';
import { visibleGlobalOptions } from '../help.js';

export interface Candidate {
  value: string;
  /** One line; empty when the value says it all. */
  about: string;
}

/** What is known of the store and of the commands' own words. */
export interface Vocabulary {
  /** By the name of an argument or of an option's value; null: a file. */
  of(name: string): Promise<Candidate[] | null>;
}

/** What may stand in the place of the word that is being typed; null: a file or folder. */
export async function candidates(
  program: Command,
  words: readonly string[],
  current: string,
  vocabulary: Vocabulary,
): Promise<Candidate[] | null> {
  const { command, open, operands } = read(program, words);
  const options = [...command.options, ...visibleGlobalOptions(command)].filter((option) => !option.hidden);
  if (open !== null) return beginning(await valuesOf(open, vocabulary), current);
  const [, flag, typed] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (flag !== undefined && typed !== undefined) {
    const option = options.find(({ long }) => long === flag);
    if (option === undefined) return [];
    const values = await valuesOf(option, vocabulary);
    return values === null
      ? null
      : beginning(
          values.map((each) => ({ ...each, value: `${flag}=${each.value}` })),
          current,
        );
  }
  if (current.startsWith('-')) {
    return (
      beginning(
        options.map(({ long, short, description }) => ({ value: long ?? short ?? '', about: description })),
        current,
      ) ?? []
    );
  }
  const children = visibleCommands(command).map((child) => ({ value: child.name(), about: summaryOf(child) }));
  const argument = argumentAt(command, operands);
  const names = argument === null ? [] : await vocabulary.of(argument.name());
  if (names === null) return null;
  return beginning([...(operands === 0 ? children : []), ...names], current);
}

/** Where the words before have led: the command, an option that still wants its value, and how many operands it has. */
function read(program: Command, words: readonly string[]): { command: Command; open: Option | null; operands: number } {
  let command = program;
  let operands = 0;
  let open: Option | null = null;
  for (const word of words) {
    if (open !== null) {
      open = null;
      continue;
    }
    if (word.startsWith('-')) {
      const option = [...command.options, ...program.options].find((each) => each.long === word || each.short === word);
      open = option?.required === true ? option : null;
      continue;
    }
    const child = operands === 0 ? command.commands.find((each) => each.name() === word) : undefined;
    if (child === undefined) operands++;
    else command = child;
  }
  return { command, open, operands };
}

function argumentAt(command: Command, operands: number): Argument | null {
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  return registeredArguments[operands] ?? (last?.variadic ? last : null);
}

function valuesOf(option: Option, vocabulary: Vocabulary): Promise<Candidate[] | null> {
  const [, value = ''] = /<([^>]+)>/.exec(option.flags) ?? [];
  return vocabulary.of(value);
}

function beginning(found: Candidate[] | null, current: string): Candidate[] | null {
  return found?.filter(({ value }) => value.startsWith(current)) ?? null;
}

export function visibleCommands(command: Command): Command[] {
  return command.createHelp().visibleCommands(command);
}

export function summaryOf(command: Command): string {
  return command.summary() || command.description();
}
