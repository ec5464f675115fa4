import { type Check, examine } from '../core/doctor/index.js';
import { CoreError } from '../core/errors.js';
import { createLog } from '../ui/log.js';
import type { Outcome, Ui } from '../ui/output.js';
import { relativeTime } from '../ui/time.js';
import { counted } from './notification-lines.js';

export interface DoctorOptions {
  home?: string;
  /** false: --no-send, no test is sent to the callbacks. */
  send?: boolean;
  env: Readonly<Record<string, string | undefined>>;
}

/** Every trouble with its cause and the command that mends it. */
export async function run({ home, send = true, env }: DoctorOptions, ui: Ui): Promise<Outcome> {
  const checks = await examine({
    home,
    env,
    log: await createLog(ui.verbose ? 'debug' : 'silent'),
    say: (at) => relativeTime(at, Date.now()),
    send: (tests) => {
      const what = `${counted(tests, 'signed test notification')}, whose ids begin with test-`;
      if (send && !ui.json) ui.note(`Sending ${what}, to the callbacks (--no-send sends none).`);
      return send;
    },
  });
  ui.data({ checks: checks.map(({ name, ok, message, hint }) => ({ name, ok, message, hint })) });
  if (!ui.json) for (const check of checks) ui.text(lines(check, ui));
  const failed = checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return 'ok';
  // Where the checks were not printed for a person, the error alone has to tell.
  const names = failed.map(({ name, message }) => (ui.json || ui.quiet ? `${name} (${message})` : name)).join(', ');
  throw new CoreError(verdict(failed), `${failed.length} of ${counted(checks.length, 'check')} failed: ${names}`, {
    hint: ui.quiet ? 'gmail-events doctor names the fix of each.' : 'Each fix is named with its check.',
  });
}

/** A broken store first, for it hides the rest; authorization when nothing else is wrong. */
export function verdict(failed: readonly Pick<Check, 'code'>[]): 'store' | 'auth' | 'partial' {
  if (failed.some(({ code }) => code === 'store')) return 'store';
  return failed.every(({ code }) => code === 'auth') ? 'auth' : 'partial';
}

function lines({ name, ok, message, hint }: Check, { paint }: Ui): string {
  const mark = ok ? paint.green('ok   ') : paint.red('fault');
  const fix = hint === null ? '' : `\n       ${ok ? 'hint' : 'fix'}: ${hint}`;
  return `${mark}  ${name}: ${message}${fix}`;
}
