import type { Command, Option } from 'commander';
import { EXIT_CODES } from '../../ui/exit-codes.js';
import { visibleCommands } from '../completion/candidates.js';

const ENVIRONMENT: [name: string, is: string][] = [
  ['GMAIL_EVENTS_HOME', 'Folder of the store.'],
  ['GMAIL_EVENTS_CLIENT_ID, GMAIL_EVENTS_CLIENT_SECRET', 'The OAuth client.'],
  ['GMAIL_EVENTS_ENCRYPTION_KEY', 'Encrypts the secrets in account, instance and config files.'],
  ['GMAIL_EVENTS_NEW_ENCRYPTION_KEY', 'The new key, for config rekey.'],
  ['GMAIL_EVENTS_SIGNATURE_KEY, GMAIL_EVENTS_SIGNING_SECRET', 'For listen, signature verify and trigger --url.'],
  [
    'GMAIL_EVENTS_GMAIL_URL, GMAIL_EVENTS_AUTH_URL, GMAIL_EVENTS_TOKEN_URL, GMAIL_EVENTS_REVOKE_URL',
    "Google's addresses, for the sandbox or a test.",
  ],
  ['HTTPS_PROXY, NO_PROXY', 'Honoured for Google, never for callbacks.'],
  ['NO_COLOR', 'No colours.'],
];

/** The manual page in roff, from the command tree. */
export function manPage(program: Command, version: string): string {
  const name = program.name();
  return `${[
    `.TH ${name.toUpperCase()} 1 "" "${name} ${version}"`,
    '.SH NAME',
    `${escaped(name)} \\- ${escaped(lower(program.description()))}`,
    '.SH SYNOPSIS',
    `.B ${escaped(name)}`,
    `${escaped('[options] COMMAND [...]')}`,
    '.SH DESCRIPTION',
    escaped(program.description()),
    '.PP',
    escaped('stdout is data, stderr is everything else. Each command below has its own --help.'),
    '.SH OPTIONS',
    ...program.options.flatMap(optionLines),
    '.SH COMMANDS',
    ...leaves(program).flatMap((command) => commandLines(command)),
    '.SH EXIT STATUS',
    ...Object.values(EXIT_CODES).flatMap(({ code, meaning }) => item(String(code), meaning)),
    ...item('130, 143', 'ended by a signal'),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([variable, is]) => item(variable, is)),
    '.SH FILES',
    ...item('~/.config/gmail-events', 'The store on Linux, unless GMAIL_EVENTS_HOME or --home names another folder.'),
  ].join('\n')}\n`;
}

function leaves(command: Command): Command[] {
  return visibleCommands(command)
    .filter((child) => child.name() !== 'help')
    .flatMap((child) => [child, ...leaves(child)]);
}

function commandLines(command: Command): string[] {
  return [
    `.SS ${escaped(`${path(command)} ${command.usage()}`.trim())}`,
    escaped(command.description()),
    ...command.options.filter((option) => !option.hidden).flatMap(optionLines),
    ...after(command),
  ];
}

/** What the command's help says behind its flags: examples, and exit codes of its own. */
function after(command: Command): string[] {
  let help = '';
  const output = command.configureOutput();
  command.configureOutput({ ...output, writeOut: (text) => (help += text) });
  command.outputHelp();
  command.configureOutput(output);
  const text = help.slice(command.helpInformation().length).trim();
  return text === '' ? [] : ['.PP', '.nf', ...text.split('\n').map(escaped), '.fi'];
}

function optionLines({ flags, description }: Option): string[] {
  return item(flags, description);
}

function item(term: string, text: string): string[] {
  return ['.TP', `.B ${escaped(term)}`, escaped(text)];
}

function path(command: Command): string {
  return command.parent?.parent ? `${path(command.parent)} ${command.name()}` : command.name();
}

function lower(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;
}

/** A line of text that roff takes as it is. */
function escaped(line: string): string {
  return line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&')
    .replace(/^$/, '\\&');
}
