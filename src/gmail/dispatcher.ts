import type { Dispatcher } from 'undici';
import { GmailError } from './errors.js';
import { isLoopbackHost } from './loopback.js';

type Environment = Readonly<Record<string, string | undefined>>;

const AGENT = { keepAliveTimeout: 30_000, connections: 256, connect: { timeout: 15_000 } };

/** One for each proxy of the environment, and one without; shared by all accounts of the process. */
const dispatchers = new Map<string, Promise<Dispatcher>>();
const DIRECT = 'direct';

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured, except for this machine itself (the sandbox, a test). */
export function dispatcherOf(env: Environment): (url: URL) => Promise<Dispatcher> {
  const [https = '', http = '', none = ''] = ['https_proxy', 'http_proxy', 'no_proxy'].map(
    (name) => env[name] || env[name.toUpperCase()] || '',
  );
  const proxies = https || http ? JSON.stringify([https, http, none]) : DIRECT;
  return (url) => {
    const way = isLoopbackHost(url.hostname) ? DIRECT : proxies;
    const known = dispatchers.get(way);
    if (known !== undefined) return known;
    const made = way === DIRECT ? direct() : viaProxy(https, http, none);
    dispatchers.set(way, made);
    made.catch(() => dispatchers.delete(way));
    return made;
  };
}

async function direct(): Promise<Dispatcher> {
  const { Agent } = await import('./agents.js');
  return new Agent(AGENT);
}

async function viaProxy(httpsProxy: string, httpProxy: string, noProxy: string): Promise<Dispatcher> {
  const { EnvHttpProxyAgent } = await import('./agents.js');
  try {
    return new EnvHttpProxyAgent({ ...AGENT, httpsProxy, httpProxy, noProxy });
  } catch {
    // The value may hold a password: it is not repeated.
    throw new GmailError('HTTPS_PROXY or HTTP_PROXY is not the URL of a proxy', {
      // Of this process's environment: no grant is lost by it, and no receiver is to be told so.
      class: 'permanent',
      code: 'usage',
      hint: 'Set it to something like http://proxy.example.com:3128, or unset it.',
    });
  }
}
