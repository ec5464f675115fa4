import type { SandboxClient } from '../types.js';

/** A sample, like everything in the sandbox: it opens nothing. */
export const DEFAULT_CLIENT: SandboxClient = {
  clientId: '123456789012-sandbox.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-sandbox-sample-secret',
  type: 'installed',
  redirectUris: ['http://localhost'],
};

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Installed: any port (and path) of the loopback interface. Web: one of those registered, to the letter. */
export function isRedirectAllowed(client: SandboxClient, redirectUri: string): boolean {
  if (client.redirectUris.includes(redirectUri)) return true;
  if (client.type === 'web' || !URL.canParse(redirectUri)) return false;
  const { protocol, hostname } = new URL(redirectUri);
  return protocol === 'http:' && LOOPBACK.has(hostname);
}

/** The Cloud project: the number before `-`. A revocation reaches all of its clients. */
export function projectOf(clientId: string): string {
  return clientId.split('-')[0] ?? clientId;
}
