import type { DestinationStream, Logger } from 'pino';

/** Log lines on stderr by pino, loaded only when they are wanted: most runs of a cron line log nothing. */
export interface LogLines {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export async function createLog(level: 'silent' | 'debug'): Promise<LogLines> {
  if (level === 'silent') return { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const log = await createLogger(level);
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}

/** Names of fields that hold a secret wherever they stand: nobody is to log them, and whoever does logs no secret. */
const SECRETS = [
  'authorization',
  'cookie',
  'set-cookie',
  'code',
  'token',
  'secret',
  'password',
  'user',
  'organization',
];

/** pino's own logger, as a server takes it; `destination`: a test's own. */
export async function createLogger(level: 'debug' | 'info' | 'warn', destination?: DestinationStream): Promise<Logger> {
  const { pino } = await import('pino');
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
        censor: '********',
      },
      serializers: { req: requestLine, res: answerLine, err: errorLine },
    },
    destination ?? standardError(pino),
  );
}

function standardError(pino: typeof import('pino').pino): DestinationStream {
  // Synchronous: an asynchronous destination loses its tail when the process ends.
  const destination = pino.destination({ dest: 2, sync: true });
  // Whoever read the log may have left: the work goes on without.
  destination.on('error', () => {});
  return destination;
}

/** A query may hold a grant code. */
function requestLine({ method, url }: { method?: string; url?: string }): object {
  return { method, path: url?.split('?')[0] };
}

function answerLine({ statusCode }: { statusCode?: number }): object {
  return { status: statusCode };
}

/** Other fields of an error may hold what was sent. */
function errorLine({ name, message, stack }: Error): object {
  return { name, message, stack };
}

function nothing(): void {}
