import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Incoming, readIncoming } from './incoming.js';
import { googleErrorPage, type Reply } from './reply.js';
import { writeReply } from './write.js';

export interface Listener {
  port: number;
  url: string;
  /** Ends every connection at once, hanging ones too. */
  close(): Promise<void>;
}

/**
 * Serves `answer` on the address. Rejects with the error of listen (EADDRINUSE, EACCES, ...).
 * An exception of `answer` is a fault of the sandbox itself: 500, its text in the body.
 */
export async function listen(options: {
  host: string;
  port: number;
  now: () => number;
  answer: (incoming: Incoming) => Promise<Reply>;
}): Promise<Listener> {
  const server = createServer((request, response) => {
    void (async () => {
      const incoming = await readIncoming(request);
      const reply =
        incoming === null
          ? googleErrorPage(413, 'Your client issued a request that was too large.')
          : await options.answer(incoming).catch((error: unknown) => googleErrorPage(500, `Sandbox: ${error}`));
      await writeReply(response, reply, options.now(), request.headers);
    })().catch(() => response.destroy());
  });
  // A poller's connections wait idle between polls; Google keeps them open for minutes.
  server.keepAliveTimeout = 240_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { port, url: `http://${host}:${port}`, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
