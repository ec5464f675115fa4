import { accessTokenOf, gmailAnswer } from './gmail/answer.js';
import { GMAIL_METHODS } from './gmail/methods.js';
import { UNITS } from './gmail/prices.js';
import type { Incoming } from './http/incoming.js';
import type { Answer } from './http/reply.js';
import { authAnswer } from './oauth/consent.js';
import { revokeAnswer, revokedToken } from './oauth/revoke.js';
import { tokenAnswer, tokenRequestOwner } from './oauth/token.js';
import { tokeninfoAnswer } from './oauth/tokeninfo.js';
import { PATHS } from './paths.js';
import type { World } from './world.js';

/** Where a request leads, before anything is done. */
export interface Route {
  method: string;
  email: string | null;
  /** The id in the path; empty for lists. */
  id: string;
  units: number;
  isOAuth: boolean;
  answer(incoming: Incoming): Answer;
}

const GMAIL_PATH = /^\/gmail\/v1\/users\/([^/]+)\/(.+)$/;

/** null: Google has no such page. */
export function routeOf(world: World, incoming: Incoming): Route | null {
  return oauthRoute(world, incoming) ?? gmailRoute(world, incoming);
}

function oauthRoute(world: World, incoming: Incoming): Route | null {
  const { grants } = world;
  const route = (method: string, email: string | null, answer: (incoming: Incoming) => Answer): Route => ({
    method,
    email,
    id: '',
    units: 0,
    isOAuth: true,
    answer,
  });
  const isPost = incoming.httpMethod === 'POST';
  if (!isPost && incoming.httpMethod !== 'GET') return null;
  switch (incoming.path) {
    case PATHS.auth:
      return route('auth', null, (request) => authAnswer(world, request));
    case PATHS.token:
      if (!isPost) return null;
      return route('token', tokenRequestOwner(world, incoming.body), (request) => tokenAnswer(world, request));
    case PATHS.revoke: {
      const token = revokedToken(incoming) ?? '';
      const owner = grants.ownerOfRefreshToken(token) ?? grants.ownerOfAccessToken(token);
      return route('revoke', owner, (request) => revokeAnswer(world, request));
    }
    case PATHS.tokeninfo:
      return route('tokeninfo', null, (request) => tokeninfoAnswer(world, request));
    default:
      return null;
  }
}

function gmailRoute(world: World, incoming: Incoming): Route | null {
  const [, user, rest] = GMAIL_PATH.exec(incoming.path) ?? [];
  if (user === undefined || rest === undefined || incoming.httpMethod !== 'GET') return null;
  const [userId, path] = [decoded(user), decoded(rest)];
  for (const method of GMAIL_METHODS) {
    const match = method.path.exec(path);
    if (match === null) continue;
    const id = match[1] ?? '';
    return {
      method: method.name,
      email: world.grants.ownerOfAccessToken(accessTokenOf(incoming) ?? '') ?? (userId === 'me' ? null : userId),
      id,
      units: UNITS[method.name] ?? 0,
      isOAuth: false,
      answer: (request) => gmailAnswer(world, { method, userId, id }, request),
    };
  }
  return null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
