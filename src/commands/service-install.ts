import { join } from 'node:path';
import type { Outcome, Ui } from '../ui/output.js';
import { cronBlock, withBlock } from './service/cron.js';
import { fileService, kindOf } from './service/kinds.js';
import { placesOf, programOf, type ServiceOptions } from './service/options.js';
import { misgivings, shellWord } from './service/program.js';
import { readCrontab, runCommands, writeCrontab } from './service/run-command.js';
import { writeFiles } from './service/service-file.js';
import { clear } from './service-uninstall.js';

/** Makes gmail-events run from now on: by the crontab, between lines of its own, or by a unit of the user's. */
export async function run(options: ServiceOptions, ui: Ui): Promise<Outcome> {
  const kind = kindOf(options.kind);
  const program = programOf(options);
  const { dryRun = false } = options;
  if (!ui.json) for (const line of misgivings(program, options.env)) ui.note(line);
  if (kind === 'cron') {
    if (!dryRun) writeCrontab(withBlock(readCrontab(), program));
    ui.data({ kind, dryRun, files: [], commands: [['crontab', '-']] });
    ui.text(
      dryRun
        ? `The crontab would end in:\n${cronBlock(program)}`
        : 'The crontab has the line: gmail-events runs every minute.',
    );
    return 'ok';
  }
  const service = fileService(kind, program, placesOf(options));
  const paths = service.files.map(({ name }) => join(service.folder, name));
  ui.data({ kind, dryRun, files: paths, commands: service.start });
  if (dryRun) {
    ui.text(service.files.map(({ content }, at) => `# ${paths[at]}\n${content}`).join('\n'));
    ui.text(['', 'Then it would run:', ...commandLines(service.start)].join('\n'));
    return 'ok';
  }
  clear(service, false);
  writeFiles(service.folder, service.files);
  ui.text(paths.map((path) => `Wrote ${path}`).join('\n'));
  if (!runCommands(service.start)) {
    if (!ui.json) ui.note(['To start it, run:', ...commandLines(service.start)].join('\n'));
    return 'ok';
  }
  ui.text('It runs.');
  if (kind === 'systemd' && !ui.json) {
    ui.note('So that it also runs while you are not logged in: loginctl enable-linger');
  }
  return 'ok';
}

function commandLines(commands: string[][]): string[] {
  return commands.map((command) => `  ${command.map(shellWord).join(' ')}`);
}
