import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Incoming } from './incoming.js';
import type { Reply } from './reply.js';

const gzipped = promisify(gzip);

/** Google compresses only for a client that also says `gzip` in its User-Agent. */
function wantsGzip(headers: Incoming['headers']): boolean {
  return /\bgzip\b/.test(String(headers['accept-encoding'] ?? '')) && /gzip/.test(headers['user-agent'] ?? '');
}

/** Sends the reply with a Date header of the sandbox's clock (milliseconds). */
export async function writeReply(
  response: ServerResponse,
  reply: Reply,
  now: number,
  request: Incoming['headers'],
): Promise<void> {
  if (reply.kind === 'hang') return;
  if (reply.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.sendDate = false;
  const headers: Record<string, string | number> = {
    Date: new Date(now).toUTCString(),
    Server: 'ESF',
    Vary: 'Origin, X-Origin, Referer',
    'Cache-Control': 'private',
    ...reply.headers,
  };
  let body = reply.body;
  if (body.length > 0 && wantsGzip(request)) {
    body = await gzipped(body, { level: 1 });
    headers['Content-Encoding'] = 'gzip';
  }
  response.writeHead(reply.status, { ...headers, 'Content-Length': body.length });
  response.end(body);
}
