import { invalidArgument } from './errors.js';

/** An opaque token that needs no memory: what it stands for is in it. */
export function pageToken(method: string, place: Record<string, string | number>): string {
  return Buffer.from(JSON.stringify([method, place])).toString('base64url');
}

/** @throws GmailRefusal 400 for a token of another method, or none of ours. */
export function readPageToken(method: string, token: string): Record<string, string | number> {
  try {
    const [ofMethod, place] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [
      string,
      Record<string, string>,
    ];
    if (ofMethod === method) return place;
  } catch {
    // Falls through to the one answer for all of them.
  }
  throw invalidArgument('Invalid pageToken', 'badRequest');
}
