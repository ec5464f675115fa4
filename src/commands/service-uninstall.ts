import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome, Ui } from '../ui/output.js';
import { withoutBlock } from './service/cron.js';
import { type FileService, fileService, kindOf } from './service/kinds.js';
import { placesOf, programOf, type ServiceOptions } from './service/options.js';
import { readCrontab, runCommands, writeCrontab } from './service/run-command.js';
import { isOurs } from './service/service-file.js';

/** Takes away what `install` has made, and nothing else. */
export async function run(options: ServiceOptions, ui: Ui): Promise<Outcome> {
  const kind = kindOf(options.kind);
  const { dryRun = false } = options;
  if (kind === 'cron') {
    const rest = withoutBlock(readCrontab());
    if (rest !== null && !dryRun) writeCrontab(rest);
    ui.data({ kind, dryRun, removed: rest === null ? [] : ['crontab'] });
    ui.text(
      rest === null
        ? 'The crontab has no line of ours.'
        : `The line of the crontab ${dryRun ? 'would be' : 'is'} gone.`,
    );
    return 'ok';
  }
  const service = fileService(kind, programOf(options), placesOf(options));
  const removed = dryRun ? present(service) : clear(service, true);
  ui.data({ kind, dryRun, removed });
  if (removed.length === 0) ui.text('There is nothing of ours to take away.');
  else ui.text(removed.map((path) => `${dryRun ? 'Would remove' : 'Removed'} ${path}`).join('\n'));
  return 'ok';
}

/** Stops what runs and removes its files; returns which there were. `forget`: also tells whoever ran them. */
export function clear(service: FileService, forget: boolean): string[] {
  const paths = present(service);
  if (paths.length === 0) return [];
  try {
    runCommands(service.stop);
  } catch {
    // Not running, or nobody there to ask: the files go all the same.
  }
  for (const path of paths) rmSync(path, { force: true });
  if (forget) runCommands(service.forget);
  return paths;
}

function present({ folder, names }: FileService): string[] {
  return names.map((name) => join(folder, name)).filter((path) => isOurs(path) === true);
}
