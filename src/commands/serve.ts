import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Context } from '../core/context.js';
import { CoreError, type Fault } from '../core/errors.js';
import { hasServerKeys } from '../core/server-keys/index.js';
import { isLoopback } from '../server/binding.js';
import { serve } from '../server/serve.js';
import { createLogger } from '../ui/log.js';
import type { Outcome, Ui } from '../ui/output.js';
import { isoTime } from '../ui/time.js';
import { notificationObject } from './notification-lines.js';
import { logAction } from './serve-log.js';
import { type Host, stopOnSignals } from './stopping.js';
import { isIdle, tellAction } from './watch-lines.js';

export interface ServeOptions {
  /** 8787 when absent; 0: a free one. */
  port?: number;
  /** 127.0.0.1 when absent. */
  host?: string;
  watch?: boolean;
  allowPrivate?: boolean;
  tlsCert?: string;
  tlsKey?: string;
  behindProxy?: boolean;
  /** The process, or a test's own. */
  process?: Host | undefined;
}

const PORT = 8787;
const HOST = '127.0.0.1';

/** Serves the API and the page until SIGINT or SIGTERM; the second of them ends it at once. */
export async function run(options: ServeOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const { port = PORT, host = HOST, behindProxy = false, allowPrivate = false } = options;
  checkFlags(options, host, port);
  const tls = await readTls(options);
  // A person at a terminal reads sentences, a log file gets all that happens.
  const logger = await createLogger(ui.verbose ? 'debug' : ui.lively || ui.quiet ? 'warn' : 'info');
  const { stop, force, release } = stopOnSignals(ui, options.process);
  try {
    const withKeys = await hasServerKeys(ctx);
    await serve(
      { ...ctx, log: logger },
      {
        host,
        port,
        tls,
        behindProxy,
        allowPrivate,
        watch: options.watch === true,
        logger,
        signal: stop,
        force,
        onListening: (url) => {
          ui.data({ type: 'listening', url });
          ui.note(`Serving at ${url}; Ctrl-C stops.`);
          if (!withKeys)
            ui.warn('No key pair yet, so nobody can call the API: gmail-events serve keys create makes one.');
        },
        onNotification: (notification) => ui.data(notificationObject(notification)),
        onAction: (action) => {
          if (!ui.lively) logAction(action, logger);
          else if (!isIdle(action)) tellAction(action, `${isoTime(ctx.clock.now())} `, ui);
        },
      },
    );
    return 'ok';
  } finally {
    release();
  }
}

function checkFlags({ tlsCert, tlsKey, behindProxy = false }: ServeOptions, host: string, port: number): void {
  const faults: Fault[] = [];
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    faults.push({ path: '--port', message: 'must be a whole number from 0 to 65535' });
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    faults.push({
      path: tlsCert === undefined ? '--tls-cert' : '--tls-key',
      message: 'is missing: --tls-cert and --tls-key go together',
    });
  }
  if (host === '') faults.push({ path: '--host', message: 'must not be empty' });
  else if (!isLoopback(host) && tlsCert === undefined && tlsKey === undefined && !behindProxy) {
    faults.push({
      path: '--host',
      message: `${host} can be reached from other machines, and secrets would go there in plain text: give --tls-cert and --tls-key, or --behind-proxy if a proxy in front of it speaks TLS`,
    });
  }
  if (faults.length === 0) return;
  throw new CoreError('usage', faults.map(({ path, message }) => `${path} ${message}`).join('; '), { faults });
}

async function readTls({ tlsCert, tlsKey }: ServeOptions): Promise<{ cert: string; key: string } | undefined> {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const [cert, key] = [await readPem('--tls-cert', tlsCert), await readPem('--tls-key', tlsKey)];
  try {
    createSecureContext({ cert, key });
  } catch {
    // What OpenSSL says of it tells a person nothing.
    const message = `${tlsCert} and ${tlsKey} are no certificate and its key in PEM`;
    throw new CoreError('usage', message, { faults: [{ path: '--tls-cert', message }] });
  }
  return { cert, key };
}

async function readPem(flag: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const message = `${flag} ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`;
    throw new CoreError('usage', message, { faults: [{ path: flag, message }] });
  }
}
