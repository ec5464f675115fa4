import { createTransport, type Transport } from '../gmail/transport.js';
import type { Context } from './context.js';

/** The way to Google, with a log line for each request: its path, never its query, headers or body. */
export function googleTransport({ env, clock, log }: Pick<Context, 'env' | 'clock' | 'log'>): Transport {
  const transport = createTransport(env);
  return async (request) => {
    const { method, url } = request;
    const started = clock.now();
    const tell = (outcome: object) =>
      log.debug({ method, host: url.host, path: url.pathname, ...outcome, ms: clock.now() - started }, 'google');
    try {
      const answer = await transport(request);
      tell({ status: answer.status });
      return answer;
    } catch (error) {
      tell({ error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  };
}
