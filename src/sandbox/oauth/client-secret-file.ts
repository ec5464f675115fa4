import { PATHS } from '../paths.js';
import type { SandboxClient } from '../types.js';
import { projectOf } from './clients.js';

/** Google's client-secret file (JSON text), with the sandbox's own addresses. */
export function clientSecretFile(client: SandboxClient, url: string): string {
  const entry = {
    client_id: client.clientId,
    project_id: `sandbox-${projectOf(client.clientId)}`,
    auth_uri: `${url}${PATHS.auth}`,
    token_uri: `${url}${PATHS.token}`,
    auth_provider_x509_cert_url: `${url}/oauth2/v1/certs`,
    client_secret: client.clientSecret,
    redirect_uris: client.redirectUris,
  };
  return `${JSON.stringify({ [client.type]: entry }, null, 2)}\n`;
}
