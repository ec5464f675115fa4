import type { FastifyInstance } from 'fastify';
import { oauthUrl, resolveClient, scopeFor } from '../../core/accounts/index.js';
import type { Context } from '../../core/context.js';
import { CoreError } from '../../core/errors.js';
import { checkCallbackUrl } from '../../core/oauth/redirect-uri.js';
import { isRecord, valueForm } from '../../core/value-form.js';
import type { ServerWorld } from '../world.js';
import { checkElement, ELEMENT_PATH } from './element.js';
import { ApiError } from './errors.js';
import { operation } from './operation.js';
import { Query } from './query.js';

const PARAMETERS = {
  apiKey: { type: 'string', description: 'The Google OAuth client ID; without it, the one this server is set up with' },
  apiSecret: { type: 'string', description: 'Not used: the address holds no secret' },
  callbackUrl: { type: 'string', description: 'The authorized redirect URI that the browser comes back to' },
  scope: { type: 'string', description: 'Scopes separated by blanks, or readonly (the default), or metadata' },
  state: { type: 'string', description: 'Comes back with the code; without it: gmail' },
  siteAddress: { type: 'string', description: 'Not used' },
};

const ANSWER = {
  type: 'object',
  required: ['oauthUrl', 'element'],
  properties: { oauthUrl: { type: 'string' }, element: { type: 'string' } },
};

/**
 * The address of Google's consent page. The old service's own example called this without an Authorization header, its
 * sample app with one: it tells nothing that is secret, so neither is asked for.
 */
export function registerOauthUrl(app: FastifyInstance, { ctx }: ServerWorld): void {
  const url = '/elements/:keyOrId/oauth/url';
  const described = {
    tag: 'elements',
    caller: 'anyone',
    path: ELEMENT_PATH,
    summary: 'The address where a mailbox’s owner grants access',
    answer: ANSWER,
  } as const;
  app.get(url, { onRequest: checkElement, schema: operation({ ...described, query: PARAMETERS }) }, (request) =>
    answer(ctx, new Query(request.query)),
  );
  const body = { type: 'object', properties: PARAMETERS };
  app.post(url, { onRequest: checkElement, schema: operation({ ...described, body }) }, (request) => {
    if (isRecord(request.body)) return answer(ctx, new Query(request.body, 'the body'));
    throw new ApiError(400, `the body is refused: it is ${valueForm(request.body)}; accepted: one JSON object`);
  });
}

async function answer(ctx: Context, given: Query): ReturnType<typeof oauthUrl> {
  const options = {
    clientId: given.text('apiKey') ?? undefined,
    callbackUrl: given.text('callbackUrl') ?? (await ctx.store.settings.read())['oauth.callbackUrl'] ?? undefined,
    scope: given.text('scope') ?? undefined,
    state: given.text('state') ?? undefined,
  };
  const { callbackUrl, scope } = options;
  if ((await faultOf(() => resolveClient(ctx, options))) !== null) {
    given.refuse('apiKey', 'is missing; accepted: the Google OAuth client ID');
  }
  if (callbackUrl === undefined) given.refuse('callbackUrl', 'is missing; accepted: an authorized redirect URI');
  else report(given, 'callbackUrl', await faultOf(() => checkCallbackUrl(callbackUrl)));
  if (scope !== undefined) report(given, 'scope', await faultOf(() => scopeFor(scope)));
  given.check();
  return oauthUrl(ctx, options);
}

function report(given: Query, name: string, fault: string | null): void {
  if (fault !== null) given.refuse(name, `is refused: ${fault}`);
}

/** What the core has against it; null: nothing. */
async function faultOf(check: () => unknown): Promise<string | null> {
  try {
    await check();
    return null;
  } catch (error) {
    if (error instanceof CoreError && error.code === 'usage') return error.message;
    throw error;
  }
}
