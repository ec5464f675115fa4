import { spawnSync } from 'node:child_process';
import { CoreError } from '../../core/errors.js';

/** What a program said; null when there is no such program. */
export function runCommand(
  [name = '', ...args]: string[],
  input = '',
): { status: number; stdout: string; stderr: string } | null {
  const { error, status, stdout, stderr } = spawnSync(name, args, { input, encoding: 'utf8' });
  if (error !== undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  return { status: status ?? 1, stdout: stdout ?? '', stderr: stderr ?? error?.message ?? '' };
}

/** Runs them one after the other. false when there is no such program; CoreError `failed` when one fails. */
export function runCommands(commands: string[][]): boolean {
  for (const command of commands) {
    const done = runCommand(command);
    if (done === null) return false;
    if (done.status === 0) continue;
    const said = done.stderr.trim().split('\n', 1)[0] || `exit code ${done.status}`;
    throw new CoreError('failed', `${command.join(' ')} failed: ${said}`, {
      hint: `The files are written. Run it where you are logged in: ${command.join(' ')}`,
    });
  }
  return true;
}

/** The crontab of the user; empty when there is none. CoreError `failed` where there is no cron. */
export function readCrontab(): string {
  const done = runCommand(['crontab', '-l']);
  if (done === null) {
    throw new CoreError('failed', 'there is no crontab on this machine', {
      hint: 'gmail-events service print shows the line; --kind systemd or launchd needs no cron.',
    });
  }
  if (done.status === 0) return done.stdout;
  // Its way to say that there is none.
  if (/no crontab/i.test(done.stderr)) return '';
  throw new CoreError('failed', `crontab -l failed: ${done.stderr.trim()}`);
}

export function writeCrontab(text: string): void {
  const done = runCommand(text === '' ? ['crontab', '-r'] : ['crontab', '-'], text);
  if (done?.status === 0) return;
  throw new CoreError('failed', `the crontab could not be written: ${done?.stderr.trim() ?? 'there is no crontab'}`);
}
