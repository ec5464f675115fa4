import type { Incoming } from '../http/incoming.js';
import { type Answer, jsonAnswer } from '../http/reply.js';
import { invalidRequest, OAuthRefusal, oauthErrorAnswer } from './errors.js';
import type { OAuthWorld } from './world.js';

/** The token in the form or the query. */
export function revokedToken(incoming: Incoming): string | null {
  return new URLSearchParams(incoming.body).get('token') ?? incoming.query.get('token');
}

/** POST /revoke. */
export function revokeAnswer({ grants }: OAuthWorld, incoming: Incoming): Answer {
  const token = revokedToken(incoming);
  if (!token) return oauthErrorAnswer(invalidRequest('Missing required parameter: token'));
  if (grants.revokeToken(token)) return jsonAnswer(200, {});
  return oauthErrorAnswer(new OAuthRefusal(400, 'invalid_token', 'Token expired or revoked'));
}
