import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type Phase = 'before' | 'unanswered' | 'answered';

export interface Hooked {
  url: string;
  /** How many requests have come since the last reset. */
  count: number;
  /** Called for each request: before it is passed on, when the answer is there but not yet sent, and after it was sent. */
  hook: (number: number, phase: Phase, path: string) => void;
  close(): Promise<void>;
}

/** Passes every request on to `target` unchanged and tells the hook where it stands: the place to kill a process at. */
export async function startProxy(target: string): Promise<Hooked> {
  const proxy: Hooked = { url: '', count: 0, hook: () => {}, close: async () => {} };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing, new URL(target), proxy).catch(() => outgoing.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  proxy.close = () =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return proxy;
}

async function pass(incoming: IncomingMessage, outgoing: ServerResponse, target: URL, proxy: Hooked): Promise<void> {
  const number = ++proxy.count;
  const path = incoming.url ?? '/';
  const body = await buffer(incoming);
  proxy.hook(number, 'before', path);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const forward = send(
      {
        host: target.hostname,
        port: target.port,
        path,
        method: incoming.method,
        headers: incoming.headers,
        agent: false,
      },
      resolve,
    );
    forward.on('error', reject);
    forward.end(body);
  });
  const bytes = await buffer(answer);
  proxy.hook(number, 'unanswered', path);
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  outgoing.end(bytes, () => proxy.hook(number, 'answered', path));
}
