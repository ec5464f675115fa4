import { join } from 'node:path';
import type { Outcome, Ui } from '../ui/output.js';
import { cronLine } from './service/cron.js';
import { fileService, type Kind, kindOf } from './service/kinds.js';
import { type Places, placesOf, programOf, type ServiceOptions } from './service/options.js';
import { misgivings, type ServiceProgram } from './service/program.js';

/** The cron line, then what the machine's own way to run services takes; with --kind that one alone. Nothing is changed. */
export async function run(options: ServiceOptions, ui: Ui): Promise<Outcome> {
  const program = programOf(options);
  const places = placesOf(options);
  const kinds = options.kind === undefined ? [...new Set<Kind>(['cron', kindOf(undefined)])] : [kindOf(options.kind)];
  ui.data({
    cron: cronLine(program),
    files: kinds.flatMap((kind) => filesOf(kind, program, places)),
  });
  ui.text(kinds.map((kind) => textOf(kind, program, places)).join('\n'));
  if (!ui.json) for (const line of misgivings(program, options.env)) ui.note(line);
  return 'ok';
}

function filesOf(kind: Kind, program: ServiceProgram, places: Places): { path: string; content: string }[] {
  if (kind === 'cron') return [];
  const both = kind === 'systemd' ? [false, true] : [false];
  return both.flatMap((timer) => {
    const { folder, files } = fileService(kind, program, { ...places, timer });
    return files.map(({ name, content }) => ({ path: join(folder, name), content }));
  });
}

function textOf(kind: Kind, program: ServiceProgram, places: Places): string {
  if (kind === 'cron') {
    return [
      '# crontab -e: every minute what is due is polled and delivered, silently when all is well',
      cronLine(program),
      '',
    ].join('\n');
  }
  const files = filesOf(kind, program, places).map(({ path, content }) => `# ${path}\n${content}`);
  if (kind === 'launchd') return `${files.join('\n')}\n# gmail-events service install writes and starts it\n`;
  const [watch = '', ...timer] = files;
  return `${watch}\n# In its place, a run a minute (service install --timer):\n\n${timer.join('\n')}`;
}
