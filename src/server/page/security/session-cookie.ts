import type { FastifyReply, FastifyRequest } from 'fastify';

/** The prefix makes the browser refuse the cookie from anyone but this very host, over https. */
const SECURE_NAME = '__Host-gmail-events';
const PLAIN_NAME = 'gmail-events';

export function sessionIdOf(request: FastifyRequest): string | undefined {
  return request.cookies[nameFor(request)];
}

/** Lax, not Strict: the browser comes back from Google's consent page by a link of another site. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, id: string): void {
  reply.setCookie(nameFor(request), id, attributes(request));
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(nameFor(request), attributes(request));
}

function nameFor(request: FastifyRequest): string {
  return request.protocol === 'https' ? SECURE_NAME : PLAIN_NAME;
}

function attributes(request: FastifyRequest) {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: request.protocol === 'https' } as const;
}
