import { isIPv6 } from 'node:net';
import { CoreError } from '../core/errors.js';

/** Only this machine reaches such an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

export function urlOf({ tls, host, port }: { tls: boolean; host: string; port: number }): string {
  return `${tls ? 'https' : 'http'}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** Why a server could not listen, as an error with its fix; what is no matter of listening comes back as it is. */
export function notListening(error: unknown, host: string, port: number): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} on ${host} is in use`,
    EACCES: `port ${port} on ${host} may not be opened by this user`,
    EADDRNOTAVAIL: `${host} is no address of this machine`,
    ENOTFOUND: `${host} is no address of this machine`,
    EAI_AGAIN: `${host} cannot be looked up`,
  };
  const reason = reasons[code];
  if (reason === undefined) return error;
  return new CoreError('failed', `the server cannot listen: ${reason}`, {
    hint: 'Choose another port with --port (0 takes a free one), or another address with --host.',
  });
}
