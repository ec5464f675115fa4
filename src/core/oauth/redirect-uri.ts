import { isLoopbackHost } from '../../gmail/loopback.js';
import { CoreError } from '../errors.js';
import type { OAuthClient } from './client.js';
import type { LoopbackAddress } from './loopback.js';

/** Where the browser is sent after the consent, and where that is listened for; null: the person pastes the URL. */
export interface RedirectPlan {
  /** With port 0 in `listen`, the port is still to be put in. */
  redirectUri: string;
  listen: LoopbackAddress | null;
}

const RANDOM_PORT: LoopbackAddress = { host: '127.0.0.1', port: 0, path: '/' };

/**
 * Chooses the redirect URI: --callback-url, else for a web client one that it has registered, else a free port of
 * 127.0.0.1, which needs no registration. CoreError usage when it is none that can be listened on and `manual` is not set.
 */
export function planRedirect(
  client: OAuthClient,
  options: { callbackUrl?: string | undefined; manual: boolean },
): RedirectPlan {
  const { callbackUrl, manual } = options;
  if (callbackUrl !== undefined) checkCallbackUrl(callbackUrl);
  const registered = client.type === 'web' ? client.redirectUris : [];
  if (manual) return { redirectUri: callbackUrl ?? manualUri(client, registered), listen: null };
  const uri = callbackUrl ?? registered.find((candidate) => loopback(candidate) !== null);
  if (uri === undefined && client.type !== 'web') return { redirectUri: 'http://127.0.0.1', listen: RANDOM_PORT };
  const listen = uri === undefined ? null : loopback(uri);
  if (uri !== undefined && listen !== null) return { redirectUri: uri, listen };
  const message =
    uri === undefined
      ? 'the web client has no loopback URI registered that could be listened on'
      : `${uri} is not on this machine, so it cannot be listened on`;
  throw new CoreError('usage', message, {
    hint: 'Use --manual and paste the redirected URL, or register http://localhost:PORT for the client.',
    faults: [{ path: '--callback-url', message }],
  });
}

/** CoreError usage unless it is an absolute http or https URL without a fragment. */
export function checkCallbackUrl(value: string): void {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.hash === '') return;
  const message = 'the callback URL must be an absolute http or https URL without a fragment';
  throw new CoreError('usage', message, {
    hint: "Pass one of the client's registered redirect URIs.",
    faults: [{ path: '--callback-url', message }],
  });
}

function manualUri(client: OAuthClient, registered: string[]): string {
  if (client.type !== 'web') return 'http://127.0.0.1';
  const [first] = registered;
  if (first !== undefined) return first;
  throw new CoreError('usage', 'the web client has no redirect URI registered', {
    hint: 'Pass the registered one as --callback-url.',
  });
}

function loopback(uri: string): LoopbackAddress | null {
  if (!URL.canParse(uri)) return null;
  const { protocol, hostname, port, pathname } = new URL(uri);
  if (protocol !== 'http:' || !isLoopbackHost(hostname)) return null;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port), path: pathname };
}
