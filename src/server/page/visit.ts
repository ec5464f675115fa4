import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../../core/context.js';
import type { ServerWorld } from '../world.js';
import type { Html } from './html.js';
import type { Session } from './security/sessions.js';
import type { Work } from './work.js';

/** One request of someone who is logged in. */
export interface Visit {
  world: ServerWorld;
  ctx: Context;
  request: FastifyRequest;
  reply: FastifyReply;
  session: Session;
  work: Work;
  /** Milliseconds. */
  now: number;
  /** The server as the browser sees it. */
  origin: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Empty for a GET. */
  form: URLSearchParams;
}

/** What is shown: the layout puts the rest around it. */
export interface Page {
  title: string;
  body: Html;
  /** 200 */
  status?: number;
  /** The entry of the navigation that this page is. */
  current?: 'instances' | 'new';
}

/** Thrown where an address names nothing. */
export class NotFound extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'NotFound';
  }
}
