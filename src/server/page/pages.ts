import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isReported } from '../../core/errors.js';
import { inPlainWords } from '../plain-words.js';
import type { ServerWorld } from '../world.js';
import { errorPage } from './error-page.js';
import { FORM_TOKEN } from './form-token.js';
import { layout } from './layout.js';
import { loginPath } from './next-path.js';
import { isForeign, originOf } from './security/origin.js';
import { sessionIdOf } from './security/session-cookie.js';
import type { Session, Sessions } from './security/sessions.js';
import { pageHint } from './trouble.js';
import type { Page, Visit } from './visit.js';
import { Work } from './work.js';

const FORGED =
  'This form did not come from this page, or the page was open since before your login. Go back, load it again, and send it once more.';

/**
 * The routes of whoever is logged in. A view is a GET and changes nothing; an action is a POST, guarded against forms of other
 * sites, and answers by sending the browser on, so that loading again repeats nothing.
 */
export class Pages {
  readonly #app: FastifyInstance;
  readonly #world: ServerWorld;
  readonly #sessions: Sessions;
  readonly #work: Work;

  constructor(app: FastifyInstance, world: ServerWorld, sessions: Sessions) {
    this.#app = app;
    this.#world = world;
    this.#sessions = sessions;
    this.#work = new Work(world.ctx.clock, (report) => world.metrics.attempted(report));
    // Before requests are waited for: some wait for the work.
    app.addHook('preClose', async () => this.#work.stop());
    app.addHook('onClose', () => this.#work.ended());
  }

  view(path: string, show: (visit: Visit) => Promise<Page | string>): void {
    this.#app.route({
      method: 'GET',
      url: path,
      // It would take what is shown once, and at the way back from Google use the code up.
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const session = this.#sessions.find(sessionIdOf(request));
        if (session === null) return reply.redirect(loginPath(request.url), 303);
        const visit = this.#visit(request, reply, session);
        return answer(visit, await show(visit));
      },
    });
  }

  /** What the core refuses is told on the page that `back` names. */
  action(
    path: string,
    act: (visit: Visit) => Promise<Page | string>,
    back: (visit: Visit) => string = () => '/',
  ): void {
    this.#app.post(path, async (request, reply) => {
      const session = this.#sessions.find(sessionIdOf(request));
      if (isForeign(request)) return sendPage(reply, session, errorPage(403, 'Not accepted', FORGED));
      if (session === null) return reply.redirect('/login?ended=1', 303);
      const visit = this.#visit(request, reply, session);
      if (!session.isFormToken(visit.form.get(FORM_TOKEN))) {
        return sendPage(reply, session, errorPage(403, 'Not accepted', FORGED));
      }
      try {
        return answer(visit, await act(visit));
      } catch (error) {
        if (!isReported(error)) throw error;
        const hint = pageHint(error, true) ?? undefined;
        session.flash = { kind: 'failed', text: inPlainWords(error.message), hint };
        return reply.redirect(back(visit), 303);
      }
    });
  }

  #visit(request: FastifyRequest, reply: FastifyReply, session: Session): Visit {
    const { ctx } = this.#world;
    return {
      world: this.#world,
      ctx,
      request,
      reply,
      session,
      work: this.#work,
      now: ctx.clock.now(),
      origin: originOf(request),
      params: request.params as Record<string, string>,
      query: new URLSearchParams(request.url.split('?').slice(1).join('?')),
      form: request.body instanceof URLSearchParams ? request.body : new URLSearchParams(),
    };
  }
}

/** A page is shown; a text is where the browser goes next. */
function answer({ reply, session }: Visit, made: Page | string): FastifyReply {
  return typeof made === 'string' ? reply.redirect(made, 303) : sendPage(reply, session, made);
}

export function sendPage(reply: FastifyReply, session: Session | null, page: Page): FastifyReply {
  return reply
    .code(page.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(layout(page, session).toString());
}
