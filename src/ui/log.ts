/** Log lines on stderr by pino, loaded only when they are wanted: most runs of a cron line log nothing. */
export interface LogLines {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export async function createLog(level: 'silent' | 'debug'): Promise<LogLines> {
  if (level === 'silent') return { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const { pino } = await import('pino');
  // Synchronous: an asynchronous destination loses its tail when the process ends.
  const destination = pino.destination({ dest: 2, sync: true });
  // Whoever read the log may have left: the work goes on without.
  destination.on('error', () => {});
  const log = pino({ level, base: null }, destination);
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}

function nothing(): void {}
