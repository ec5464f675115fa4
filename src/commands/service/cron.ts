import { type ServiceProgram, shellCommand } from './program.js';

const BEGIN = '# gmail-events: begin (written by gmail-events service install; uninstall takes it away)';
const END = '# gmail-events: end';

/** The line of a crontab: every minute what is due is polled and delivered; silent when all is well. */
export function cronLine(program: ServiceProgram): string {
  // cron takes % for a new line.
  return `* * * * * ${shellCommand(program, ['poll', '--due', '--quiet']).replaceAll('%', '\\%')}`;
}

export function cronBlock(program: ServiceProgram): string {
  return `${BEGIN}\n${cronLine(program)}\n${END}\n`;
}

/** A crontab without our lines; null when they are not in it. */
export function withoutBlock(crontab: string): string | null {
  const lines = crontab.split('\n');
  const [from, to] = [lines.indexOf(BEGIN), lines.indexOf(END)];
  if (from < 0 || to < from) return null;
  return [...lines.slice(0, from), ...lines.slice(to + 1)].join('\n');
}

/** A crontab with our lines at its end, in place of those that were in it. */
export function withBlock(crontab: string, program: ServiceProgram): string {
  const rest = withoutBlock(crontab) ?? crontab;
  return `${rest}${rest === '' || rest.endsWith('\n') ? '' : '\n'}${cronBlock(program)}`;
}
