import type { FastifyError, FastifyInstance } from 'fastify';
import { isReported } from '../../core/errors.js';
import type { ServerWorld } from '../world.js';
import { registerAssets } from './assets/index.js';
import { registerCreate } from './create/index.js';
import { errorPage } from './error-page.js';
import { registerInstance } from './instance/index.js';
import { registerList } from './list/index.js';
import { registerLogin } from './login.js';
import { registerNotification } from './notification/index.js';
import { registerOauth } from './oauth/index.js';
import { Pages, sendPage } from './pages.js';
import { securityHeaders } from './security/headers.js';
import { sessionIdOf } from './security/session-cookie.js';
import { Sessions } from './security/sessions.js';
import { NotFound } from './visit.js';
import { sentence } from './words.js';

/** Forms have a handful of fields. */
const MAX_FORM_BYTES = 64 * 1024;

/** The page: all of it is made here and sent as it is; the browser's script only makes it more comfortable. */
export async function registerPage(app: FastifyInstance, world: ServerWorld): Promise<void> {
  const { packages, ctx } = world;
  const sessions = new Sessions(ctx);
  await app.register(packages.cookie);
  // Repeated fields and their order are kept; typed as any parser has to be.
  const parser = (text: string) => new URLSearchParams(text) as unknown as Record<string, unknown>;
  await app.register(packages.formbody, { parser, bodyLimit: MAX_FORM_BYTES });
  const headers = securityHeaders(ctx.google.auth);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const session = sessions.find(sessionIdOf(request));
    const { status, title, text } = told(error);
    if (status >= 500) request.log.error({ error: { name: error.name, message: text } }, 'page failed');
    return sendPage(reply, session, errorPage(status, title, text));
  });
  registerAssets(app);
  registerLogin(app, world, sessions);
  const pages = new Pages(app, world, sessions);
  registerList(pages);
  registerCreate(pages);
  registerOauth(pages);
  registerInstance(pages);
  registerNotification(pages);
  pages.view('/instances/*', async () => {
    throw new NotFound('There is no such page.');
  });
}

function told(error: FastifyError): { status: number; title: string; text: string } {
  if (error instanceof NotFound) return { status: 404, title: 'Not found', text: error.message };
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return { status: error.statusCode, title: 'Not accepted', text: sentence(error.message) };
  }
  if (isReported(error)) {
    const status = error.code === 'retry_later' ? 503 : 500;
    return { status, title: 'That did not work', text: sentence(error.message) };
  }
  return {
    status: 500,
    title: 'That did not work',
    text: 'Something went wrong here; the log of the server says what.',
  };
}
