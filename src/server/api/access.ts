import type { FastifyRequest } from 'fastify';
import type { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Context } from '../../core/context.js';
import { readInstances } from '../../core/instances/index.js';
import { equalSecrets, hashOf, isServerKey } from '../../core/server-keys/index.js';
import type { InstanceDocument } from '../../core/types.js';
import { ApiError } from './errors.js';

/** Wrong secrets of one address before it has to wait for the minute to end. */
export const FAILURES_A_MINUTE = 20;

/** The secrets of an Authorization header: `User x, Organization y` or `User x, Element z`, in any order. */
export interface Secrets {
  user?: string;
  organization?: string;
  element?: string;
}

const NAMES = new Map<string, keyof Secrets>([
  ['user', 'user'],
  ['organization', 'organization'],
  ['element', 'element'],
]);

export function parseAuthorization(header: string | undefined): Secrets {
  const secrets: Secrets = {};
  for (const part of (header ?? '').split(',')) {
    const [name = '', secret, ...more] = part.trim().split(/\s+/);
    const known = NAMES.get(name.toLowerCase());
    if (known !== undefined && secret !== undefined && more.length === 0) secrets[known] = secret;
  }
  return secrets;
}

/** Decides who calls. Every refusal is one of ApiError: 401, or 429 once an address has failed too often. */
export class Access {
  readonly #ctx: Context;
  readonly #failures: RateLimiterMemory;
  /** Hash of an instance token to the instance's id; a hit is always checked against the file. */
  #tokens = new Map<string, number>();

  constructor(ctx: Context, failures: RateLimiterMemory) {
    this.#ctx = ctx;
    this.#failures = failures;
  }

  /** A call with User and Organization. */
  async platform(request: FastifyRequest): Promise<void> {
    const { user, organization } = await this.#secrets(request);
    const right =
      user !== undefined && organization !== undefined && (await isServerKey(this.#ctx, user, organization));
    if (!right) await this.#refuse(request, 'Authorization needs the right User and Organization secrets');
  }

  /** A call with User and Element; the instance whose token it is. */
  async element(request: FastifyRequest): Promise<InstanceDocument> {
    const { user, element } = await this.#secrets(request);
    const message = 'Authorization needs the right User secret and Element token';
    if (user === undefined || !(await isServerKey(this.#ctx, user))) return this.#refuse(request, message);
    const instance = element === undefined ? null : await this.#instanceOf(element);
    // Whoever knows a User secret does not guess: an old client that goes on with the token of a deleted instance would
    // shut out its whole host.
    if (instance === null) throw new ApiError(401, message);
    return instance;
  }

  /** Either: null for User and Organization, who may reach every instance; clients send an Element token beside them. */
  async either(request: FastifyRequest): Promise<InstanceDocument | null> {
    const { organization, element } = parseAuthorization(request.headers.authorization);
    if (element !== undefined && organization === undefined) return this.element(request);
    await this.platform(request);
    return null;
  }

  /** The same limit for whoever enters a secret elsewhere, as on the page. */
  async checkUser(request: FastifyRequest, user: string, organization: string): Promise<boolean> {
    await this.#refuseTooMany(request);
    if (await isServerKey(this.#ctx, user, organization)) return true;
    await this.#count(request);
    return false;
  }

  async #secrets(request: FastifyRequest): Promise<Secrets> {
    await this.#refuseTooMany(request);
    return parseAuthorization(request.headers.authorization);
  }

  async #instanceOf(token: string): Promise<InstanceDocument | null> {
    const hash = hashOf(token);
    const known = await this.#checked(this.#tokens.get(hash), token);
    if (known !== null) return known;
    const { documents } = await readInstances(this.#ctx);
    this.#tokens = new Map(documents.map((document) => [hashOf(document.token), document.id]));
    return this.#checked(this.#tokens.get(hash), token);
  }

  /** The file counts, not what was remembered of it: it may be deleted by now. */
  async #checked(id: number | undefined, token: string): Promise<InstanceDocument | null> {
    const document = id === undefined ? null : await this.#ctx.store.instanceFiles.read(id);
    return document !== null && equalSecrets(document.token, token) ? document : null;
  }

  async #refuse(request: FastifyRequest, message: string): Promise<never> {
    await this.#count(request);
    throw new ApiError(401, message);
  }

  async #count(request: FastifyRequest): Promise<void> {
    // It rejects once the points are spent, which the next call is told.
    await this.#failures.consume(request.ip).catch(() => {});
  }

  async #refuseTooMany(request: FastifyRequest): Promise<void> {
    const spent = await this.#failures.get(request.ip);
    if (spent === null || spent.consumedPoints < FAILURES_A_MINUTE) return;
    throw new ApiError(429, 'too many wrong secrets from this address', {
      retryAfter: Math.ceil(spent.msBeforeNext / 1000),
    });
  }
}
