import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildProgram } from '../dist/cli/program.js';
import { commandTable, manPage } from '../dist/cli/reference/index.js';
import { VERSION } from '../dist/version.js';

/** Writes what is made of the command tree: the manual page, and README's table between its marks. */
const root = fileURLToPath(new URL('..', import.meta.url));
mkdirSync(`${root}man`, { recursive: true });
writeFileSync(
  `${root}man/gmail-events.1`,
  manPage(
    buildProgram(() => {}),
    VERSION,
  ),
);
const readme = readFileSync(`${root}README.md`, 'utf8');
const [, begin, end] = /(<!-- commands: begin[^\n]*-->\n)[\s\S]*(\n<!-- commands: end -->)/.exec(readme) ?? [];
if (begin === undefined) throw new Error('README.md has no marks around its table of commands');
const table = commandTable(buildProgram(() => {}));
writeFileSync(
  `${root}README.md`,
  readme.replace(/<!-- commands: begin[\s\S]*<!-- commands: end -->/, () => `${begin}${table}${end}`),
);
