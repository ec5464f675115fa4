import type { Dispatcher } from 'undici';
import { GmailError } from './errors.js';
import { isLoopbackHost } from './loopback.js';

type Environment = Readonly<Record<string, string | undefined>>;

const AGENT = { keepAliveTimeout: 30_000, connections: 256, connect: { timeout: 15_000 } };

/** One for each way out (direct, or a proxy's addresses), shared by all accounts of the process. */
const dispatchers = new Map<string, Promise<Dispatcher>>();

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured, except for this machine itself (the sandbox, a test). */
export function dispatcherFor(url: URL, env: Environment): Promise<Dispatcher> {
  const [https, http, none] = ['https_proxy', 'http_proxy', 'no_proxy'].map(
    (name) => env[name] || env[name.toUpperCase()] || '',
  );
  const proxied = Boolean(https || http) && !isLoopbackHost(url.hostname);
  const key = JSON.stringify(proxied ? [https, http, none] : []);
  let dispatcher = dispatchers.get(key);
  if (dispatcher === undefined) {
    dispatcher = proxied ? viaProxy(https ?? '', http ?? '', none ?? '') : direct();
    dispatchers.set(key, dispatcher);
    dispatcher.catch(() => dispatchers.delete(key));
  }
  return dispatcher;
}

async function direct(): Promise<Dispatcher> {
  const { Agent } = await import('undici');
  return new Agent(AGENT);
}

async function viaProxy(httpsProxy: string, httpProxy: string, noProxy: string): Promise<Dispatcher> {
  const { EnvHttpProxyAgent } = await import('undici');
  try {
    return new EnvHttpProxyAgent({ ...AGENT, httpsProxy, httpProxy, noProxy });
  } catch {
    // The value may hold a password: it is not repeated.
    throw new GmailError('HTTPS_PROXY or HTTP_PROXY is not the URL of a proxy', {
      class: 'operator',
      code: 'usage',
      hint: 'Set it to something like http://proxy.example.com:3128, or unset it.',
    });
  }
}
