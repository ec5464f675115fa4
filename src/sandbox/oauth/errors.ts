import { type Answer, jsonAnswer } from '../http/reply.js';

/** Thrown by the token endpoint, answered as `{error, error_description[, error_subtype]}`. */
export class OAuthRefusal extends Error {
  readonly status: number;
  readonly error: string;
  readonly subtype: string | null;

  constructor(status: number, error: string, description: string, subtype: string | null = null) {
    super(description);
    this.status = status;
    this.error = error;
    this.subtype = subtype;
  }
}

export function oauthErrorAnswer({ status, error, message, subtype }: OAuthRefusal): Answer {
  return jsonAnswer(status, {
    error,
    error_description: message,
    ...(subtype !== null && { error_subtype: subtype }),
  });
}

export const revokedGrant = (): OAuthRefusal =>
  new OAuthRefusal(400, 'invalid_grant', 'Token has been expired or revoked.');
/** A code used twice, a wrong verifier, another redirect_uri: Google does not say which. */
export const badGrant = (): OAuthRefusal => new OAuthRefusal(400, 'invalid_grant', 'Bad Request');
export const invalidRapt = (): OAuthRefusal =>
  new OAuthRefusal(400, 'invalid_grant', 'reauth related error (invalid_rapt)', 'invalid_rapt');
export const unknownClient = (): OAuthRefusal =>
  new OAuthRefusal(401, 'invalid_client', 'The OAuth client was not found.');
export const wrongSecret = (): OAuthRefusal =>
  new OAuthRefusal(401, 'invalid_client', 'The provided client secret is invalid.');
export const notDelegated = (): OAuthRefusal =>
  new OAuthRefusal(
    401,
    'unauthorized_client',
    'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
  );
export const invalidRequest = (description: string): OAuthRefusal =>
  new OAuthRefusal(400, 'invalid_request', description);
