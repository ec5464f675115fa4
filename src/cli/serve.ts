import type { Command } from 'commander';
import { action, type Done } from './run.js';

export function addServe(program: Command, done: Done): void {
  const serve = program
    .command('serve')
    .summary('the API and the page')
    .description(
      'Serves the API of the old service and a page for people, until stopped; with --watch it polls and delivers too.',
    )
    .option('--port <port>', 'port; 0: a free one (default: 8787)', Number)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--watch', 'poll and deliver in this process, as watch does')
    .option('--allow-private', 'instances made or changed here may call private and loopback addresses')
    .option('--tls-cert <file>', 'PEM certificate, and chain, to speak TLS with')
    .option('--tls-key <file>', 'PEM key of that certificate')
    .option('--behind-proxy', 'a proxy in front speaks TLS, and says in X-Forwarded-For and -Proto who calls')
    .addHelpText(
      'after',
      `
Another address than the loopback interface needs TLS files or --behind-proxy.

Examples:
  $ gmail-events serve keys create
  $ gmail-events serve --watch
  $ gmail-events serve --host 0.0.0.0 --port 8443 --tls-cert cert.pem --tls-key key.pem
  $ curl http://127.0.0.1:8787/readyz`,
    )
    .action(
      action(
        done,
        () => import('../commands/serve.js'),
        (flags) => ({ ...flags }),
      ),
    );
  const keys = serve
    .command('keys')
    .summary('secrets for the API')
    .description('Pairs of secrets, user and organization, by which the API knows who calls.')
    .addHelpText('after', '\nExamples:\n  $ gmail-events serve keys create --json');
  keys
    .command('create')
    .description('Makes a pair of secrets and prints it, which is the only time that it is shown.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ gmail-events serve keys create\n  $ gmail-events serve keys create --json > key.json',
    )
    .action(
      action(
        done,
        () => import('../commands/serve-keys-create.js'),
        () => ({}),
      ),
    );
}
