import type { Incoming } from '../http/incoming.js';
import { type Answer, jsonAnswer } from '../http/reply.js';
import type { World } from '../world.js';
import type { Access, GmailMethod } from './call.js';
import {
  forbidden,
  GmailRefusal,
  gmailErrorAnswer,
  insufficientScopes,
  invalidCredentials,
  loginRequired,
  preconditionFailed,
} from './errors.js';
import { checkFields, parseFields, selectFields } from './fields.js';
import { Params } from './params.js';

/** The access token, from the header or (as Google still allows) the query. */
export function accessTokenOf(incoming: Incoming): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
  return bearer ?? incoming.query.get('access_token');
}

/** One call of Gmail, from the token to the selected fields. */
export function gmailAnswer(
  world: World,
  called: { method: GmailMethod; userId: string; id: string },
  incoming: Incoming,
): Answer {
  const { method, userId, id } = called;
  try {
    const access = accessOf(world, incoming);
    if (!method.scopes.some((scope) => access.scopes.includes(scope))) throw insufficientScopes();
    if (userId !== 'me' && userId.toLowerCase() !== access.email)
      throw forbidden(`Delegation denied for ${access.email}`);
    const mailbox = world.mailboxes.get(access.email);
    if (mailbox === undefined) throw preconditionFailed();
    const params = new Params(incoming.query, method.params);
    const selector = params.text('fields');
    const selected = selector === null ? null : parseFields(selector);
    if (selected !== null) checkFields(selected, method.fields);
    const body = method.run({ mailbox, access, params, id, now: world.now() });
    return jsonAnswer(200, selected === null ? body : selectFields(body, selected), {
      pretty: incoming.query.get('prettyPrint') !== 'false',
    });
  } catch (error) {
    if (error instanceof GmailRefusal) return gmailErrorAnswer(error.fault);
    throw error;
  }
}

function accessOf(world: World, incoming: Incoming): Access {
  const token = accessTokenOf(incoming);
  if (token === null) throw loginRequired();
  const found = world.grants.byAccessToken(token);
  if (found === null) throw invalidCredentials();
  const { email, scopes, delegated } = found.grant;
  return { email, scopes, delegated };
}
