import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hasServerKeys } from '../../core/server-keys/index.js';
import { ApiError } from '../api/errors.js';
import type { ServerWorld } from '../world.js';
import { FORM_TOKEN } from './form-token.js';
import { html } from './html.js';
import { nextPath } from './next-path.js';
import { sendPage } from './pages.js';
import { isForeign } from './security/origin.js';
import { clearSessionCookie, sessionIdOf, setSessionCookie } from './security/session-cookie.js';
import type { Sessions } from './security/sessions.js';
import type { Page } from './visit.js';

/** The way in: the User and Organization secrets of `serve keys create`, then a session. And the way out. */
export function registerLogin(app: FastifyInstance, world: ServerWorld, sessions: Sessions): void {
  const { ctx, access } = world;

  app.get('/login', async (request, reply) => {
    if (sessions.find(sessionIdOf(request)) !== null) return reply.redirect('/', 303);
    const { next, ended } = request.query as { next?: unknown; ended?: unknown };
    const fault = ended === undefined ? null : 'Your session has ended. Log in, and send the form again.';
    return sendPage(reply, null, loginPage({ fault, next: nextPath(next), keys: await hasServerKeys(ctx) }));
  });

  app.post('/login', async (request, reply) => {
    const form = formOf(request);
    const next = nextPath(form.get('next'));
    const refused = (status: number, fault: string) =>
      sendPage(reply, null, { ...loginPage({ fault, next, keys: true }), status });
    if (isForeign(request)) return refused(403, 'That login came from another site. Log in here.');
    try {
      const user = form.get('user')?.trim() ?? '';
      const organization = form.get('organization')?.trim() ?? '';
      if (!(await access.checkUser(request, user, organization))) {
        return refused(401, 'These are not a User and an Organization secret that belong together.');
      }
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 429) throw error;
      const seconds = error.retryAfter ?? 60;
      reply.header('retry-after', String(seconds));
      return refused(429, `There were too many wrong secrets from your address. Try again in ${seconds} seconds.`);
    }
    // Never the id that the browser came with: someone else might know it.
    sessions.end(sessionIdOf(request));
    setSessionCookie(request, reply, sessions.begin().id);
    return reply.redirect(next, 303);
  });

  app.post('/logout', async (request, reply) => {
    const session = sessions.find(sessionIdOf(request));
    const own = session === null || session.isFormToken(formOf(request).get(FORM_TOKEN));
    if (isForeign(request) || !own) return reply.redirect('/', 303);
    sessions.end(session?.id);
    clearSessionCookie(request, reply);
    return reply.redirect('/login', 303);
  });
}

function formOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

function loginPage({ fault, next, keys }: { fault: string | null; next: string; keys: boolean }): Page {
  return {
    title: 'Log in',
    body: html`<div class="narrow">
<h1>Log in</h1>
${keys ? null : html`<p class="callout">No key exists yet. Run <code>gmail-events serve keys create</code> on the server: it prints both secrets.</p>`}
${fault === null ? null : html`<p class="flash failed" id="fault" role="alert">${fault}</p>`}
<form method="post" action="/login" class="card fields">
<input type="hidden" name="next" value="${next}">
${secretField('user', 'User secret', fault)}
${secretField('organization', 'Organization secret', fault)}
<p class="help"><code>gmail-events serve keys create</code> makes them, and shows them once.</p>
<button class="main" data-busy="Logging in …">Log in</button>
</form>
</div>`,
  };
}

function secretField(name: string, label: string, fault: string | null) {
  return html`<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="password" autocomplete="current-password" spellcheck="false" required${fault && html` aria-describedby="fault"`}${name === 'user' && html` autofocus`}>
</div>`;
}
