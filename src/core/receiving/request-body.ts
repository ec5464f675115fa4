import type { IncomingMessage } from 'node:http';

/**
 * The body's raw bytes; null when there are more than `limit`, the rest of which is then dropped as it comes. Rejects when
 * the connection ends before the body does.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    // Events rather than `for await`: leaving that loop early would close the connection before the refusal is sent.
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) parts.push(chunk);
      else {
        parts.length = 0;
        resolve(null);
      }
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('error', reject);
  });
}
