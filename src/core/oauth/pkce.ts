import { createHash } from 'node:crypto';
import type { Random } from '../ports.js';

/** RFC 7636, always S256: without a named method Google takes the challenge for the verifier itself. */
export interface Pkce {
  verifier: string;
  challenge: string;
}

export function createPkce(random: Pick<Random, 'bytes'>): Pkce {
  const verifier = secretText(random, 48);
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** Unguessable text that is safe in a URL. */
export function secretText(random: Pick<Random, 'bytes'>, bytes = 32): string {
  return Buffer.from(random.bytes(bytes)).toString('base64url');
}
