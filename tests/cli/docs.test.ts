import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { visibleCommands } from '../../src/cli/completion/candidates.js';
import { buildProgram } from '../../src/cli/program.js';
import { commandTable, manPage } from '../../src/cli/reference/index.js';
import { defaultSettings } from '../../src/store/documents/setting-rules.js';
import { EXIT_CODES } from '../../src/ui/exit-codes.js';
import { VERSION } from '../../src/version.js';
import { ROOT } from '../support/cli.js';

const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const program = buildProgram(() => {});

function page(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8');
}

/** The first cell of each row of the table below a heading. */
function firstCells(text: string, heading: string): string[] {
  const [, section = ''] = text.split(`\n${heading}\n`);
  const rows = section.split(/\n#/, 1)[0]?.match(/^\|.*$/gm) ?? [];
  return rows.slice(2).map((row) => row.split('|')[1]?.trim() ?? '');
}

/** "poll --due" of every `gmail-events poll --due` in a page, a line broken by a backslash made whole. */
function commandLines(text: string): string[] {
  const lines = text.replaceAll('\\\n', ' ').match(/(?<![\w/@.-])gmail-events(?:\.js)? [a-z][^`\n|#]*/g) ?? [];
  return lines.map((line) => line.replace(/^\S+ /, '').trim());
}

/** The command that the words name, and its flags and those of the program. */
function commandOf(line: string): { command: Command; flags: Set<string> } {
  let command = program;
  for (const word of line.split(/\s+/)) {
    const child = command.commands.find((each) => each.name() === word);
    if (child === undefined) break;
    command = child;
  }
  const flags = [command, program].flatMap((each) => each.options.map((option) => String(option.long)));
  return { command, flags: new Set(flags) };
}

describe('the documentation', () => {
  it.each(PAGES)('%s: every command line names a command and flags that exist', (name) => {
    for (const line of commandLines(page(name))) {
      const { command, flags } = commandOf(line);
      expect([line, command === program]).toEqual([line, false]);
      for (const flag of line.match(/(?<=\s)--[a-z-]+/g) ?? [])
        expect([line, flag, flags.has(flag)]).toEqual([line, flag, true]);
    }
  });

  it.each(PAGES)('%s: every link leads somewhere', (name) => {
    const links = [...page(name).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, path = '']) => path);
    for (const path of links) expect([path, existsSync(join(ROOT, dirname(name), path))]).toEqual([path, true]);
  });

  it("README's tables of commands and exit codes are complete and true", () => {
    const readme = page('README.md');
    const documented = firstCells(readme, '## Commands').map((cell) => /`([a-z-]+)/.exec(cell)?.[1]);
    const there = visibleCommands(program)
      .map((command) => command.name())
      .filter((each) => each !== 'help');
    expect([...documented].sort()).toEqual(there.sort());
    for (const { code, meaning } of Object.values(EXIT_CODES)) expect(readme).toContain(`| ${code} | ${meaning} |`);
  });

  it('is current: `npm run docs` would change nothing', () => {
    expect(page('man/gmail-events.1')).toBe(
      manPage(
        buildProgram(() => {}),
        VERSION,
      ),
    );
    const [, , table] =
      /<!-- commands: begin([^\n]*)-->\n([\s\S]*)\n<!-- commands: end -->/.exec(page('README.md')) ?? [];
    expect(table).toBe(commandTable(buildProgram(() => {})));
  });

  it('the settings are complete, with their defaults', () => {
    const text = page('docs/commands.md');
    for (const [key, value] of Object.entries(defaultSettings())) {
      const row = text.match(/^\|.*$/gm)?.find((line) => line.includes(`\`${key}\``));
      expect([key, row?.includes(value === null ? `\`${key}\`` : `\`${JSON.stringify(value)}\``)]).toEqual([key, true]);
    }
  });
});
