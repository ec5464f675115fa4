import type { Incoming } from '../http/incoming.js';
import { type Answer, jsonAnswer } from '../http/reply.js';
import { OAuthRefusal, oauthErrorAnswer } from './errors.js';
import type { OAuthWorld } from './world.js';

/** GET or POST /tokeninfo?access_token=...: numbers are texts here. */
export function tokeninfoAnswer({ grants, now }: OAuthWorld, incoming: Incoming): Answer {
  const bearer = /^Bearer (.+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
  const token = incoming.query.get('access_token') ?? new URLSearchParams(incoming.body).get('access_token') ?? bearer;
  const found = token === undefined ? null : grants.byAccessToken(token);
  if (found === null) return oauthErrorAnswer(new OAuthRefusal(400, 'invalid_token', 'Invalid Value'));
  const { grant, expiresAt } = found;
  return jsonAnswer(200, {
    azp: grant.clientId,
    aud: grant.clientId,
    scope: grant.scopes.join(' '),
    exp: String(Math.floor(expiresAt / 1000)),
    expires_in: String(Math.floor((expiresAt - now()) / 1000)),
    access_type: grant.refreshToken === null ? 'online' : 'offline',
  });
}
