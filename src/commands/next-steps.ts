import type { Context } from '../core/context.js';
import { readSettings } from '../core/instances/index.js';
import { homeFolder } from '../core/open.js';
import type { InstanceDocument } from '../core/types.js';
import type { Paint } from '../ui/colour.js';
import { LISTEN_URL } from './listen-url.js';
import { cronLine } from './service/cron.js';
import { shellWord } from './service/program.js';

/** The commands that come after an instance was made; `secretFile` holds the secret that its receiver verifies by. */
export function nextSteps(instance: InstanceDocument, secretFile: string | null, ctx: Context, paint: Paint): string {
  const { id } = instance;
  const { eventsEnabled, callbackUrl } = readSettings(instance);
  if (!eventsEnabled) return `Its events are off: gmail-events instances update ${id} --events turns them on.`;
  const commands: [command: string, does: string][] = [
    ['gmail-events watch', 'polls and delivers until Ctrl-C'],
    ['gmail-events service install', 'does so in the background, also after a restart'],
    [`gmail-events poll ${id}`, 'one poll now'],
    ['gmail-events status', 'how it goes, and what needs you'],
  ];
  if (callbackUrl === null) commands.push(['gmail-events events list', 'what was found: there is no callback URL yet']);
  if (callbackUrl === LISTEN_URL) {
    const secret = secretFile === null ? '' : ` --signing-secret-file ${shellWord(secretFile)}`;
    commands.unshift([`gmail-events listen${secret}`, 'shows what is sent, in another terminal']);
  }
  const lines = commands.map(([command, does]) => `  ${paint.cyan(command)}\n      ${does}`);
  return [
    paint.bold('Next:'),
    ...lines,
    'Or a line of crontab -e, instead of watch and service:',
    `  ${paint.cyan(printedCron(ctx))}`,
  ].join('\n');
}

/** As `service print` has it. */
function printedCron({ home }: Context): string {
  const [node = '', binary = ''] = process.argv;
  const nameHome = home !== homeFolder({ home: undefined, env: {} });
  return cronLine({ node, binary, home, nameHome, environmentFile: null });
}
