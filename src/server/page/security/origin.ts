import type { FastifyRequest } from 'fastify';

/** The server as the browser sees it, its proxy included. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}

/**
 * Whether a form was sent from another site. With the referrer policy `no-referrer` a browser says `Origin: null` of our own
 * forms, and only Sec-Fetch-Site tells them apart, which browsers leave out on plain http: what neither header calls foreign
 * is left to the token of the session.
 */
export function isForeign(request: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  return origin !== undefined && origin !== 'null' && origin !== originOf(request);
}
