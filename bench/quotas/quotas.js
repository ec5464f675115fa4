import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { INTERVALS } from './limits.js';
import { plot } from './plot.js';
import { simulate } from './simulate.js';
import { capacityTable, simulatedTable } from './tables.js';

const PAGE = fileURLToPath(new URL('../../docs/quotas.md', import.meta.url));
const PLOT = fileURLToPath(new URL('../../docs/quotas.svg', import.meta.url));
/** Of the simulated mailbox, in its day. */
const MESSAGES = 100;

/** Writes the tables and the plot of docs/quotas.md; with --check it only says whether they are what it would write. */
const results = await simulate({ intervals: INTERVALS, formats: ['ids', 'metadata'], messages: MESSAGES });
const page = readFileSync(PAGE, 'utf8');
const made = {
  [PAGE]: filled(filled(page, 'simulated', simulatedTable(results, MESSAGES)), 'capacity', capacityTable()),
  [PLOT]: plot(results),
};
const stale = Object.keys(made).filter((file) => content(file) !== made[file]);
if (process.argv.includes('--check')) {
  for (const file of stale) console.error(`${file} is not what npm run quotas writes`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const file of stale) writeFileSync(file, made[file]);
  console.log(stale.length > 0 ? `written: ${stale.join(', ')}` : 'nothing has changed');
}

/** The page with a table between the marks of that name. */
function filled(text, name, table) {
  const marks = new RegExp(`(<!-- ${name}: npm run quotas -->\\n)[\\s\\S]*?(<!-- end -->)`);
  if (!marks.test(text)) throw new Error(`docs/quotas.md has no marks for its table "${name}"`);
  return text.replace(marks, (_, begin, end) => `${begin}\n${table}\n\n${end}`);
}

function content(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
