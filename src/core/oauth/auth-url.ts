export interface AuthRequest {
  clientId: string;
  redirectUri: string;
  /** Separated by blanks. */
  scope: string;
  state: string;
  /** PKCE S256; absent when another party redeems the code. */
  challenge?: string;
  /** The mailbox that is expected: Google offers it first. */
  email?: string;
}

/**
 * The consent page's URL. Offline access and consent are always asked for: a web client gets a refresh token on its first
 * consent only otherwise. Never include_granted_scopes: the token would carry every scope ever granted to the project, and
 * gmail.metadata among them restricts all the others.
 */
export function authUrl(address: string, request: AuthRequest): string {
  const url = new URL(address);
  const parameters: Record<string, string> = {
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    response_type: 'code',
    scope: request.scope,
    state: request.state,
    access_type: 'offline',
    prompt: 'consent',
    ...(request.challenge === undefined ? {} : { code_challenge: request.challenge, code_challenge_method: 'S256' }),
    ...(request.email === undefined ? {} : { login_hint: request.email }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
