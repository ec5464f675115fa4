import type { Command } from 'commander';
import { type Done, standalone } from './run.js';

export function addService(program: Command, done: Done): void {
  const service = program
    .command('service')
    .summary('run it by cron, systemd or launchd')
    .description('Makes gmail-events run by itself: by a line of the crontab, a systemd user unit or a launchd agent.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events service print\n  $ gmail-events service install --dry-run');
  for (const [verb, description, example, load] of [
    [
      'print',
      'Prints the line for cron and the units of this platform, and changes nothing.',
      'print --kind systemd',
      () => import('../commands/service-print.js'),
    ],
    [
      'install',
      'Writes the unit, or the line of the crontab, and starts it.',
      'install --kind cron --dry-run',
      () => import('../commands/service-install.js'),
    ],
    [
      'uninstall',
      'Stops it and takes away what install has made, and nothing else.',
      'uninstall',
      () => import('../commands/service-uninstall.js'),
    ],
  ] as const) {
    const command = service
      .command(verb)
      .description(description)
      .option('--kind <kind>', "cron, systemd or launchd (default: the platform's)");
    if (verb !== 'uninstall') {
      command
        .option('--timer', 'systemd: a run of poll --due each minute in the place of watch')
        // Not --env-file: Node 20 takes that one for itself wherever it stands.
        .option('--environment-file <file>', 'lines NAME=VALUE that the service gets, such as secrets');
    }
    if (verb !== 'print') command.option('--dry-run', 'show what would be done and do nothing');
    command.addHelpText('after', `\nExamples:\n  $ gmail-events service ${example}`).action(
      standalone(done, load, (flags) => ({
        ...flags,
        node: process.execPath,
        binary: process.argv[1] ?? '',
        env: process.env,
      })),
    );
  }
}
