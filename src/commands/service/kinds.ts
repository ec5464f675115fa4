import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CoreError } from '../../core/errors.js';
import { LABEL, launchAgent } from './launchd.js';
import type { ServiceProgram } from './program.js';
import type { ServiceFile } from './service-file.js';
import { POLL_UNIT, pollUnits, TIMER_UNIT, WATCH_UNIT, watchUnit } from './systemd.js';

export const KINDS = ['cron', 'systemd', 'launchd'] as const;
export type Kind = (typeof KINDS)[number];

/** A kind that works by files and a program that is told of them. */
export interface FileService {
  folder: string;
  files: ServiceFile[];
  /** Names of all files that an installation of this kind may have left. */
  names: string[];
  /** Commands to be run once the files are there, and before they are taken away. */
  start: string[][];
  stop: string[][];
  /** To be run once the files are gone. */
  forget: string[][];
}

/** The kind that was asked for, else the one of this machine. CoreError `usage` for an unknown one. */
export function kindOf(asked: string | undefined): Kind {
  const kind = KINDS.find((each) => each === asked);
  if (kind !== undefined) return kind;
  if (asked !== undefined) {
    const message = `--kind must be one of ${KINDS.join(', ')}`;
    throw new CoreError('usage', message, { faults: [{ path: '--kind', message }] });
  }
  if (process.platform === 'darwin') return 'launchd';
  return spawnSync('systemctl', ['--version'], { stdio: 'ignore' }).status === 0 ? 'systemd' : 'cron';
}

/** `userHome`: the user's own folder. `timer`: a run a minute in the place of `watch`. */
export function fileService(
  kind: 'systemd' | 'launchd',
  program: ServiceProgram,
  { userHome, configHome, timer }: { userHome: string; configHome: string | undefined; timer: boolean },
): FileService {
  if (kind === 'systemd') {
    const unit = timer ? TIMER_UNIT : WATCH_UNIT;
    return {
      folder: join(configHome || join(userHome, '.config'), 'systemd', 'user'),
      files: timer ? pollUnits(program) : [watchUnit(program)],
      names: [WATCH_UNIT, POLL_UNIT, TIMER_UNIT],
      start: [
        ['systemctl', '--user', 'daemon-reload'],
        ['systemctl', '--user', 'enable', '--now', unit],
      ],
      stop: [['systemctl', '--user', 'disable', '--now', WATCH_UNIT, TIMER_UNIT]],
      forget: [['systemctl', '--user', 'daemon-reload']],
    };
  }
  const folder = join(userHome, 'Library', 'LaunchAgents');
  const target = `gui/${process.getuid?.() ?? 0}`;
  return {
    folder,
    files: [launchAgent(program, userHome)],
    names: [`${LABEL}.plist`],
    start: [['launchctl', 'bootstrap', target, join(folder, `${LABEL}.plist`)]],
    stop: [['launchctl', 'bootout', `${target}/${LABEL}`]],
    forget: [],
  };
}
